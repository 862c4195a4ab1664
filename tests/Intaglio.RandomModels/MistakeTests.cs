using CsCheck;
using Intaglio.Generators.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;
using Xunit.Abstractions;

namespace Intaglio.RandomModels;

/// <summary>Whatever is declared, there are diagnostics and no exceptions, and what is emitted compiles.</summary>
public sealed class MistakeTests(ITestOutputHelper output)
{
    private const ulong Seed = 1;

    [Fact]
    public async Task Mistakes_are_diagnosed_and_nothing_else_is_wrong()
    {
        Mistake[] mistakes = [.. Enumerable.Range(0, 400).Select(number => Mistake.All.Generate(new PCG((uint)number, Seed), null, out _))];
        var diagnostics = await Project.BuildAsync([.. mistakes.Select((mistake, number) => $"using Intaglio;\nnamespace Drawn;\n{mistake.Declaration.Source($"Model{number}")}")]);
        var byFile = diagnostics.ToLookup(diagnostic => diagnostic.Location.SourceTree?.FilePath);

        Assert.All(mistakes, (mistake, number) =>
        {
            var own = byFile[$"File{number}.cs"].ToList();
            Assert.True(own.Any(diagnostic => diagnostic.Id == mistake.Id), $"{mistake.Id} is missing for\n{mistake.Declaration}\n{Project.Describe(own)}");
        });
        Assert.All(diagnostics, diagnostic => Assert.StartsWith("INTG", diagnostic.Id, StringComparison.Ordinal));
        output.WriteLine(string.Join(", ", diagnostics.GroupBy(diagnostic => diagnostic.Id).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key}: {group.Count()}")));
    }

    [Fact]
    public async Task Garbled_declarations_fail_neither_generator_nor_analyzer_and_no_emitted_file_has_an_error()
    {
        var withErrors = 0;
        for (var number = 0; number < 300; number++)
        {
            var source = "using Intaglio;\nnamespace Drawn;\n" + Garbled.All.Generate(new PCG((uint)number, Seed), null, out _);
            var compilation = Project.CompileWithGenerated(source);
            var analyzed = await compilation.WithAnalyzers([new Generators.ModelAnalyzer()]).GetAllDiagnosticsAsync();

            Assert.DoesNotContain(analyzed, diagnostic => diagnostic.Id == "AD0001");
            var errors = analyzed.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
            var emitted = errors.Where(diagnostic => diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true).ToList();
            Assert.True(emitted.Count == 0, $"{source}\n{Project.Describe(emitted)}");
            withErrors += errors.Count > 0 ? 1 : 0;
        }

        output.WriteLine($"{withErrors} of 300 have errors");
        Assert.InRange(withErrors, 200, 300);
    }
}
