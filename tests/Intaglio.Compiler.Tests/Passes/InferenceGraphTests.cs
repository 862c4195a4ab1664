using Xunit;

namespace Intaglio.Compiler.Tests.Passes;

/// <summary>The graph that trains nothing gives the logits that the graph for training has, however the tokens of one that generates arrive.</summary>
public sealed class InferenceGraphTests
{
    public static TheoryData<string> Models => [.. ModelCases.ByName.Values.Where(item => item.Spec.Generates).Select(item => item.Name)];

    public static TheoryData<string> WithoutGeneration => [.. ModelCases.Trained.Where(item => !item.Spec.Generates).Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Token_by_token_gives_the_logits_of_the_whole_sequence(string model)
    {
        var item = ModelCases.ByName[model];
        var logits = TestModel.TrainingLogits(item.Spec, item.Unpadded());
        var (cache, inference) = (new KeyValueCache(), ModelCases.Optimized(item.Inference()));
        if (item.Spec.IsEncoderDecoder)
            GraphInterpreter.Run(ModelCases.Optimized(item.Encoding()), item.Sources(sequence => sequence, cache));

        for (var position = 0; position < item.Time; position++)
        {
            int[] rows = [.. Enumerable.Range(0, item.Batch).Select(sequence => (sequence * item.Time) + position)];
            var actual = GraphInterpreter.Run(inference, item.Generation(rows, sequence => sequence, cache)).Output;

            for (var sequence = 0; sequence < item.Batch; sequence++)
                SameRow(logits, rows[sequence], actual, sequence);
        }
    }

    [Theory]
    [InlineData("odd sizes")]
    [InlineData("T5, dropout, a short source")]
    [InlineData("buckets of distances, tied, a scaled embedding")]
    public void A_prompt_in_two_pieces_in_any_slot_gives_the_logits_of_the_whole_sequence(string model)
    {
        var item = ModelCases.ByName[model];
        var logits = TestModel.TrainingLogits(item.Spec, item.Unpadded());
        var cache = new KeyValueCache();
        if (item.Spec.IsEncoderDecoder)
            GraphInterpreter.Run(item.Encoding(), item.Sources(sequence => 7 - sequence, cache));

        GraphInterpreter.Run(item.Inference(), item.Generation([0, 1], sequence => 7 - sequence, cache));
        var actual = GraphInterpreter.Run(item.Inference(), item.Generation([2, 3, 4], sequence => 7 - sequence, cache).WithInput("Outputs", Tensor.Indices(2, 0))).Output;

        SameRow(logits, 4, actual, 0);
        SameRow(logits, 2, actual, 1);
    }

    [Theory]
    [MemberData(nameof(WithoutGeneration))]
    public void What_a_model_without_generation_gives_is_what_its_loss_reads(string model)
    {
        var item = ModelCases.ByName[model];
        var call = item.Call() with { Keep = (_, _, _) => 1 };
        var (expected, actual) = (TestModel.TrainingLogits(item.Spec, call), GraphInterpreter.Run(ModelCases.Optimized(item.Inference()), call).Output);

        Assert.Equal(expected.Sides, actual.Sides);
        for (var row = 0; row < expected.Rows; row++)
            SameRow(expected, row, actual, row);
    }

    // The same sums in another order at most.
    private static void SameRow(Tensor expected, int expectedRow, Tensor actual, int actualRow) =>
        Assert.All(Enumerable.Range(0, expected.Width), column => Assert.Equal(expected[expectedRow, column], actual[actualRow, column], 1e-12));
}
