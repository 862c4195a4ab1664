using Intaglio.Compiler.Passes;
using Xunit;

namespace Intaglio.Compiler.Tests.Gradients;

/// <summary>
/// Each gradient rule against finite differences of Σ c · output with random c: every element of every input and parameter of graphs as small as one op.
/// </summary>
public sealed class OpGradientTests
{
    // Truncation and rounding of the differences are near 1e-12 here (see FiniteDifferences), the sums have some dozens of terms of magnitude around 1;
    // a wrong rule is wrong by 1e-2 or more.
    private const double Tolerance = 1e-9;

    private static readonly Dictionary<string, OpCase> Cases = OpCases.All().ToDictionary(item => item.Name);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradient_rule_agrees_with_finite_differences(string name)
    {
        var item = Cases[name];
        var forward = item.Graph();
        var call = RandomCall(forward, item.Batch, item.Time);
        var outputs = GraphInterpreter.Run(forward, call).Outputs;
        var numbers = new Numbers(99);
        Tensor[] weights = [.. outputs.Select(output => numbers.Normal(output.Sides))];
        double Objective(Call changed) => GraphInterpreter.Run(forward, changed).Outputs.Zip(weights, (output, weight) => output.Dot(weight)).Sum();

        var (reverse, inputs) = Reverse(forward);
        Verify.Run(reverse, "differentiation");
        var outcome = GraphInterpreter.Run(reverse, weights.Select((weight, i) => (weight, i)).Aggregate(call, (changed, seed) => changed.WithInput(SeedName(seed.i), seed.weight)));

        foreach (var (input, gradient) in inputs.Zip(outcome.Outputs))
            Compare(input, call.Inputs[input], gradient, changed => Objective(call.WithInput(input, changed)));

        Assert.Equal(call.Parameters.Keys.Order(), outcome.Gradients.Keys.Order());
        foreach (var (parameter, gradient) in outcome.Gradients)
            Compare(parameter, call.Parameters[parameter], gradient, changed => Objective(call.With(parameter, changed)));
    }

    [Fact]
    public void Every_op_with_a_gradient_rule_is_tested()
    {
        var tested = Cases.Values.SelectMany(item => item.Graph().WithBodies()).SelectMany(graph => graph.Nodes).Select(node => node.Op.GetType()).Append(typeof(CrossEntropy));
        var withRule = typeof(Op).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Op)) && type.GetMethod(nameof(Op.Differentiate))!.DeclaringType == type);

        Assert.Empty(withRule.Except(tested));
    }

    [Fact]
    public void Cross_entropy_gradient_is_the_derivative_of_the_scaled_losses()
    {
        var builder = new GraphBuilder();
        var tokens = builder.Input("Tokens", TensorType.Indices(Dimension.Rows));
        var targets = builder.Input("Targets", TensorType.Indices(Dimension.Rows));
        var logits = builder.Add(new Embed(1, Fusion.Identity), "Logits", [tokens, builder.Parameter(CaseBuilder.ParameterSpec("Table", 4, 5), NumberFormat.FP32)]);
        var graph = builder.Build(builder.Add(new CrossEntropy(), "Losses", [logits, targets]));
        var call = new Call
        {
            Batch = 2,
            Time = 2,
            Inputs = new Dictionary<string, Tensor> { ["Tokens"] = Tensor.Indices(0, 1, 2, 3), ["Targets"] = Tensor.Indices(0, -1, 4, 2) },
            Parameters = new Dictionary<string, Tensor> { ["Table"] = new Numbers(3).Normal(4, 5) },
            LossScale = 0.3,
        };

        var gradient = GraphInterpreter.Run(Differentiate.Run(graph), call).Gradients["Table"];
        Compare("Table", call.Parameters["Table"], gradient, table => 0.3 * GraphInterpreter.Run(graph, call.With("Table", table)).Output.Values.Sum());

        Assert.All(Enumerable.Range(0, 5), column => Assert.Equal(0, gradient[1, column]));
    }

    [Theory]
    [InlineData(3, 4, 5)]
    [InlineData(1, 1, 2)]
    public void Head_loss_gives_the_gradients_of_its_scaled_losses(int rows, int width, int vocabulary)
    {
        var builder = new GraphBuilder();
        var x = builder.Input("X", TensorType.Activation(Dimension.Rows, width));
        var weight = builder.Parameter(CaseBuilder.ParameterSpec("Weight", vocabulary, width), NumberFormat.FP32);
        var targets = builder.Input("Targets", TensorType.Indices(Dimension.Rows));
        var results = builder.Add(new HeadLoss(128, HasGradient: true), "Head", [x, weight, targets], ["Losses", "XGradient", "WeightGradient"]);
        var graph = builder.Build(results);
        var call = new Call
        {
            Batch = 1,
            Time = rows,
            Inputs = new Dictionary<string, Tensor> { ["X"] = new Numbers(3).Normal(rows, width), ["Targets"] = Tensor.Filled([rows], row => row % vocabulary) },
            Parameters = new Dictionary<string, Tensor> { ["Weight"] = new Numbers(4).Normal(vocabulary, width) },
            LossScale = 0.7,
        };

        var outcome = GraphInterpreter.Run(graph, call);
        double Loss(Call changed) => 0.7 * GraphInterpreter.Run(graph, changed).Output.Values.Sum();
        for (var i = 0; i < rows * width; i++)
            Assert.Equal(FiniteDifferences.Smooth(h => Loss(call.WithInput("X", call.Inputs["X"].Plus(i, h)))), outcome.Outputs[1].Values[i], Tolerance);

        for (var i = 0; i < vocabulary * width; i++)
            Assert.Equal(FiniteDifferences.Smooth(h => Loss(call.With("Weight", call.Parameters["Weight"].Plus(i, h)))), outcome.Outputs[2].Values[i], Tolerance);
    }

    private static void Compare(string name, Tensor at, Tensor gradient, Func<Tensor, double> objective)
    {
        Assert.Equal(at.Values.Length, gradient.Values.Length);
        for (var i = 0; i < at.Values.Length; i++)
        {
            var difference = FiniteDifferences.Smooth(h => objective(at.Plus(i, h)));
            Assert.True(Math.Abs(difference - gradient.Values[i]) <= Tolerance * (1 + Math.Abs(difference)), $"{name}[{i}]: {gradient.Values[i]:R}, by differences {difference:R}");
        }
    }

    // Lets the gradient rules walk the graph back from inputs that stand for the outputs' gradients.
    private static (Graph Graph, IReadOnlyList<string> Inputs) Reverse(Graph forward)
    {
        var builder = new GraphBuilder();
        builder.Append(forward.Nodes);
        var gradients = new GradientBuilder(builder, forward);
        Value[] seeds = [.. forward.Outputs.Select((output, i) => builder.Input(SeedName(i), output.Type))];
        for (var i = 0; i < seeds.Length; i++)
            gradients.Contribute(forward.Outputs[i], seeds[i]);

        foreach (var node in forward.Nodes.Reverse())
            node.Op.Differentiate(node, [.. node.Outputs.Select(gradients.Of)], gradients);

        Value[] differentiated = [.. forward.Inputs.Where(input => !input.Type.IsIndex)];
        Assert.All(differentiated, input => Assert.NotNull(gradients.Of(input)));
        var graph = builder.Build([.. differentiated.Select(input => gradients.Of(input)!)]) with { Inputs = [.. forward.Inputs, .. seeds] };
        return (graph, [.. differentiated.Select(input => input.Name)]);
    }

    private static string SeedName(int output) => $"OutputGradient{output}";

    private static Call RandomCall(Graph graph, int batch, int time)
    {
        var numbers = new Numbers(7);
        var layers = graph.Nodes.Select(node => node.Op).OfType<Repeat>().Select(repeat => repeat.Count).SingleOrDefault();
        var parameters =
            from part in graph.WithBodies()
            from parameter in part.Nodes.Select(node => node.Op).OfType<ParameterOp>().Select(op => op.Parameter).Distinct()
            from stored in parameter.Stored
            from layer in Enumerable.Range(0, parameter.Segment == Segment.Layer ? layers : 1)
            select (Name: TestModel.NameOf(stored, layer), stored.Shape);
        return new()
        {
            Batch = batch,
            Time = time,
            Inputs = graph.Inputs.ToDictionary(
                input => input.Name,
                input => input.Type.IsIndex ? Tensor.Filled([batch * time], _ => numbers.Below(OpCase.IndexEnd)) : numbers.Normal(batch * time, input.Type.Width)),
            Parameters = parameters.ToDictionary(parameter => parameter.Name, parameter => numbers.Normal(parameter.Shape)),
            Keep = TestModel.FixedMasks(5),
        };
    }
}
