using Intaglio.Compiler.Passes;
using Xunit;

namespace Intaglio.Compiler.Tests.Passes;

/// <summary>No pass changes what a graph computes.</summary>
public sealed class PipelineTests
{
    // Passes change the order of sums at most: some units in the last place of numbers around 1.
    private const double Tolerance = 1e-12;

    public static TheoryData<string> Models => [.. ModelCases.ByName.Keys];

    public static TheoryData<string> Trained => [.. ModelCases.Trained.Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Trained))]
    public void Losses_and_gradients_are_the_same_after_every_pass(string model)
    {
        var item = ModelCases.ByName[model];
        var graph = Verify.Run(item.Training(), "building");
        var losses = GraphInterpreter.Run(graph, item.Call()).Output;

        graph = Verify.Run(Differentiate.Run(graph), "Differentiate");
        var gradients = GraphInterpreter.Run(graph, item.Call()).Gradients;
        foreach (var (pass, run) in Compiler.Passes)
        {
            graph = Verify.Run(run(graph), pass);
            var outcome = GraphInterpreter.Run(graph, item.Call());

            Same(losses, outcome.Output, $"losses after {pass}");
            Assert.Equal(gradients.Keys.Order(), outcome.Gradients.Keys.Order());
            foreach (var (name, gradient) in gradients)
                Same(gradient, outcome.Gradients[name], $"gradient of {name} after {pass}");
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Results_are_the_same_after_every_pass(string model)
    {
        var item = ModelCases.ByName[model];
        IReadOnlyList<Graph> graphs = [.. item.Inferences().Select(graph => Verify.Run(graph, "building"))];
        var expected = Result(item, graphs);
        foreach (var (pass, run) in Compiler.Passes)
        {
            graphs = [.. graphs.Select(graph => Verify.Run(run(graph), pass))];
            Same(expected, Result(item, graphs), $"results after {pass}");
        }
    }

    // The source first where there is one, then the prompt; or whole sequences.
    private static Tensor Result(ModelCase item, IReadOnlyList<Graph> graphs)
    {
        if (!item.Spec.Generates)
            return GraphInterpreter.Run(graphs[0], item.Call()).Output;

        var cache = new KeyValueCache();
        foreach (var encoding in graphs.SkipLast(1))
            GraphInterpreter.Run(encoding, item.Sources(sequence => sequence, cache));

        return GraphInterpreter.Run(graphs[^1], item.Generation([.. Enumerable.Range(0, item.Batch * item.Time)], sequence => sequence, cache)).Output;
    }

    private static void Same(Tensor expected, Tensor actual, string what)
    {
        for (var i = 0; i < expected.Values.Length; i++)
            Assert.True(Math.Abs(expected.Values[i] - actual.Values[i]) <= Tolerance * (1 + Math.Abs(expected.Values[i])), $"{what}: {actual.Values[i]:R} at {i}, expected {expected.Values[i]:R}");
    }
}
