using Intaglio.Compiler.Passes;
using Xunit;

namespace Intaglio.Compiler.Tests.Passes;

/// <summary>A layer's result is copied where it cannot be computed in the place of what the layer reads, and nowhere else.</summary>
public sealed class SeparateCarriesTests
{
    public static TheoryData<string> WithoutCopies => [.. ModelCases.Trained.Where(item => !item.Name.StartsWith("a layer that is", StringComparison.Ordinal)).Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(WithoutCopies))]
    public void Layers_with_norms_around_what_they_compute_copy_nothing(string model)
    {
        var item = ModelCases.ByName[model];

        Assert.Equal(0, Copies(ModelCases.Optimized(Differentiate.Run(item.Training()))));
        Assert.All(item.Inferences(), graph => Assert.Equal(0, Copies(ModelCases.Optimized(graph))));
    }

    [Theory]
    [InlineData("linear(x)", 1, 2)]
    [InlineData("x + linear(x)", 1, 2)]
    [InlineData("norm(x)", 1, 2)]
    public void A_layer_without_a_norm_between_copies_its_result_in_each_loop(string layer, int inInference, int inTraining)
    {
        var item = ModelCases.ByName[$"a layer that is {layer}"];

        Assert.Equal(inInference, Copies(ModelCases.Optimized(item.Inference())));
        Assert.Equal(inTraining, Copies(ModelCases.Optimized(Differentiate.Run(item.Training()))));
    }

    private static int Copies(Graph graph) => graph.WithBodies().SelectMany(part => part.Nodes).Count(node => node.Op is Map { Fusion.IsIdentity: true });
}
