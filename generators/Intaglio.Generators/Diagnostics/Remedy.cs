using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Diagnostics;

/// <summary>
/// What would make a declaration right. The analyzer knows it when it reports a mistake, and the code fixes, which are another assembly, get it as the
/// diagnostic's properties: what is legal is computed once.
/// </summary>
internal sealed class Remedy
{
    /// <summary>The attribute among <see cref="Modifiers"/>.</summary>
    public const string Pointwise = nameof(Pointwise);

    /// <summary>The modifier of an activation's method.</summary>
    public const string Static = "static";

    private const char Separator = ';';

    /// <summary>Only the author knows what was meant.</summary>
    public static Remedy None { get; } = new();

    /// <summary>An argument to set, such as <c>Attention.Heads</c>, or a type of which another value is needed, such as <c>NumberFormat</c>.</summary>
    public string Target { get; init; } = "";

    /// <summary>What it can be set to, as C#, the best first.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Arguments of which one is to be removed, such as <c>Attention.Dropout</c>.</summary>
    public IReadOnlyList<string> Removals { get; init; } = [];

    /// <summary>What is missing before a method, <see cref="Pointwise"/> among it, or what a class has too much.</summary>
    public IReadOnlyList<string> Modifiers { get; init; } = [];

    /// <summary>The place to change where it is not the diagnostic's.</summary>
    public Location? Elsewhere { get; init; }

    public static Remedy Set(string argument, params IEnumerable<string> values) => new() { Target = argument, Values = [.. values] };

    public static Remedy Of(Diagnostic diagnostic) => new()
    {
        Target = Property(diagnostic, nameof(Target)),
        Values = List(diagnostic, nameof(Values)),
        Removals = List(diagnostic, nameof(Removals)),
        Modifiers = List(diagnostic, nameof(Modifiers)),
        Elsewhere = diagnostic.AdditionalLocations.FirstOrDefault(),
    };

    public ImmutableDictionary<string, string?> ToProperties() => ImmutableDictionary<string, string?>.Empty
        .Add(nameof(Target), Target)
        .Add(nameof(Values), Join(Values))
        .Add(nameof(Removals), Join(Removals))
        .Add(nameof(Modifiers), Join(Modifiers));

    private static string Join(IEnumerable<string> list) => string.Join($"{Separator}", list);

    private static string Property(Diagnostic diagnostic, string name) => diagnostic.Properties.TryGetValue(name, out var value) ? value ?? "" : "";

    private static IReadOnlyList<string> List(Diagnostic diagnostic, string name) =>
        Property(diagnostic, name).Split([Separator], StringSplitOptions.RemoveEmptyEntries);
}
