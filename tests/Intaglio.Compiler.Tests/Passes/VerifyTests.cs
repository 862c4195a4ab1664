using Intaglio.Compiler.Passes;
using Xunit;

namespace Intaglio.Compiler.Tests.Passes;

/// <summary>Each way in which a graph can be broken is found, and the message names pass and node.</summary>
public sealed class VerifyTests
{
    private static readonly TensorType Wide = TensorType.Activation(Dimension.Rows, 3);
    private static readonly TensorType Narrow = TensorType.Activation(Dimension.Rows, 2);
    private static readonly ParameterSpec Weight = new("Weight", "weight", new([3, 2]), Segment.Embedding, true, 0, 1);

    private readonly Value _x = new("X", Wide);
    private readonly Value _y = new("Y", Wide);
    private readonly Value _bias = new("Bias", TensorType.Parameter(NumberFormat.FP32, 3));

    [Fact]
    public void A_sound_graph_passes()
    {
        var graph = Of([_x], [Relu(_x, _y)], [_y]);

        Assert.Same(graph, Verify.Run(graph, "Test"));
    }

    [Fact]
    public void A_value_read_before_it_is_computed_is_reported()
    {
        var z = new Value("Z", Wide);

        Reports("Y [rows, 3] is read before it is computed", Of([_x], [Relu(_y, z), Relu(_x, _y)], [z]));
    }

    [Fact]
    public void A_value_that_nobody_computes_is_reported() => Reports("Y [rows, 3] is read before it is computed", Of([_x], [Relu(_y, new("Z", Wide))], []));

    [Fact]
    public void A_result_of_another_type_than_the_op_gives_is_reported() =>
        Reports("the shape rule gives other types than the results have", Of([_x], [Relu(_x, new("Y", Narrow))], []));

    [Fact]
    public void A_missing_result_is_reported() =>
        Reports("the shape rule gives other types than the results have", Of([_x], [new(new Split(new([1, 2]), InterleavedHeads: 0), "Parts", [_x], [new("Left", TensorType.Activation(Dimension.Rows, 1))])], []));

    [Fact]
    public void A_value_computed_twice_is_reported() => Reports("Y [rows, 3] is computed twice", Of([_x], [Relu(_x, _y), Relu(_x, _y)], [_y]));

    [Fact]
    public void An_input_computed_again_is_reported() => Reports("X [rows, 3] is computed twice", Of([_x], [Relu(_x, _x)], [_x]));

    [Fact]
    public void A_fusion_without_its_operand_is_reported()
    {
        var weight = new Value("Weight", TensorType.Parameter(NumberFormat.FP32, 3, 3));

        Reports("AddBias has other operands than the node", Of([_x, weight], [new(new MatMul(false, Fusion.AddBias), "Product", [_x, weight], [_y])], [_y]));
    }

    [Fact]
    public void An_operand_without_a_fusion_for_it_is_reported()
    {
        var weight = new Value("Weight", TensorType.Parameter(NumberFormat.FP32, 3, 3));

        Reports("Identity has other operands than the node", Of([_x, weight, _bias], [new(new MatMul(), "Product", [_x, weight, _bias], [_y])], [_y]));
    }

    [Fact]
    public void An_operand_of_another_shape_is_reported()
    {
        var narrow = new Value("Narrow", Narrow);
        var narrowBias = new Value("NarrowBias", TensorType.Parameter(NumberFormat.FP32, 2));

        Reports("AddResidual has other operands than the node", Of([_x, narrow], [new(new Map(Fusion.Add), "Sum", [_x, narrow], [_y])], [_y]));
        Reports("AddBias has other operands than the node", Of([_x, narrowBias], [new(new Map(Fusion.AddBias), "Sum", [_x, narrowBias], [_y])], [_y]));
    }

    [Fact]
    public void An_elementwise_node_without_its_operand_is_reported() =>
        Assert.Throws<InvalidOperationException>(() => Verify.Run(Of([_x], [new(new Map(Fusion.AddBias), "Sum", [_x], [_y])], [_y]), "Test"));

    [Fact]
    public void An_output_that_is_not_computed_is_reported() => Reports("the output Y [rows, 3] is not computed", Of([_x], [], [_y]));

    [Fact]
    public void A_gradient_that_is_not_computed_is_reported() =>
        Reports("the gradient WeightGradient [3, 2] of Weight is not computed", Of([_x], [], [_x], new ParameterGradient(Weight, new("WeightGradient", TensorType.Parameter(NumberFormat.FP32, 3, 2)))));

    [Fact]
    public void A_gradient_of_another_shape_is_reported()
    {
        var gradient = new Value("WeightGradient", TensorType.Parameter(NumberFormat.FP32, 2, 3));

        Reports("or has another shape", Of([_x, gradient], [], [_x], new ParameterGradient(Weight, gradient)));
    }

    [Fact]
    public void A_broken_body_is_reported()
    {
        var carry = new Value("Carry", Wide);
        var next = new Value("Next", Wide);
        var body = Of([carry], [Relu(new("Missing", Wide), next)], [next]);

        Reports("Missing [rows, 3] is read before it is computed", Of([_x], [new(new Repeat(body, 2, Direction.Forward, ""), "Layers", [_x], [_y])], [_y]));
    }

    [Fact]
    public void A_value_of_a_loop_read_outside_is_reported()
    {
        var (carry, next, z) = (new Value("Carry", Wide), new Value("Next", Wide), new Value("Z", Wide));

        Reports(
            "Next [rows, 3] is read before it is computed",
            Of([_x], [new(new Repeat(Of([carry], [Relu(carry, next)], [next]), 2, Direction.Forward, ""), "Layers", [_x], [_y]), Relu(next, z)], [z]));
    }

    [Fact]
    public void A_body_may_read_what_is_computed_around_it()
    {
        var (carry, next) = (new Value("Carry", Wide), new Value("Next", Wide));

        Verify.Run(Of([_x], [new(new Repeat(Of([carry], [Relu(_x, next)], [next]), 2, Direction.Forward, ""), "Layers", [_x], [_y])], [_y]), "Test");
    }

    [Fact]
    public void A_body_that_reads_what_is_computed_after_it_is_reported()
    {
        var (carry, next, z) = (new Value("Carry", Wide), new Value("Next", Wide), new Value("Z", Wide));

        Reports(
            "Z [rows, 3] is read before it is computed",
            Of([_x], [new(new Repeat(Of([carry], [Relu(z, next)], [next]), 2, Direction.Forward, ""), "Layers", [_x], [_y]), Relu(_y, z)], [z]));
    }

    [Fact]
    public void A_body_may_read_what_the_body_that_it_reverses_computed()
    {
        var (carry, next, back, gradient) = (new Value("Carry", Wide), new Value("Next", Wide), new Value("NextGradient", Wide), new Value("CarryGradient", Wide));
        var forward = Of([carry], [Relu(carry, next)], [next]);
        var backward = Of([back], [new(new Map(Fusion.Add), "Sum", [back, carry], [gradient])], [gradient]);
        var z = new Value("Z", Wide);

        Verify.Run(
            Of([_x], [new(new Repeat(forward, 2, Direction.Forward, ""), "Layers", [_x], [_y]), new(new Repeat(backward, 2, Direction.Backward, ""), "Back", [_y], [z])], [z]),
            "Test");
    }

    [Fact]
    public void A_value_read_after_another_took_its_place_is_reported()
    {
        var positions = new Value("Positions", TensorType.Indices(Dimension.Rows));
        var (query, key, turned, turnedKey) = (new Value("Query", Narrow), new Value("Key", Narrow), new Value("Turned", Narrow), new Value("TurnedKey", Narrow));
        var rotate = new Node(new Rotate(new(1, 1, 2, 2, RotaryLayout.HalfSplit, InterleavesHeads: false), Direction.Forward), "Rotate", [query, key, positions], [turned, turnedKey]);

        Reports("Query [rows, 2] is read after another took its place", Of([query, key, positions], [rotate, Relu(query, new("Y", Narrow))], []));
    }

    private static Node Relu(Value x, Value y) => new(new Map(Fusion.Activate(Activations.Of(Activation.Relu))), "Relu", [x], [y]);

    private static Graph Of(IReadOnlyList<Value> inputs, IReadOnlyList<Node> nodes, IReadOnlyList<Value> outputs, params IReadOnlyList<ParameterGradient> gradients) =>
        new(inputs, nodes, outputs, gradients);

    private static void Reports(string what, Graph graph)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Verify.Run(graph, "Test"));
        Assert.StartsWith("After Test: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }
}
