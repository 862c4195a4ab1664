using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Diagnostics;

/// <summary>
/// Every mistake that a declaration can make, by what it is about. Ids are never reused. A descriptor's description is its entry in docs/diagnostics.md,
/// which a test writes.
/// </summary>
internal static partial class Descriptors
{
    private const string Category = "Intaglio";

    // Lazily, since the order in which fields of different files are initialized is not defined.
    private static readonly Lazy<ImmutableArray<DiagnosticDescriptor>> Sorted =
        new(() => [.. Class.Concat(Sizes).Concat(Stacks).Concat(Blocks).Concat(Attention).Concat(Values).Concat(Pointwise).Concat(Architecture).Concat(Hints).OrderBy(descriptor => descriptor.Id, StringComparer.Ordinal)]);

    /// <summary>All of them, by id.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All => Sorted.Value;

    /// <summary>What no model can be made of.</summary>
    private static DiagnosticDescriptor Error(string id, string title, string message, string description, string example = "") =>
        Describe(id, title, message, description, example, DiagnosticSeverity.Error);

    /// <summary>What has no effect, so that something else was meant.</summary>
    private static DiagnosticDescriptor Warning(string id, string title, string message, string description, string example = "") =>
        Describe(id, title, message, description, example, DiagnosticSeverity.Warning);

    /// <summary>What is legal but odd; no build fails for it.</summary>
    private static DiagnosticDescriptor Hint(string id, string title, string message, string description, string example = "") =>
        Describe(id, title, message, description, example, DiagnosticSeverity.Info);

    private static DiagnosticDescriptor Describe(string id, string title, string message, string description, string example, DiagnosticSeverity severity)
    {
        var entry = example.Length == 0 ? description : $"{description}\n```csharp\n{example}\n```";
        return new(id, title, message, Category, severity, isEnabledByDefault: true, entry, $"docs/diagnostics.md#{id.ToLowerInvariant()}");
    }
}
