using Intaglio.Compiler;
using Intaglio.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Location = Microsoft.CodeAnalysis.Location;

namespace Intaglio.Generators.Parsing;

/// <summary>One argument that is set.</summary>
/// <param name="Value">Its value; the number of an enum's.</param>
/// <param name="Owner">The class whose attribute sets it.</param>
/// <param name="Attribute">That attribute.</param>
/// <param name="Argument">The argument's name.</param>
internal sealed record Setting(object Value, INamedTypeSymbol Owner, AttributeData Attribute, string Argument);

/// <summary>What a declaration sets, keyed as <c>Attention.Heads</c>: its own arguments over those of the model that it is based on.</summary>
/// <param name="chain">The class, the one that it is based on, and so on.</param>
/// <param name="values">What is set.</param>
/// <param name="defaults">What a family's attribute or an architecture's file stands for, where there is one: below all that is set.</param>
/// <param name="basedOn">The attribute that names another model, where there is one.</param>
internal sealed class Settings(IReadOnlyList<INamedTypeSymbol> chain, IReadOnlyDictionary<string, Setting> values, Defaults? defaults, AttributeData? basedOn)
{
    /// <summary>The class, the one that it is based on, and so on.</summary>
    public IReadOnlyList<INamedTypeSymbol> Chain => chain;

    /// <summary>The value set, or a default.</summary>
    public T Get<T>(string key, T otherwise) =>
        values.TryGetValue(key, out var setting) && setting.Value is T value ? value
        : defaults is not null && defaults.Values.TryGetValue(key, out var usual) && usual is T own ? own
        : otherwise;

    /// <summary>The value set for a part of the model, for all of it, or a default; what an attribute sets for all stands above what a file does for a part.</summary>
    public T Get<T>(AppliesTo part, string key, T otherwise)
    {
        var own = Keys.In(key, part);
        return values.ContainsKey(key) && !values.ContainsKey(own) ? Get(key, otherwise) : Get(own, Get(key, otherwise));
    }

    /// <summary>Whether an argument is set, here, in a model that this one is based on, or by a family or a file.</summary>
    public bool IsSet(string key) => values.ContainsKey(key) || defaults?.Values.ContainsKey(key) == true;

    /// <summary>Whether all that was to be read could be: else what is missing makes mistakes that nobody made.</summary>
    public bool AreComplete => defaults?.AreComplete != false;

    /// <summary>The file of the class's own that says what attributes do not, with the attribute that names it; null where there is none.</summary>
    public (string Path, Location? Attribute)? File => defaults?.File is { } path ? (path, defaults.Attribute) : null;

    /// <summary>The class that sets an argument; null where none does.</summary>
    public INamedTypeSymbol? OwnerOf(string key) => values.TryGetValue(key, out var setting) ? setting.Owner : null;

    /// <summary>The arguments that the class itself sets.</summary>
    public IEnumerable<string> OwnKeys => values.Keys.Where(IsOwn);

    /// <summary>Whether the class itself sets an argument, rather than one that it is based on.</summary>
    public bool IsOwn(string key) => values.TryGetValue(key, out var setting) && IsOwn(setting);

    /// <summary>
    /// Where to report a mistake that several arguments make together: at the first that the class itself sets, or else at the first that its file does. Null where neither sets
    /// one of them: then the model that it is based on makes the same mistake, which is reported there, unless that model is not in this compilation.
    /// </summary>
    public Location? LocationOf(CancellationToken cancellation, params string[] keys)
    {
        if (OwnLocationOf(cancellation, keys) is { } own)
            return own;

        if (keys.Any(key => !values.ContainsKey(key)) && defaults?.LocationOf(keys.Where(key => !values.ContainsKey(key))) is { } inFile)
            return inFile;

        var set = keys.Where(values.ContainsKey).Select(key => values[key]);
        var isElsewhere = set.Any(setting => setting.Owner.DeclaringSyntaxReferences.IsEmpty);
        return isElsewhere ? basedOn?.ApplicationSyntaxReference?.GetSyntax(cancellation).GetLocation() : null;
    }

    /// <summary>The first argument that the class itself sets; null where it sets none of them.</summary>
    public Location? OwnLocationOf(CancellationToken cancellation, params string[] keys) =>
        keys.FirstOrDefault(IsOwn) is { } own ? Locate(values[own], cancellation) : null;

    /// <summary>What removing an argument needs; nothing where the class itself does not set it.</summary>
    public Remedy Remove(params string[] keys) => new() { Removals = [.. keys.Where(IsOwn)] };

    private bool IsOwn(Setting setting) => SymbolEqualityComparer.Default.Equals(setting.Owner, chain[0]);

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
