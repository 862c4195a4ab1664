using System.Diagnostics.CodeAnalysis;

namespace Intaglio.Checkpoints;

/// <summary>How a model's tensors are named in files: with a prefix where transformers writes one, with or without it when read.</summary>
internal static class TensorNames
{
    private const string Layer = "{layer}";

    /// <summary>The name under which a parameter is saved.</summary>
    public static string Saved(ModelDescription description, string name) =>
        description.UnprefixedTensors.Contains(name) ? name : description.CheckpointPrefix + name;

    /// <summary>The name without the prefix.</summary>
    public static string Bare(ModelDescription description, string name) =>
        name.StartsWith(description.CheckpointPrefix, StringComparison.Ordinal) ? name[description.CheckpointPrefix.Length..] : name;

    /// <summary>Finds a parameter's tensor under either of its names.</summary>
    /// <exception cref="CheckpointException">The file has both.</exception>
    public static bool TryFind(SafetensorsReader reader, ModelDescription description, string name, [NotNullWhen(true)] out SafetensorsTensor? tensor)
    {
        var prefixed = description.CheckpointPrefix + name;
        if (!reader.TryGet(prefixed, out tensor))
            return reader.TryGet(name, out tensor);
        if (prefixed != name && reader.TryGet(name, out _))
            throw new CheckpointException(reader.Path, name, $"{prefixed} or {name}", "both", $"{name}: the file has both {prefixed} and {name}; which one is meant cannot be told");
        return true;
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
