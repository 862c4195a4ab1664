using System.Buffers;
using Intaglio.Numerics;

namespace Intaglio.Checkpoints;

/// <summary>Loads a model: everything is checked before the first weight is written, and no more than a chunk of a tensor is in memory besides the weights.</summary>
internal static class CheckpointLoader
{
    private const int ChunkBytes = CheckpointDirectory.ChunkElements * sizeof(float);

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
        var configuration = CheckpointDirectory.Configuration(directory);
        var contradictions = ConfigurationFile.Differences(configuration, model.Description.Configuration);
        using var files = WeightFiles.Open(directory);
        var matches = Match(files, model.Description, new(configuration, contradictions));
        RequireTies(files, model.Description, matches);
        foreach (var (parameter, stored) in matches)
        {
            if (stored.Tensor.Type == model.StorageType)
                CopyTensor(model, parameter, stored);
            else
                ConvertTensor(model, parameter, stored);
        }
    }

    private static void CheckFiles(string directory)
    {
        if (!Directory.Exists(directory))
            throw new CheckpointException(directory, null, "a directory", File.Exists(directory) ? "a file" : "nothing", $"a checkpoint is a directory with {CheckpointDirectory.WeightsName} and {CheckpointDirectory.ConfigurationName}; this is {(File.Exists(directory) ? "a file" : "not there")}");

        var weights = CheckpointDirectory.Weights(directory);
        if (!File.Exists(weights) && !File.Exists(CheckpointDirectory.Index(directory)))
            throw new CheckpointException(weights, null, "the weights", "nothing", $"the file is not there, and no {CheckpointDirectory.IndexName} either{Instead(directory)}");

        var configuration = CheckpointDirectory.Configuration(directory);
        if (!File.Exists(configuration))
            throw new CheckpointException(configuration, null, "the configuration", "nothing", "the file is not there; where a save was interrupted, save again");
    }

    private static string Instead(string directory)
    {
        if (RunDirectory.Checkpoints(directory) is [.., var newest])
            return $"; this is the directory of a run: load one of its checkpoints, such as {newest.Path}";
        if (Directory.EnumerateFiles(directory).Select(path => Path.GetFileName(path)).FirstOrDefault(Shard.IsName) is { } shard)
            return $"; there is a {shard} without its index: copy that, too, or, where a save was interrupted, save again";
        if (Directory.EnumerateFiles(directory, "pytorch_model*.bin*").FirstOrDefault() is { } pickle)
            return $"; there is a {Path.GetFileName(pickle)}, which is not supported: save it with safe_serialization=True";
        return "";
    }

    private static List<(Parameter Parameter, StoredTensor Stored)> Match(WeightFiles files, ModelDescription description, MismatchReport mismatches)
    {
        var matches = new List<(Parameter, StoredTensor)>();
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var parameter in description.Parameters.Parameters())
        {
            StoredTensor[] found = [.. TensorNames.Find(files, description, parameter.Name)];
            used.UnionWith(found.Select(stored => stored.Tensor.Name));
            switch (found)
            {
                case []:
                    mismatches.Missing(TensorNames.Saved(description, parameter.Name), parameter.Name, ShapeText.Of(parameter.Entry.Shape));
                    break;
                case [var stored]:
                    matches.Add((parameter, stored));
                    Compare(stored, parameter.Entry.Shape, mismatches, files.IsSharded);
                    break;
                case [var prefixed, var bare, ..]:
                    mismatches.Different(bare.Tensor.Name, Where(bare, files.IsSharded), $"{prefixed.Tensor.Name} or {bare.Tensor.Name}", "both, and which one is meant cannot be told");
                    break;
            }
        }

        foreach (var stored in files.Tensors.Where(stored => !used.Contains(stored.Tensor.Name)))
        {
            if (!TensorNames.IsIgnored(description, stored.Tensor.Name))
                mismatches.Unexpected(stored.Tensor);
            else if (TensorNames.IsTiedHead(description, stored.Tensor.Name) && TokenEmbedding(description) is { } embedding)
                Compare(stored, embedding.Shape, mismatches, files.IsSharded);
        }

        mismatches.ThrowIfAny(files.Path);
        return matches;
    }

    private static void Compare(StoredTensor stored, int[] shape, MismatchReport mismatches, bool isSharded)
    {
        var tensor = stored.Tensor;
        if (!tensor.Shape.SequenceEqual(shape.Select(side => (long)side)))
            mismatches.Different(tensor.Name, Where(stored, isSharded), ShapeText.Of(shape), ShapeText.Of(tensor.Shape));
        if (!TensorTypes.IsReadable(tensor.Type))
            mismatches.Different(tensor.Name, Where(stored, isSharded), "F32, F16 or BF16", tensor.Type);
    }

    private static string Where(StoredTensor stored, bool isSharded) => isSharded ? $" in {Excerpt.Of(stored.FileName)}" : "";

    private static void RequireTies(WeightFiles files, ModelDescription description, List<(Parameter Parameter, StoredTensor Stored)> matches)
    {
        var embedding = TokenEmbedding(description);
        foreach (var head in files.Tensors.Where(stored => TensorNames.IsTiedHead(description, stored.Tensor.Name)))
        {
            if (matches.Find(match => match.Parameter.Entry == embedding).Stored is { } stored)
                TiedHead.RequireEqual(head, stored);
        }
    }

    // The embedding that has a row for each token.
    private static ParameterEntry? TokenEmbedding(ModelDescription description) =>
        description.Parameters.Entries.FirstOrDefault(entry => entry.Segment == Segment.Embedding && entry.Shape.Length == 2 && entry.Shape[0] == description.VocabularySize);

    // Of one type on both sides: bits are copied as they are, on a CPU from the file to their place.
    private static void CopyTensor(LanguageModel model, Parameter parameter, StoredTensor stored)
    {
        var place = parameter.Offset * LanguageModel.BytesPerWeight(model.Description.Format);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        for (var start = 0L; start < stored.Tensor.Bytes; start += ChunkBytes)
        {
            var count = (int)Math.Min(ChunkBytes, stored.Tensor.Bytes - start);
            var chunk = model.Weights is CpuBuffer memory ? memory.Range(place + start, count) : buffer.AsSpan(0, count);
            stored.File.ReadData(stored.Tensor, chunk, start);
            if (model.Weights is not CpuBuffer)
                model.Weights.Write<byte>(chunk, place + start);
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    private static void ConvertTensor(LanguageModel model, Parameter parameter, StoredTensor stored)
    {
        var buffer = ArrayPool<float>.Shared.Rent(CheckpointDirectory.ChunkElements);
        for (var start = 0L; start < stored.Tensor.Count; start += CheckpointDirectory.ChunkElements)
        {
            var chunk = buffer.AsSpan(0, (int)Math.Min(CheckpointDirectory.ChunkElements, stored.Tensor.Count - start));
            stored.File.Read(stored.Tensor, chunk, start);
            model.StoreWeights(parameter.Offset + start, chunk);
        }

        ArrayPool<float>.Shared.Return(buffer);
    }
}
