using Intaglio.Compiler.Passes;
using Xunit;

namespace Intaglio.Compiler.Tests.Passes;

/// <summary>What the fusing passes do with graphs made for one question each.</summary>
public sealed class FusionPassTests
{
    private static readonly Fusion Difference = new(Expression.X - Expression.Full, null, 0, 0, "Subtract", "{x} - {full}");

    private readonly GraphBuilder _graph = new();

    [Fact]
    public void A_fusion_follows_the_op_that_computes_its_full_operand()
    {
        var x = Rows("X");
        var product = Product(x, "Weight");
        var graph = _graph.Build(_graph.Add(new Map(Difference), "Difference", [x, product]));

        var fused = Fused(graph);

        Assert.Equal([nameof(ParameterOp), nameof(MatMul)], Ops(fused));
        Same(graph, fused);
    }

    [Fact]
    public void A_value_with_other_readers_is_saved()
    {
        var product = Product(Rows("X"), "Weight");
        var activated = _graph.Add(new Map(Fusion.Activate(Activations.Of(Activation.Silu))), "Activated", [product]);
        var graph = _graph.Build(activated, Product(product, "Second"));

        var fused = Fused(graph);

        Assert.Equal([nameof(ParameterOp), nameof(MatMul), nameof(ParameterOp), nameof(MatMul)], Ops(fused));
        Assert.Equal([activated, product], fused.Nodes[1].Outputs);
        Same(graph, fused);
    }

    [Fact]
    public void An_op_does_not_move_past_a_reader_of_its_result()
    {
        var x = Rows("X");
        var product = Product(x, "Weight");
        var second = Product(product, "Second");
        var sum = _graph.Add(new Map(Difference), "Difference", [product, second]);
        var graph = _graph.Build(sum);

        var fused = Fused(graph);

        Assert.Equal(2, Ops(fused).Count(op => op == nameof(MatMul)));
        Assert.DoesNotContain(nameof(Map), Ops(fused));
        Same(graph, fused);
    }

    [Fact]
    public void An_op_does_not_move_past_a_loop_that_reads_its_result()
    {
        var (x, y) = (Rows("X"), Rows("Y"));
        var product = Product(x, "Weight");
        var body = new GraphBuilder();
        var carry = body.Input("Carry", y.Type);
        var layers = new Repeat(body.Build(body.Add(new Map(Fusion.Add), "Next", [carry, product])), 2, Direction.Forward, "");
        var looped = _graph.Add(layers, "Layers", [y]);
        var graph = _graph.Build(_graph.Add(new Map(Fusion.Multiply), "Multiplied", [product, looped]));

        Same(graph, Fused(graph));
    }

    [Fact]
    public void A_sum_with_itself_stays_a_node()
    {
        var product = Product(Rows("X"), "Weight");
        var graph = _graph.Build(_graph.Add(new Map(Fusion.Add), "Sum", [product, product]));

        var fused = Fused(graph);

        Assert.Contains(nameof(Map), Ops(fused));
        Same(graph, fused);
    }

    [Fact]
    public void Two_residuals_take_two_nodes()
    {
        var (x, y) = (Rows("X"), Rows("Y"));
        var sum = _graph.Add(new Map(Fusion.Add), "Sum", [Product(x, "Weight"), y]);
        var graph = _graph.Build(_graph.Add(new Map(Difference), "Difference", [sum, x]));

        var fused = Fused(graph);

        Assert.Equal([nameof(ParameterOp), nameof(MatMul), nameof(Map)], Ops(fused));
        Same(graph, fused);
    }

    [Fact]
    public void A_fusion_with_a_bias_and_a_residual_keeps_both_when_more_follows()
    {
        var (x, y) = (Rows("X"), Rows("Y"));
        var bias = _graph.Parameter(new("Bias", "Bias", new([3]), Segment.Embedding, false, 0, 1), NumberFormat.FP32);
        var biased = _graph.Add(new Map(Fusion.AddBias), "Biased", [Product(x, "Weight"), bias]);
        var sum = _graph.Add(new Map(Fusion.Add), "Sum", [biased, y]);
        var graph = _graph.Build(_graph.Add(new Map(Fusion.Activate(Activations.Of(Activation.Silu))), "Activated", [sum]));

        var fused = Fused(graph);

        Assert.DoesNotContain(nameof(Map), Ops(fused));
        Same(graph, fused);
    }

    [Fact]
    public void An_output_of_the_graph_keeps_its_node()
    {
        var product = Product(Rows("X"), "Weight");
        var graph = _graph.Build(product, _graph.Add(new Map(Fusion.Activate(Activations.Of(Activation.Silu))), "Activated", [product]));

        var fused = Fused(graph);

        Assert.Equal(Ops(graph), Ops(fused));
        Same(graph, fused);
    }

    [Fact]
    public void A_bias_gradient_is_summed_by_the_product_of_the_same_rows_only()
    {
        var (x, y) = (Rows("X"), Rows("Y"));
        var weight = _graph.Add(new WeightGradient(false, false), "Weight", [x, y]);
        var graph = _graph.Build(weight, _graph.Add(new SumRows(), "BiasOfY", [y]), _graph.Add(new SumRows(), "BiasOfX", [x]));

        var fused = Verify.Run(FuseBiasGradients.Run(graph), nameof(FuseBiasGradients));

        Assert.Equal([nameof(WeightGradient), nameof(SumRows)], Ops(fused));
        Same(graph, fused);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Embedding_gradients_come_in_the_order_of_the_lookups_tables(bool tied)
    {
        var spec = TestModel.Spec(tied: tied);
        var fused = Compiler.Passes.Aggregate(Differentiate.Run(ModelGraph.Training(spec, Family.Of(spec).Parameters(spec))), (graph, pass) => pass.Run(graph));
        var lookup = fused.Nodes.Single(node => node.Op is Embed);
        var gradient = fused.Nodes.Single(node => node.Op is EmbedGradient);

        Assert.Equal([lookup.Inputs[0], lookup.Inputs[2]], gradient.Inputs.Take(2));
        Assert.Equal([lookup.Inputs[1].Type.Shape, lookup.Inputs[3].Type.Shape], gradient.Outputs.Select(output => output.Type.Shape));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 0)]
    [InlineData(true, 0.1f)]
    [InlineData(false, 0.1f)]
    public void Nothing_elementwise_is_left_of_a_forward_pass(bool biases, float dropout)
    {
        var spec = TestModel.Spec(biases: biases, dropout: dropout);
        foreach (var graph in new[] { ModelGraph.Training(spec, Family.Of(spec).Parameters(spec)), ModelGraph.Inference(spec, Family.Of(spec).Parameters(spec)) })
        {
            var fused = FuseElementwise.Run(FuseEmbeddings.Run(graph));

            Assert.DoesNotContain(fused.WithBodies().SelectMany(part => part.Nodes), node => node.Op is Map);
        }
    }

    private static Graph Fused(Graph graph) => Verify.Run(FuseElementwise.Run(graph), nameof(FuseElementwise));

    private static IEnumerable<string> Ops(Graph graph) => graph.Nodes.Select(node => node.Op.GetType().Name);

    private static void Same(Graph expected, Graph actual)
    {
        var numbers = new Numbers(3);
        var call = new Call
        {
            Batch = 1,
            Time = 2,
            Inputs = expected.Inputs.ToDictionary(input => input.Name, input => numbers.Normal(2, input.Type.Width)),
            Parameters = expected.Nodes.Select(node => node.Op).OfType<ParameterOp>().ToDictionary(op => op.Parameter.Name, op => numbers.Normal(op.Parameter.Shape)),
        };

        // The order of sums at most.
        foreach (var (one, other) in GraphInterpreter.Run(expected, call).Outputs.Zip(GraphInterpreter.Run(actual, call).Outputs))
            Assert.All(one.Values.Zip(other.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-13));
    }

    private Value Rows(string name) => _graph.Input(name, TensorType.Activation(Dimension.Rows, 3));

    private Value Product(Value x, string weight) =>
        _graph.Add(new MatMul(), weight + "Product", [x, _graph.Parameter(new(weight, weight, new([3, 3]), Segment.Embedding, true, 0, 1), NumberFormat.FP32)]);
}
