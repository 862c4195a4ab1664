namespace Intaglio.Checkpoints;

/// <summary>
/// Collects what does not fit between a checkpoint and a model, so that all of it is told at once: what config.json contradicts, then the tensors.
/// </summary>
/// <param name="configuration">The config.json.</param>
/// <param name="contradictions">What it contradicts, the most telling first.</param>
internal sealed class MismatchReport(string configuration, IReadOnlyList<ConfigurationDifference> contradictions)
{
    // Enough to see the pattern; a model of another depth differs in hundreds of tensors.
    private const int Shown = 8;

    private readonly List<string> _missing = [];
    private readonly List<string> _unexpected = [];
    private readonly List<string> _different = [];
    private readonly OtherPrefixes _otherPrefixes = new();
    private (string Key, string Expected, string Actual)? _first;

    /// <summary>Notes a parameter that has no tensor.</summary>
    /// <param name="name">The tensor's name as transformers writes it.</param>
    /// <param name="bare">The same without a prefix.</param>
    /// <param name="shape">Its shape.</param>
    public void Missing(string name, string bare, string shape)
    {
        _missing.Add($"{name} {shape}");
        _otherPrefixes.Expect(bare);
        _first ??= (name, shape, "nothing");
    }

    /// <summary>Notes a tensor that the model has no place for, after all that are missing.</summary>
    public void Unexpected(SafetensorsTensor tensor)
    {
        _unexpected.Add(_unexpected.Count < Shown ? $"{tensor}" : "");
        _otherPrefixes.Find(tensor.Name);
        _first ??= (tensor.Name, "nothing", $"{tensor.Type} {ShapeText.Of(tensor.Shape)}");
    }

    /// <summary>Notes a tensor of the right name.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="where">Which of several files has it, in words; empty where there is one.</param>
    /// <param name="declared">What the model declares.</param>
    /// <param name="found">What the file has.</param>
    public void Different(string tensor, string where, string declared, string found)
    {
        _different.Add($"{Excerpt.Of(tensor)}{where}: the model declares {declared}, the file has {found}");
        _first ??= (tensor, declared, found);
    }

    /// <summary>Ends a comparison of configurations alone.</summary>
    /// <exception cref="CheckpointException">The configuration contradicts the model.</exception>
    public void ThrowIfAny() => ThrowIfAny(configuration);

    /// <summary>Ends the comparison.</summary>
    /// <param name="weights">The file that stands for all tensors.</param>
    /// <exception cref="CheckpointException">Something does not fit.</exception>
    public void ThrowIfAny(string weights)
    {
        var tensors = string.Join("; ", [.. Cut(_different), .. List("missing", _missing), .. List("unexpected", _unexpected), .. _otherPrefixes.Found()]);
        var ofTensors = $"the tensors are not this model's. {tensors}";
        if (contradictions is [var worst, ..])
        {
            string[] ofConfiguration = [.. Cut([.. contradictions.Select(contradiction => $"{contradiction}")])];
            var rest = _first is null ? "" : $"; {Path.GetFileName(weights)}: {ofTensors}";
            throw new CheckpointException(configuration, worst.Key, worst.Declared, worst.Found, string.Join("; ", ofConfiguration) + rest);
        }

        if (_first is var (key, expected, actual))
            throw new CheckpointException(weights, key, expected, actual, ofTensors);
    }

    private static IEnumerable<string> List(string title, List<string> names) =>
        names.Count == 0 ? [] : [$"{title}: {string.Join(", ", Cut(names))}"];

    private static IEnumerable<string> Cut(List<string> items) =>
        items.Count <= Shown ? items : items.Take(Shown).Append($"and {items.Count - Shown} more");
}
