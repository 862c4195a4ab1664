using Intaglio.Generators;
using Intaglio.Generators.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Intaglio.Benchmarks;

/// <summary>What generator and analyzer cost a build and an edit of a project with ten models.</summary>
internal sealed class GeneratorBenchmark() : Benchmark("generator", "What generator and analyzer cost a build and an edit of a project with ten models.")
{
    private const int Runs = 51;

    public override IEnumerable<Case> Measure(int? runs)
    {
        yield return Cold(runs ?? 5);
        yield return AttributeEdit(runs ?? Runs);
        yield return UnrelatedEdit(runs ?? Runs);
        yield return AnalyzerAfterEdit(runs ?? Runs);
        yield return Depth(runs ?? Runs);
    }

    private static Case Cold(int runs) =>
        new("generator/cold", Clock.Median(Enumerable.Range(0, runs).Select(_ => FirstRun.InProcessOfItsOwn())), "ms", runs) { Limit = 400 };

    private static Case AttributeEdit(int runs)
    {
        var project = new EditedProject();
        var medians = Clock.Medians(WarmUps(runs), runs, () =>
        {
            project.EditModel();
            return project.Generate;
        });
        return new("generator/attribute-edit", medians[0], "ms", runs) { Limit = 50 };
    }

    private static Case UnrelatedEdit(int runs)
    {
        var project = new EditedProject();
        var notReused = new List<string>();
        var medians = Clock.Medians(WarmUps(runs), runs, () =>
        {
            // Of the run before.
            notReused.AddRange(project.StepsNotReused());
            project.EditProgram();
            return project.Generate;
        });
        notReused.AddRange(project.StepsNotReused());
        return new("generator/unrelated-edit", medians[0], "ms", runs) { Limit = 5, Fault = notReused.FirstOrDefault() };
    }

    // The analyzer's own time, as `dotnet build -p:ReportAnalyzer=true` says it. An editor's whole answer is mostly the compiler binding the file for it, which it does
    // for an analyzer that does nothing too.
    private static Case AnalyzerAfterEdit(int runs)
    {
        var project = new EditedProject();
        var analyzer = new ModelAnalyzer();
        var options = new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), onAnalyzerException: null, concurrentAnalysis: false, logAnalyzerExecutionTime: true);
        var times = Enumerable.Range(0, WarmUps(runs) + runs).Select(_ =>
        {
            project.EditModel();
            var compilation = project.WithGenerated();
            var analyzed = compilation.WithAnalyzers([analyzer], options);
            analyzed.GetAnalyzerSemanticDiagnosticsAsync(compilation.GetSemanticModel(compilation.SyntaxTrees.First()), filterSpan: null, CancellationToken.None).GetAwaiter().GetResult();
            return analyzed.GetAnalyzerTelemetryInfoAsync(analyzer, CancellationToken.None).GetAwaiter().GetResult().ExecutionTime.TotalMilliseconds;
        });
        return new("generator/analyzer", Clock.Median(times.Skip(WarmUps(runs))), "ms", runs) { Limit = 50 };
    }

    // Layers are a loop in what is compiled and in what is emitted, so their number costs nothing.
    private static Case Depth(int runs)
    {
        var medians = Clock.Medians(WarmUps(runs), runs, () => FirstRunOf(layers: 96), () => FirstRunOf(layers: 6));
        return new("generator/96-layers-over-6", medians[0], "ms", runs) { Ratio = medians[0] / medians[1], Limit = 1.2 };
    }

    private static Action FirstRunOf(int layers)
    {
        var compilation = Project.Compile($"using Intaglio; [Decoder(Layers = {layers})] partial class Story;");
        return () => Project.Driver().RunGenerators(compilation);
    }

    // Until the runtime has compiled for good what runs often, as in an editor that has been open for a while.
    private static int WarmUps(int runs) => 8 * runs;
}
