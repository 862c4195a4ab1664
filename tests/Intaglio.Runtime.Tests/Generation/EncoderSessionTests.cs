using Intaglio.Runtime.Tests.Cpu;
using Intaglio.Runtime.Tests.Training;
using Xunit;

namespace Intaglio.Runtime.Tests.Generation;

[Collection(CpuCollection.Name)]
public sealed class EncoderSessionTests : IDisposable
{
    private readonly Device _device = Device.Cpu(threads: 1);
    private readonly TinyEncoder _model;

    public EncoderSessionTests() => _model = TinyEncoder.Create(_device, seed: 5);

    public void Dispose()
    {
        _model.Dispose();
        _device.Dispose();
    }

    [Fact]
    public void A_padded_sequence_gives_what_it_gives_alone()
    {
        using var session = _model.OpenSession(new() { BatchSize = 3, Length = 6 });
        int[] tokens = [.. Sequences.Random(18)];
        var alone = session.Run(tokens.AsSpan(8, 3)).ToArray();

        var padded = session.Run([.. tokens[..6], .. tokens[8..11], 7, 7, 7, .. tokens[12..]], 3, [0, 6, 0, 3, 2, 5]).ToArray();

        // The same sums over the same floats, in blocks of another number of rows.
        Assert.Equal(18 * 50, padded.Length);
        Assert.All(alone.Zip(padded.Skip(6 * 50)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void A_result_is_a_row_for_each_token_or_sequence()
    {
        using var classifier = TinyClassifier.Create(_device, 1);
        using var labels = classifier.OpenSession(new() { BatchSize = 2, Length = 4 });
        Assert.Equal((ResultKind.SequenceLabels, 3), (labels.Result.Kind, labels.Result.Width));
        Assert.Equal(2 * 3, labels.Run(Sequences.Random(8), 2).Length);

        using var reader = TinyReader.Create(_device, 1);
        using var answers = reader.OpenSession(new() { BatchSize = 2, Length = 4 });
        Assert.Equal(8 * 2, answers.Run(Sequences.Random(8), 2).Length);

        using var sentences = TinySentences.Create(_device, 1);
        using var vectors = sentences.OpenSession(new() { BatchSize = 2, Length = 4 });
        var result = vectors.Run(Sequences.Random(8), 2).ToArray();
        Assert.Equal(2 * 16, result.Length);

        // Of length 1: a square root and a division in float, 16 squares.
        Assert.All(result.Chunk(16), vector => Assert.Equal(1, vector.Sum(value => value * value), 1e-5f));
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        using var session = _model.OpenSession(new() { BatchSize = 2, Length = 4 });
        AssertRefused<ArgumentOutOfRangeException>(() => session.Run(new int[8], 0), "from 1 to 2 sequences");
        AssertRefused<ArgumentOutOfRangeException>(() => session.Run(new int[9], 3), "from 1 to 2 sequences");
        AssertRefused<ArgumentException>(() => session.Run([]), "0 tokens are not 1 sequences");
        AssertRefused<ArgumentException>(() => session.Run(new int[7], 2), "7 tokens are not 2 sequences of one length");
        AssertRefused<ArgumentException>(() => session.Run(new int[5]), "Sequences of 5 tokens are longer than the session's 4");
        AssertRefused<ArgumentException>(() => session.Run(new int[8], 2, [0, 4]), "There are 2 bounds; 2 sequences have 4");
        AssertRefused<ArgumentException>(() => session.Run(new int[8], 2, [0, 4, 2, 2]), "The bounds of sequence 1 are 2 and 2");
        AssertRefused<ArgumentException>(() => session.Run(new int[8], 2, [0, 5, 0, 4]), "The bounds of sequence 0 are 0 and 5; they lie within 0 and 4");
        AssertRefused<ArgumentException>(() => session.Run(new int[8], 2, [], new int[4]), "There are 4 token types for 8 tokens");
        AssertRefused<ArgumentOutOfRangeException>(() => session.Run([1, 2, 3, 50]), "Tokens of TinyEncoder are from 0 to 49");
        AssertRefused<ArgumentOutOfRangeException>(() => session.Run(new int[4], 1, [], [0, 0, 0, 2]), "Token types of TinyEncoder are from 0 to 1");

        using var tagger = TinyTagger.Create(_device, 1);
        using var typeless = tagger.OpenSession();
        AssertRefused<ArgumentException>(() => typeless.Run(new int[4], 1, [], new int[4]), "TinyTagger has no token types");
    }

    [Fact]
    public void Sizes_out_of_range_are_refused_and_leave_nothing()
    {
        var before = _device.AllocatedBytes;
        Assert.Throws<ArgumentOutOfRangeException>(() => _model.OpenSession(new EncoderOptions { BatchSize = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => _model.OpenSession(new EncoderOptions { Length = 9 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => _model.OpenSession(new EncoderOptions { Length = -1 }));
        Assert.Equal(before, _device.AllocatedBytes);
    }

    [Fact]
    public void Weights_are_read_between_steps_through_the_trainer_alone()
    {
        using var session = _model.OpenSession();
        using var trainer = new Trainer<TinyEncoder>(_model, new() { BatchSize = 2, ContextLength = 4 });
        trainer.Step(new Given().Batch);
        Assert.Throws<InvalidOperationException>(() => session.Run([1, 2]));
        Assert.Throws<InvalidOperationException>(() => _model.OpenSession());

        using var own = trainer.OpenSession();
        Assert.Equal(2 * 50, own.Run([1, 2]).Length);
    }

    [Fact]
    public void A_session_takes_the_bytes_it_plans_and_a_run_allocates_nothing()
    {
        var before = _device.AllocatedBytes;
        using var session = _model.OpenSession(new() { BatchSize = 2, Length = 4 });
        Assert.Equal(_device.AllocatedBytes - before, session.PlannedBytes);

        var (tokens, bounds, types) = (Sequences.Random(8), new[] { 0, 4, 0, 2 }, new int[8]);
        Assert.Equal(0, Allocations.Least(() => session.Run(tokens, 2, bounds, types)));
    }

    private static void AssertRefused<TException>(Action run, string message)
        where TException : ArgumentException => Assert.Contains(message, Assert.Throws<TException>(run).Message, StringComparison.Ordinal);
}
