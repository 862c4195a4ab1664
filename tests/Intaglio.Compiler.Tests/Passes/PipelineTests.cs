using Intaglio.Compiler.Passes;
using Xunit;

namespace Intaglio.Compiler.Tests.Passes;

/// <summary>No pass changes what a graph computes.</summary>
public sealed class PipelineTests
{
    // Passes change the order of sums at most: some units in the last place of numbers around 1.
    private const double Tolerance = 1e-12;

    public static TheoryData<string> Models => [.. ModelCases.ByName.Keys];

    [Theory]
    [MemberData(nameof(Models))]
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
    public void Logits_are_the_same_after_every_pass(string model)
    {
        var item = ModelCases.ByName[model];
        var graph = Verify.Run(item.Inference(), "building");
        var logits = GraphInterpreter.Run(graph, Prompt(item)).Output;
        foreach (var (pass, run) in Compiler.Passes)
        {
            graph = Verify.Run(run(graph), pass);
            Same(logits, GraphInterpreter.Run(graph, Prompt(item)).Output, $"logits after {pass}");
        }
    }

    private static Call Prompt(ModelCase item)
    {
        var call = item.Call();
        return call
            .WithInput("Slots", Tensor.Filled([item.Batch * item.Time], row => row / item.Time))
            .WithInput("Outputs", Tensor.Filled([item.Batch], sequence => ((sequence + 1) * item.Time) - 1));
    }

    private static void Same(Tensor expected, Tensor actual, string what)
    {
        for (var i = 0; i < expected.Values.Length; i++)
            Assert.True(Math.Abs(expected.Values[i] - actual.Values[i]) <= Tolerance * (1 + Math.Abs(expected.Values[i])), $"{what}: {actual.Values[i]:R} at {i}, expected {expected.Values[i]:R}");
    }
}
