using Xunit;

namespace Intaglio.Compiler.Tests.Passes;

/// <summary>The graph for generation gives the logits that the graph for training has, however the tokens arrive.</summary>
public sealed class IncrementalDecodingTests
{
    public static TheoryData<string> Models => [.. ModelCases.ByName.Keys];

    [Theory]
    [MemberData(nameof(Models))]
    public void Token_by_token_gives_the_logits_of_the_whole_sequence(string model)
    {
        var item = ModelCases.ByName[model];
        var call = item.Call() with { Keep = (_, _, _) => 1 };
        var logits = TrainingLogits(item, call);
        var cache = new KeyValueCache();
        for (var position = 0; position < item.Time; position++)
        {
            var now = position;
            var step = Step(call, cache, item.Batch, sequence => sequence, _ => now, row => (row * item.Time) + now);

            var actual = GraphInterpreter.Run(item.Inference(), step).Output;

            for (var sequence = 0; sequence < item.Batch; sequence++)
                SameRow(logits, (sequence * item.Time) + position, actual, sequence);
        }
    }

    [Fact]
    public void A_prompt_in_two_pieces_in_any_slot_gives_the_logits_of_the_whole_sequence()
    {
        var item = ModelCases.ByName["odd sizes"];
        var call = item.Call() with { Keep = (_, _, _) => 1 };
        var logits = TrainingLogits(item, call);
        var cache = new KeyValueCache();
        var first = Step(call, cache, 2, _ => 7, row => row, row => row);
        var second = Step(call, cache, 3, _ => 7, row => row + 2, row => row + 2).WithInput("Outputs", Tensor.Indices(2, 0));

        GraphInterpreter.Run(item.Inference(), first);
        var actual = GraphInterpreter.Run(item.Inference(), second).Output;

        SameRow(logits, 4, actual, 0);
        SameRow(logits, 2, actual, 1);
    }

    private static Call Step(Call training, KeyValueCache cache, int rows, Func<int, int> slot, Func<int, int> position, Func<int, int> trainingRow) => training with
    {
        Batch = rows,
        Time = 1,
        Cache = cache,
        Inputs = new Dictionary<string, Tensor>
        {
            ["Tokens"] = Tensor.Filled([rows], row => training.Inputs["Tokens"].Index(trainingRow(row))),
            ["Positions"] = Tensor.Filled([rows], row => position(row)),
            ["Slots"] = Tensor.Filled([rows], row => slot(row)),
            ["Outputs"] = Tensor.Filled([rows], row => row),
        },
    };

    private static Tensor TrainingLogits(ModelCase item, Call call)
    {
        var graph = item.Training();
        return GraphInterpreter.Run(graph with { Outputs = [graph.Nodes[^1].Inputs[0]] }, call).Output;
    }

    // The same sums in another order at most.
    private static void SameRow(Tensor expected, int expectedRow, Tensor actual, int actualRow) =>
        Assert.All(Enumerable.Range(0, expected.Width), column => Assert.Equal(expected[expectedRow, column], actual[actualRow, column], 1e-12));
}
