using System.Collections.Immutable;
using System.Globalization;
using Intaglio.CodeFixes;
using Intaglio.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Intaglio.Generators.Tests;

/// <summary>docs/diagnostics.md, as the descriptors have it.</summary>
internal static class DiagnosticsPage
{
    private const string Introduction =
        """
        # Diagnostics

        What the analyzer says about a declaration, and what to do. A declaration with an error keeps its members (`Create`, `Load`, ...), so that code which uses the model
        shows no errors of its own; they throw when called. Every diagnostic stands at the argument or name that causes it, or at the value in a config.json; in code `#pragma warning disable`, `.editorconfig` and
        `NoWarn` work as for any other.

        A hint is a suggestion: the editor shows it, no build fails for it, and no default causes one. `dotnet_diagnostic.INTG040.severity = none` in `.editorconfig` turns
        it off, `= warning` makes more of it. Where the table says so, the editor offers a fix, for one place or for all; on the command line,
        `dotnet format analyzers --diagnostics INTG040 --severity info` applies the first that is offered, everywhere.
        """;

    private static readonly Dictionary<DiagnosticSeverity, string> Severities = new()
    {
        [DiagnosticSeverity.Error] = "error",
        [DiagnosticSeverity.Warning] = "warning",
        [DiagnosticSeverity.Info] = "hint",
    };

    /// <summary>The code fixes, each once.</summary>
    public static ImmutableArray<CodeFixProvider> Fixes { get; } =
        [.. typeof(ModelFixProvider).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(CodeFixProvider)) && !type.IsAbstract).Select(type => (CodeFixProvider)Activator.CreateInstance(type)!)];

    public static string Render()
    {
        var rows = Descriptors.All.Select(Row);
        var entries = Descriptors.All.Select(descriptor => $"## {descriptor.Id}\n**{Text(descriptor.Title)}.** {Text(descriptor.Description)}\n");
        return $"{Introduction}\n\n| id | | what | fix |\n|---|---|---|---|\n{string.Join("\n", rows)}\n\n{string.Join("\n", entries)}".ReplaceLineEndings("\n");
    }

    private static string Row(DiagnosticDescriptor descriptor)
    {
        var hasFix = Fixes.Any(fix => fix.FixableDiagnosticIds.Contains(descriptor.Id));
        return $"| [{descriptor.Id}](#{descriptor.Id.ToLowerInvariant()}) | {Severities[descriptor.DefaultSeverity]} | {Text(descriptor.Title)} | {(hasFix ? "yes" : "")} |";
    }

    private static string Text(LocalizableString text) => text.ToString(CultureInfo.InvariantCulture);
}
