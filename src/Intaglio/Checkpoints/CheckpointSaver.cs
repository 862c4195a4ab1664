using System.Buffers;
using Intaglio.Numerics;

namespace Intaglio.Checkpoints;

/// <summary>
/// Saves a model so that at every moment its directory holds a whole checkpoint or none. Both files are complete on the disk before either gets its name.
/// Where the directory's present configuration describes the same model, renaming the weights is the whole change, and either configuration fits either
/// weights. Where it describes another one, it is removed first and the new one comes last: weights without a configuration are refused when read.
/// </summary>
internal static class CheckpointSaver
{
    public static void Save(LanguageModel model, string directory)
    {
        try
        {
            if (CheckpointManifest.IsIn(directory))
                throw new CheckpointException(directory, null, "a directory that is no run's checkpoint", CheckpointManifest.FileName, "this is a run's checkpoint, whose hashes would no longer hold; save the model in another directory");

            var isNew = !Directory.Exists(directory);
            Directory.CreateDirectory(directory);
            try
            {
                SaveFiles(model, directory);
            }
            catch when (isNew)
            {
                Directory.Delete(directory);
                throw;
            }
        }
        catch (Exception fault) when (FileFault.IsOfWriting(fault))
        {
            throw new CheckpointException(directory, null, "a directory that can be written", fault.Message, $"the model cannot be saved here: {fault.Message}", fault);
        }
    }

    private static void SaveFiles(LanguageModel model, string directory)
    {
        var configurationPath = CheckpointDirectory.Configuration(directory);
        using var configuration = new AtomicFile(configurationPath);
        configuration.Stream.Write(ConfigurationFile.Content(model.Description.Configuration));
        configuration.Complete();

        using var weights = new SafetensorsWriter(CheckpointDirectory.Weights(directory), Entries(model.Description));
        WriteWeights(model, weights);
        weights.Complete();

        if (!ConfigurationFile.Agrees(configurationPath, model.Description.Configuration))
        {
            File.Delete(configurationPath);
            AtomicFile.FlushDirectory(directory);
        }

        weights.Commit();
        configuration.Commit();
    }

    /// <summary>Writes model.safetensors as a run's checkpoint has it: the file that <see cref="Save"/> writes, without its care for the name.</summary>
    public static void WriteWeights(LanguageModel model, Stream stream)
    {
        using var weights = new SafetensorsWriter(stream, Entries(model.Description));
        WriteWeights(model, weights);
        weights.Complete();
    }

    private static SafetensorsEntry[] Entries(ModelDescription description) =>
    [
        .. description.Parameters.Parameters().Select(parameter => new SafetensorsEntry(
            TensorNames.Saved(description, parameter.Name),
            TensorTypes.Of(description.Format),
            [.. parameter.Entry.Shape.Select(side => (long)side)])),
    ];

    // The storage format and the file's are one, so bytes are copied as they are.
    private static void WriteWeights(LanguageModel model, SafetensorsWriter writer)
    {
        var bytesPerWeight = LanguageModel.BytesPerWeight(model.Description.Format);
        var buffer = ArrayPool<byte>.Shared.Rent(CheckpointDirectory.ChunkElements * bytesPerWeight);
        foreach (var parameter in model.Description.Parameters.Parameters())
        {
            var offset = parameter.Offset * bytesPerWeight;
            var end = offset + (parameter.Entry.Count * bytesPerWeight);
            while (offset < end)
            {
                var chunk = buffer.AsSpan(0, (int)Math.Min(CheckpointDirectory.ChunkElements * bytesPerWeight, end - offset));
                model.Weights.Read(chunk, offset);
                writer.Write<byte>(chunk);
                offset += chunk.Length;
            }
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }
}
