namespace Intaglio.Checkpoints;

/// <summary>How a model's tensors are named in files: with a prefix where transformers writes one, with or without it when read.</summary>
internal static class TensorNames
{
    private const string Layer = "{layer}";

    /// <summary>The name under which a parameter is saved.</summary>
    public static string Saved(ModelDescription description, string name) =>
        description.IsBaseModel || description.UnprefixedTensors.Contains(name) ? name : description.CheckpointPrefix + name;

    /// <summary>The name without the prefix.</summary>
    public static string Bare(ModelDescription description, string name) =>
        name.StartsWith(description.CheckpointPrefix, StringComparison.Ordinal) ? name[description.CheckpointPrefix.Length..] : name;

    /// <summary>The tensors that a file has under a parameter's names: that with the prefix, that without, or both.</summary>
    public static IEnumerable<StoredTensor> Find(WeightFiles files, ModelDescription description, string name)
    {
        var prefixed = description.CheckpointPrefix + name;
        if (files.TryGet(prefixed, out var tensor))
            yield return tensor;
        if (prefixed != name && files.TryGet(name, out tensor))
            yield return tensor;
    }

    /// <summary>Whether a tensor that is ignored is the matrix of a head, which some writers store beside the embedding that it is tied to.</summary>
    public static bool IsTiedHead(ModelDescription description, string name)
    {
        var bare = Bare(description, name);
        return bare.EndsWith(".weight", StringComparison.Ordinal) && description.UnprefixedTensors.Contains(bare) && description.IgnoredTensors.Contains(bare);
    }

    /// <summary>Whether a tensor that the model has no place for is one that other writers are known to store.</summary>
    public static bool IsIgnored(ModelDescription description, string name)
    {
        var bare = Bare(description, name);
        return description.IgnoredTensors.Any(pattern => Matches(pattern, bare));
    }

    // The pattern's one {layer} stands for digits.
    private static bool Matches(string pattern, string name)
    {
        var at = pattern.IndexOf(Layer, StringComparison.Ordinal);
        if (at < 0)
            return pattern == name;

        var before = pattern.AsSpan(0, at);
        var after = pattern.AsSpan(at + Layer.Length);
        return name.Length > before.Length + after.Length
            && name.AsSpan().StartsWith(before, StringComparison.Ordinal)
            && name.AsSpan().EndsWith(after, StringComparison.Ordinal)
            && !name.AsSpan(at..^after.Length).ContainsAnyExceptInRange('0', '9');
    }
}
