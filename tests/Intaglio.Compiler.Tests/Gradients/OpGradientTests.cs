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
        var call = RandomCall(forward, item);
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
        var tested = Cases.Values.SelectMany(item => item.Graph().WithBodies()).SelectMany(graph => graph.Nodes).Select(node => node.Op.GetType()).Append(typeof(HeadLoss)).Append(typeof(SpanCrossEntropy));
        var withRule = typeof(Op).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Op)) && type.GetMethod(nameof(Op.Differentiate))!.DeclaringType == type);

        Assert.Empty(withRule.Except(tested));
    }

    [Theory]
    [InlineData(3, 4, 5, false, 0, false)]
    [InlineData(1, 1, 2, false, 0, false)]
    [InlineData(4, 3, 5, true, 0, true)]
    [InlineData(3, 3, 4, true, 1.5f, true)]
    [InlineData(3, 3, 4, false, 0.7f, false)]
    [InlineData(3, 3, 4, true, 2f, false)]
    public void Head_loss_gives_the_gradients_of_its_scaled_losses(int rows, int width, int vocabulary, bool hasBias, float softCap, bool trainsBias)
    {
        var builder = new GraphBuilder();
        var x = builder.Input("X", TensorType.Activation(Dimension.Rows, width));
        var weight = builder.Parameter(CaseBuilder.ParameterSpec("Weight", vocabulary, width), NumberFormat.FP32);
        var bias = builder.Parameter(CaseBuilder.ParameterSpec("Bias", vocabulary), NumberFormat.FP32);
        var targets = builder.Input("Targets", TensorType.Indices(Dimension.Rows));
        var results = builder.Add(new HeadLoss(128, hasBias, softCap, trainsBias), "Head", hasBias ? [x, weight, bias, targets] : [x, weight, targets], ["Losses", "XGradient", "WeightGradient", "BiasGradient"]);
        var graph = builder.Build(results);
        var call = new Call
        {
            Batch = 1,
            Time = rows,
            Inputs = new Dictionary<string, Tensor> { ["X"] = new Numbers(3).Normal(rows, width), ["Targets"] = Tensor.Filled([rows], row => row == 2 ? -1 : row % vocabulary) },
            Parameters = new Dictionary<string, Tensor> { ["Weight"] = new Numbers(4).Normal(vocabulary, width), ["Bias"] = new Numbers(5).Normal(vocabulary) },
            LossScale = 0.7,
        };

        var outcome = GraphInterpreter.Run(graph, call);
        double Loss(Call changed) => 0.7 * GraphInterpreter.Run(graph, changed).Output.Values.Sum();
        Compare("X", call.Inputs["X"], outcome.Outputs[1], changed => Loss(call.WithInput("X", changed)));
        Compare("Weight", call.Parameters["Weight"], outcome.Outputs[2], changed => Loss(call.With("Weight", changed)));
        Assert.Equal(trainsBias ? 4 : 3, outcome.Outputs.Count);
        if (trainsBias)
            Compare("Bias", call.Parameters["Bias"], outcome.Outputs[3], changed => Loss(call.With("Bias", changed)));

        Assert.All(Enumerable.Range(0, rows > 2 ? width : 0), column => Assert.Equal(0, outcome.Outputs[1][2, column]));
    }

    [Fact]
    public void The_padding_token_gets_no_gradient_where_it_is_looked_up()
    {
        var (whole, without) = (Gradient(-1), Gradient(1));

        Assert.NotEqual(0, whole[1, 0]);
        foreach (var row in Enumerable.Range(0, whole.Rows))
            Assert.All(Enumerable.Range(0, whole.Width), column => Assert.Equal(row == 1 ? 0 : whole[row, column], without[row, column]));

        static Tensor Gradient(int paddingToken)
        {
            var item = new OpCase("", given => [given.Add(new Embed(1, Fusion.Identity) { PaddingToken = paddingToken }, given.Indices("Tokens"), given.Parameter("Table", 3, 2))], 1, 5);
            var forward = item.Graph();
            var call = RandomCall(forward, item).WithInput("Tokens", Tensor.Indices(0, 1, 2, 1, 0)).WithInput(SeedName(0), new Numbers(8).Normal(5, 2));
            return GraphInterpreter.Run(Reverse(forward).Graph, call).Gradients["Table"];
        }
    }

    [Fact]
    public void Span_loss_gives_the_gradient_of_its_scaled_losses()
    {
        const int Time = 4;
        var builder = new GraphBuilder();
        Value[] operands =
        [
            builder.Input("Logits", TensorType.Activation(Dimension.Rows, 2)),
            .. new[] { "Bounds", "Starts", "Ends" }.Select(name => builder.Input(name, TensorType.Indices(Dimension.Sequences))),
        ];
        var graph = builder.Build(builder.Add(new SpanCrossEntropy(), "Head", operands, ["Losses", "Gradient"]));
        var call = new Call
        {
            Batch = 3,
            Time = Time,
            Inputs = new Dictionary<string, Tensor>
            {
                ["Logits"] = new Numbers(3).Normal(3 * Time, 2),
                ["Bounds"] = new([3, 2], [0, 4, 1, 3, 0, 2]),
                ["Starts"] = Tensor.Indices(1, 1, -1),
                ["Ends"] = Tensor.Indices(3, 2, 3),
            },
            Parameters = new Dictionary<string, Tensor>(),
            LossScale = 0.7,
        };

        var outcome = GraphInterpreter.Run(graph, call);
        Compare("Logits", call.Inputs["Logits"], outcome.Outputs[1], changed => 0.7 * GraphInterpreter.Run(graph, call.WithInput("Logits", changed)).Output.Values.Sum());

        // The answer of the last sequence is not within its bounds.
        Assert.Equal(0, outcome.Output[2, 0]);
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

    private static Call RandomCall(Graph graph, OpCase item)
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
            Batch = item.Batch,
            Time = item.Time,
            SourceTime = item.SourceTime,
            Inputs = graph.Inputs.ToDictionary(input => input.Name, Input),
            Parameters = parameters.ToDictionary(parameter => parameter.Name, parameter => numbers.Normal(parameter.Shape)),
            Positions = item.Positions,
            ContextLength = 16,
            Keep = TestModel.FixedMasks(5),
        };

        Tensor Input(Value input)
        {
            var time = input.Type.Shape[0] == Dimension.SourceRows ? item.SourceTime : item.Time;
            if (!input.Type.IsIndex)
                return numbers.Normal(item.Batch * time, input.Type.Width);

            if (input.Type.Shape[0] != Dimension.Sequences)
                return Tensor.Filled([item.Batch * time], _ => numbers.Below(OpCase.IndexEnd));

            // Of a sequence all but its last token, of the next one all but its first.
            var seen = item.SourceTime > 0 ? item.SourceTime : item.Time;
            return input.Name == "Bounds"
                ? Tensor.Filled([item.Batch, 2], i => i % 2 == 0 ? i / 2 % 2 : seen - ((i / 2) + 1) % 2)
                : Tensor.Filled([item.Batch], sequence => (sequence * item.Time) + numbers.Below(item.Time));
        }
    }
}
