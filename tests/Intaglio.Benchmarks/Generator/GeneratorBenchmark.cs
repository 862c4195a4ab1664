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

    public override IEnumerable<Case> Measure(Choice choice)
    {
        (string Name, Func<string, int, Case> Measure, int Runs)[] cases =
        [
            ("generator/cold", Cold, 5),
            ("generator/attribute-edit", AttributeEdit, Runs),
            ("generator/unrelated-edit", UnrelatedEdit, Runs),
            ("generator/analyzer", AnalyzerAfterEdit, Runs),
            ("generator/96-layers-over-6", Depth, Runs),
        ];
        return cases.Where(each => choice.Has(each.Name)).Select(each => each.Measure(each.Name, choice.Runs ?? each.Runs));
    }

    private static Case Cold(string name, int runs) =>
        new(name, Clock.Median(Enumerable.Range(0, runs).Select(_ => FirstRun.InProcessOfItsOwn())), "ms", runs) { Limit = 400 };

    private static Case AttributeEdit(string name, int runs)
    {
        var project = new EditedProject();
        var medians = Clock.Medians(WarmUps(runs), runs, () =>
        {
            project.EditModel();
            return project.Generate;
        });
        return new(name, medians[0], "ms", runs) { Limit = 50 };
    }

    private static Case UnrelatedEdit(string name, int runs)
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
        return new(name, medians[0], "ms", runs) { Limit = 5, Fault = notReused.FirstOrDefault() };
    }

    // The analyzer's own time, as `dotnet build -p:ReportAnalyzer=true` says it. An editor's whole answer is mostly the compiler binding the file for it, which it does
    // for an analyzer that does nothing too.
    private static Case AnalyzerAfterEdit(string name, int runs)
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
        return new(name, Clock.Median(times.Skip(WarmUps(runs))), "ms", runs) { Limit = 50 };
    }

    // Layers are a loop in what is compiled and in what is emitted, so their number costs nothing.
    private static Case Depth(string name, int runs)
    {
        var medians = Clock.Medians(WarmUps(runs), runs, () => FirstRunOf(layers: 96), () => FirstRunOf(layers: 6));
        return new(name, medians[0], "ms", runs) { Peer = "6 layers", PeerValue = medians[1], LeastRatio = 1 / 1.2 };
    }

    private static Action FirstRunOf(int layers)
    {
        var compilation = Project.Compile($"using Intaglio; [Decoder(Layers = {layers})] partial class Story;");
        return () => Project.Driver().RunGenerators(compilation);
    }

    // Until the runtime has compiled for good what runs often, as in an editor that has been open for a while.
    private static int WarmUps(int runs) => 8 * runs;
}
