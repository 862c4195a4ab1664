using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Intaglio.Generators.Tests.Documentation;

/// <summary>What README and docs show is true: it compiles, is emitted, or is the mistake that it is said to be.</summary>
public sealed class CodeBlockTests
{
    public static TheoryData<string> Blocks => [.. CodeBlock.All.Select(block => block.ToString())];

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task Block_is_what_its_page_says(string name)
    {
        var block = CodeBlock.All.Single(block => block.ToString() == name);
        if (block.IsEmitted)
        {
            AssertEmitted(block);
            return;
        }

        var compilation = block.Compile();
        var diagnostics = await compilation.WithAnalyzers([new ModelAnalyzer()], new AnalyzerOptions([.. CodeBlock.Files])).GetAllDiagnosticsAsync();
        var errors = diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).ToList();
        if (block.Mistake is { } id)
            Assert.Contains(diagnostics, diagnostic => diagnostic.Id == id);
        else
            Assert.True(errors.Count == 0, Project.Describe(errors));
    }

    // Line by line, in order, in one of the files of the page's models; comments may be aligned otherwise on a page.
    private static void AssertEmitted(CodeBlock block)
    {
        var declarations = CodeBlock.All.Where(other => other.Page == block.Page && !other.IsEmitted && other.Mistake is null);
        var files = declarations.SelectMany(other => other.Compile().SyntaxTrees).Select(tree => tree.ToString().Split('\n').Select(Folded).ToList());
        string[] shown = [.. block.Text.Split('\n').Select(Folded).Where(line => line.Length > 0)];
        Assert.Contains(files, file => StandIn(shown, file));
    }

    private static bool StandIn(string[] shown, List<string> file)
    {
        var from = 0;
        foreach (var line in shown)
        {
            from = file.IndexOf(line, from) + 1;
            if (from == 0)
                return false;
        }

        return true;
    }

    private static string Folded(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
