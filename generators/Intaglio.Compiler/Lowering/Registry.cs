namespace Intaglio.Compiler;

/// <summary>Names the structs and entry points of a model: equal ones share a name, different ones that ask for the same get a suffix.</summary>
internal sealed class Registry
{
    // A struct of such a name inside the class would hide the type that the class's own [Block] method means.
    private static readonly HashSet<string> Hidden = ["Tensor", "Norm", "SelfAttention", "CrossAttention", "FeedForward", "Linear"];

    private readonly List<NamedDefinition> _definitions = [];
    private readonly List<KernelEntry> _kernels = [];

    public IReadOnlyList<NamedDefinition> Definitions => _definitions;

    public IReadOnlyList<KernelEntry> Kernels => _kernels;

    /// <summary>The definition that asked for a name first; null where none did.</summary>
    public NamedDefinition? Find(string name) => _definitions.FirstOrDefault(other => other.Name == Free(name));

    /// <summary>The name under which the definition is emitted.</summary>
    public string Define(string name, Definition definition, string suffix = "")
    {
        foreach (var candidate in Candidates(Free(name), suffix))
        {
            var existing = _definitions.FirstOrDefault(other => other.Name == candidate);
            if (existing is null)
                _definitions.Add(new(candidate, definition));
            else if (!existing.Definition.Equals(definition))
                continue;

            return candidate;
        }

        throw new InvalidOperationException("Candidates have no end.");
    }

    /// <summary>The name of an entry point.</summary>
    public string Kernel(KernelEntry entry)
    {
        if (!_kernels.Any(other => other.Name == entry.Name))
            _kernels.Add(entry);

        return entry.Name;
    }

    private static string Free(string name) => Hidden.Contains(name) ? name + "Shape" : name;

    private static IEnumerable<string> Candidates(string name, string suffix)
    {
        yield return name;
        if (suffix.Length > 0)
            yield return name + suffix;

        for (var number = 2; ; number++)
            yield return name + suffix + Literal.Plain(number);
    }
}
