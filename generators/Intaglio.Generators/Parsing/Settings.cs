using Intaglio.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Intaglio.Generators.Parsing;

/// <summary>One argument that is set.</summary>
/// <param name="Value">Its value; the number of an enum's.</param>
/// <param name="Owner">The class whose attribute sets it.</param>
/// <param name="Attribute">That attribute.</param>
/// <param name="Argument">The argument's name.</param>
internal sealed record Setting(object Value, INamedTypeSymbol Owner, AttributeData Attribute, string Argument);

/// <summary>What a declaration sets, keyed as <c>Attention.Heads</c>: its own arguments over those of the model that it is based on.</summary>
/// <param name="type">The class.</param>
/// <param name="values">What is set.</param>
/// <param name="basedOn">The attribute that names another model, where there is one.</param>
internal sealed class Settings(INamedTypeSymbol type, IReadOnlyDictionary<string, Setting> values, AttributeData? basedOn)
{
    /// <summary>The value set, or a default.</summary>
    public T Get<T>(string key, T otherwise) => values.TryGetValue(key, out var setting) && setting.Value is T value ? value : otherwise;

    /// <summary>Whether an argument is set, here or in a model that this one is based on.</summary>
    public bool IsSet(string key) => values.ContainsKey(key);

    /// <summary>The class that sets an argument; null where none does.</summary>
    public INamedTypeSymbol? OwnerOf(string key) => values.TryGetValue(key, out var setting) ? setting.Owner : null;

    /// <summary>Whether the class itself sets an argument, rather than one that it is based on.</summary>
    public bool IsOwn(string key) => values.TryGetValue(key, out var setting) && IsOwn(setting);

    /// <summary>
    /// Where to report a mistake that several arguments make together: at the first that the class itself sets. Null where it sets none of them: then
    /// the model that it is based on makes the same mistake, which is reported there, unless that model is not in this compilation.
    /// </summary>
    public Location? LocationOf(CancellationToken cancellation, params string[] keys)
    {
        if (OwnLocationOf(cancellation, keys) is { } own)
            return own;

        var set = keys.Where(values.ContainsKey).Select(key => values[key]);
        var isElsewhere = set.Any(setting => setting.Owner.DeclaringSyntaxReferences.IsEmpty);
        return isElsewhere ? basedOn?.ApplicationSyntaxReference?.GetSyntax(cancellation).GetLocation() : null;
    }

    /// <summary>The first argument that the class itself sets; null where it sets none of them.</summary>
    public Location? OwnLocationOf(CancellationToken cancellation, params string[] keys) =>
        keys.FirstOrDefault(IsOwn) is { } own ? Locate(values[own], cancellation) : null;

    /// <summary>What removing an argument needs; nothing where the class itself does not set it.</summary>
    public Remedy Remove(params string[] keys) => new() { Removals = [.. keys.Where(IsOwn)] };

    private bool IsOwn(Setting setting) => SymbolEqualityComparer.Default.Equals(setting.Owner, type);

    /// <summary>The argument itself; named ones by their name, the others by their place, which is the first.</summary>
    private static Location? Locate(Setting setting, CancellationToken cancellation)
    {
        var attribute = setting.Attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) as AttributeSyntax;
        var arguments = attribute?.ArgumentList?.Arguments.ToList() ?? [];
        var argument = arguments.FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == setting.Argument)
            ?? arguments.FirstOrDefault(argument => argument.NameEquals is null);
        return (argument ?? (SyntaxNode?)attribute)?.GetLocation();
    }
}
