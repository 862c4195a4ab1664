using System.Buffers;
using Intaglio.Numerics;

namespace Intaglio.Checkpoints;

/// <summary>Loads a model: everything is checked before the first weight is written.</summary>
internal static class CheckpointLoader
{
    /// <summary>Loads any checkpoint; one of a run has hashes, by which its files are checked first.</summary>
    public static void Load(LanguageModel model, string directory)
    {
        CheckFiles(directory);
        if (CheckpointManifest.IsIn(directory))
            CheckpointManifest.Read(directory).Verify(directory, CheckpointDirectory.ConfigurationName, CheckpointDirectory.WeightsName);

        LoadFiles(model, directory);
    }

    /// <summary>Loads files that are there and whole.</summary>
    public static void LoadFiles(LanguageModel model, string directory)
    {
        ConfigurationFile.Check(CheckpointDirectory.Configuration(directory), model.Description.Configuration);

        using var reader = SafetensorsReader.Open(CheckpointDirectory.Weights(directory));
        foreach (var (parameter, tensor) in Match(reader, model.Description))
            ReadTensor(model, reader, parameter, tensor);
    }

    private static void CheckFiles(string directory)
    {
        if (!Directory.Exists(directory))
            throw new CheckpointException(directory, null, "a directory", File.Exists(directory) ? "a file" : "nothing", $"a checkpoint is a directory with {CheckpointDirectory.WeightsName} and {CheckpointDirectory.ConfigurationName}; this is {(File.Exists(directory) ? "a file" : "not there")}");

        var weights = CheckpointDirectory.Weights(directory);
        if (!File.Exists(weights))
            throw new CheckpointException(weights, null, "the weights", "nothing", $"the file is not there{Instead(directory)}");

        var configuration = CheckpointDirectory.Configuration(directory);
        if (!File.Exists(configuration))
            throw new CheckpointException(configuration, null, "the configuration", "nothing", "the file is not there; where a save was interrupted, save again");
    }

    private static string Instead(string directory)
    {
        if (RunDirectory.Checkpoints(directory) is [.., var newest])
            return $"; this is the directory of a run: load one of its checkpoints, such as {newest.Path}";
        if (File.Exists(CheckpointDirectory.Weights(directory) + ".index.json"))
            return "; the checkpoint is split over several files, which is not supported: save it as one (save_pretrained with a max_shard_size above its size)";
        if (File.Exists(Path.Combine(directory, "pytorch_model.bin")))
            return "; there is a pytorch_model.bin, which is not supported: save it with safe_serialization=True";
        return "";
    }

    private static List<(Parameter Parameter, SafetensorsTensor Tensor)> Match(SafetensorsReader reader, ModelDescription description)
    {
        var matches = new List<(Parameter, SafetensorsTensor)>();
        var mismatches = new MismatchReport(reader.Path);
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var parameter in description.Parameters.Parameters())
        {
            if (!TensorNames.TryFind(reader, description, parameter.Name, out var tensor))
            {
                mismatches.Missing(TensorNames.Saved(description, parameter.Name), ShapeText.Of(parameter.Entry.Shape));
                continue;
            }

            used.Add(tensor.Name);
            matches.Add((parameter, tensor));
            if (!tensor.Shape.SequenceEqual(parameter.Entry.Shape.Select(side => (long)side)))
                mismatches.Different(tensor.Name, ShapeText.Of(parameter.Entry.Shape), ShapeText.Of(tensor.Shape));
            if (!TensorTypes.IsReadable(tensor.Type))
                mismatches.Different(tensor.Name, "F32, F16 or BF16", tensor.Type);
        }

        foreach (var tensor in reader.Tensors.Where(tensor => !used.Contains(tensor.Name) && !TensorNames.IsIgnored(description, tensor.Name)))
            mismatches.Unexpected(tensor);

        mismatches.ThrowIfAny();
        return matches;
    }

    private static void ReadTensor(LanguageModel model, SafetensorsReader reader, Parameter parameter, SafetensorsTensor tensor)
    {
        var buffer = ArrayPool<float>.Shared.Rent(CheckpointDirectory.ChunkElements);
        for (var start = 0L; start < tensor.Count; start += CheckpointDirectory.ChunkElements)
        {
            var chunk = buffer.AsSpan(0, (int)Math.Min(CheckpointDirectory.ChunkElements, tensor.Count - start));
            reader.Read(tensor, chunk, start);
            model.StoreWeights(parameter.Offset + start, chunk);
        }

        ArrayPool<float>.Shared.Return(buffer);
    }
}
