using System.Globalization;
using System.Reflection;
using Intaglio.Generators.Diagnostics;
using Intaglio.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Xunit;

namespace Intaglio.Generators.Tests;

/// <summary>What all diagnostics have in common: an id of their own, an entry in the documentation, and a link to it.</summary>
public sealed class DescriptorTests
{
    private static readonly string Page = Path.Combine(Repository.Root, "docs", "diagnostics.md");

    [Fact]
    public Task Page_of_the_documentation_is_what_the_descriptors_say() => Snapshots.VerifyFile(DiagnosticsPage.Render(), Page);

    [Fact]
    public void Every_descriptor_is_listed_once()
    {
        var declared = typeof(Descriptors).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<DiagnosticDescriptor>().OrderBy(descriptor => descriptor.Id, StringComparer.Ordinal);

        Assert.Equal(declared, Descriptors.All);
        Assert.Equal(Descriptors.All.Length, Descriptors.All.Select(descriptor => descriptor.Id).Distinct().Count());
    }

    [Fact]
    public void Every_id_is_in_the_release_notes_under_its_severity_and_title()
    {
        var folder = Path.Combine(Repository.Root, "generators", "Intaglio.Generators");
        var rows = Directory.EnumerateFiles(folder, "AnalyzerReleases.*.md").SelectMany(File.ReadAllLines)
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells[0].StartsWith("INTG", StringComparison.Ordinal))
            .Select(cells => (cells[0], cells[2], cells[3]));

        Assert.Equal(Descriptors.All.Select(descriptor => (descriptor.Id, descriptor.DefaultSeverity.ToString(), descriptor.Title.ToString(CultureInfo.InvariantCulture))), rows);
    }

    [Fact]
    public async Task Every_help_link_leads_to_a_heading_of_the_page()
    {
        var headings = (await File.ReadAllLinesAsync(Page)).Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => $"docs/diagnostics.md#{line[3..].ToLowerInvariant()}");
        Assert.Equal(headings, Descriptors.All.Select(descriptor => descriptor.HelpLinkUri));
    }

    [Fact]
    public void Every_fix_is_exported_fixes_what_is_reported_and_can_fix_all()
    {
        Assert.NotEmpty(DiagnosticsPage.Fixes);
        Assert.All(DiagnosticsPage.Fixes, fix =>
        {
            Assert.Contains(LanguageNames.CSharp, fix.GetType().GetCustomAttribute<ExportCodeFixProviderAttribute>()!.Languages);
            Assert.Subset(Descriptors.All.Select(descriptor => descriptor.Id).ToHashSet(), fix.FixableDiagnosticIds.ToHashSet());
            Assert.NotNull(fix.GetFixAllProvider());
        });
    }
}
