using CsCheck;
using Intaglio.Generators.Parsing;
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
        Mistake[] mistakes = [.. Enumerable.Range(0, 600).Select(number => Mistake.All.Generate(new PCG((uint)number, Seed), null, out _))];
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

    /// <summary>An invalid model of which nobody says why would be the worst.</summary>
    [Fact]
    public async Task Mistake_that_a_model_makes_together_with_the_one_it_is_based_on_is_diagnosed_as_well()
    {
        Mistake[] mistakes = [.. Enumerable.Range(0, 200).Select(number => Mistake.All.Generate(new PCG((uint)number, Seed), null, out _))];
        string[] sources = [.. mistakes.Select((mistake, number) => $"using Intaglio;\nnamespace Drawn;\n{InTwo(mistake.Declaration, number)}")];
        var errors = (await Project.AnalyzeAsync(sources)).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToLookup(diagnostic => diagnostic.Location.SourceTree?.FilePath);
        var compilation = Project.Compile(sources);
        var invalid = Enumerable.Range(0, mistakes.Length).Where(number => !IsValid(compilation, $"Drawn.Model{number}")).ToList();

        Assert.All(invalid, number => Assert.True(errors.Contains($"File{number}.cs"), $"nothing is reported for\n{sources[number]}"));
        output.WriteLine($"{invalid.Count} of {mistakes.Length} are invalid");
        Assert.InRange(invalid.Count, mistakes.Length / 2, mistakes.Length);
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

            // A field of the class's own that nothing sets is said to be so where the constructor is (CS8618).
            var emitted = errors.Where(diagnostic => diagnostic.Id != "CS8618" && diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true).ToList();
            Assert.True(emitted.Count == 0, $"{source}\n{Project.Describe(emitted)}");
            withErrors += errors.Count > 0 ? 1 : 0;
        }

        output.WriteLine($"{withErrors} of 300 have errors");
        Assert.InRange(withErrors, 200, 300);
    }

    private static bool IsValid(Compilation compilation, string name) =>
        ModelParser.Parse(new(compilation.GetTypeByMetadataName(name)!, compilation, [], CancellationToken.None), CancellationToken.None).Model?.Spec is not null;

    /// <summary>A declaration as a model and one that is based on it: the arguments in turn go to the one and to the other.</summary>
    private static string InTwo(Declaration declaration, int number)
    {
        var (isFirst, first, second) = (number % 2 == 0, new List<Argument>(), new List<Argument>());
        foreach (var argument in declaration.Arguments)
        {
            (isFirst ? first : second).Add(argument);
            isFirst = !isFirst;
        }

        return new Declaration(first).Source($"Base{number}") + new Declaration(second).Source($"Model{number}", basedOn: $"Base{number}");
    }
}
