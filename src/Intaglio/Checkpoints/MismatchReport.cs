namespace Intaglio.Checkpoints;

/// <summary>Collects what does not fit between a file's tensors and a model's, so that all of it is told at once.</summary>
internal sealed class MismatchReport(string file)
{
    // Enough to see the pattern; a model of another depth differs in hundreds of tensors.
    private const int Shown = 8;

    private readonly List<string> _missing = [];
    private readonly List<string> _unexpected = [];
    private readonly List<string> _different = [];
    private (string Key, string Expected, string Actual)? _first;

    public void Missing(string name, string shape)
    {
        _missing.Add($"{name} {shape}");
        _first ??= (name, shape, "nothing");
    }

    public void Unexpected(SafetensorsTensor tensor)
    {
        _unexpected.Add(_unexpected.Count < Shown ? $"{tensor}" : "");
        _first ??= (tensor.Name, "nothing", $"{tensor.Type} {ShapeText.Of(tensor.Shape)}");
    }

    public void Different(string name, string declared, string found)
    {
        _different.Add($"{name}: the model declares {declared}, the file has {found}");
        _first ??= (name, declared, found);
    }

    public void ThrowIfAny()
    {
        if (_first is not var (key, expected, actual))
            return;

        string[] parts = [.. _different.Take(Shown), .. More(_different), .. List("missing", _missing), .. List("unexpected", _unexpected)];
        throw new CheckpointException(file, key, expected, actual, $"the tensors are not this model's. {string.Join("; ", parts)}");
    }

    private static IEnumerable<string> List(string title, List<string> names) =>
        names.Count == 0 ? [] : [$"{title}: {string.Join(", ", names.Take(Shown).Concat(More(names)))}"];

    private static IEnumerable<string> More(List<string> items) =>
        items.Count <= Shown ? [] : [$"and {items.Count - Shown} more"];
}
