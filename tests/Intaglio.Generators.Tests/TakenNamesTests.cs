using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Intaglio.Generators.Tests;

/// <summary>An analyzer lives as long as the editor does: what it remembers of a class must not outlive the class.</summary>
public sealed class TakenNamesTests
{
    [Fact]
    public async Task Analyzer_sees_that_a_name_is_taken_and_then_free_again()
    {
        var analyzer = new ModelAnalyzer();
        Assert.Empty(await NamesTakenAsync(analyzer, "private const int Spare = 1;"));
        Assert.Equal(["INTG017"], await NamesTakenAsync(analyzer, "private const int Kernels = 1;"));
        Assert.Empty(await NamesTakenAsync(analyzer, "private const int Spare = 1;"));
    }

    [Fact]
    public async Task Analyzer_sees_that_another_declaration_emits_another_name()
    {
        // A window has a struct of its own, named for its width.
        var analyzer = new ModelAnalyzer();
        const string Member = "private const int CausalWindowOf8 = 1;";
        Assert.Empty(await NamesTakenAsync(analyzer, Member));
        Assert.Equal(["INTG017"], await NamesTakenAsync(analyzer, Member, "Attention(SlidingWindow = 8)"));
        Assert.Empty(await NamesTakenAsync(analyzer, Member, "Attention(SlidingWindow = 16)"));
    }

    private static async Task<IEnumerable<string>> NamesTakenAsync(ModelAnalyzer analyzer, string member, string attribute = "Attention(Heads = 2)")
    {
        var compilation = Project.CompileWithGenerated($"using Intaglio; [Decoder, {attribute}] internal partial class Story {{ {member} }}");
        var diagnostics = await compilation.WithAnalyzers([analyzer]).GetAnalyzerDiagnosticsAsync();
        return diagnostics.Select(diagnostic => diagnostic.Id);
    }
}
