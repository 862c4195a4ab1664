using Intaglio.Generation;
using Intaglio.Runtime.Tests.Cpu;
using Intaglio.Runtime.Tests.Training;
using Xunit;

namespace Intaglio.Runtime.Tests.Generation;

[Collection(CpuCollection.Name)]
public sealed class SourceReaderTests : IDisposable
{
    private static readonly int[] Source = [3, 1, 4];
    private static readonly int[] Text = [9, 2, 6, 5];
    private readonly Device _device = Device.Cpu(threads: 1);
    private readonly TinyTranslator _model;

    public SourceReaderTests() => _model = TinyTranslator.Create(_device, seed: 5);

    public void Dispose()
    {
        _model.Dispose();
        _device.Dispose();
    }

    [Fact]
    public void What_is_written_of_a_source_is_what_training_computes()
    {
        int[] targets = [7, 8, 9, 10];
        double loss;
        using (var trainer = new Trainer<TinyTranslator>(_model, new() { BatchSize = 1, ContextLength = 4, SourceLength = 3 }))
            loss = trainer.ComputeGradients(new Given { Rows = 1, Tokens = Text, Targets = targets, SourceTokens = Source }.Batch);

        using var session = _model.OpenSession(new SessionOptions { SourceCapacity = 5 });
        new SourceReader<TinyTranslator>(session).Read(Source);
        var logits = session.ComputeLogits(Text);

        // The same float activations through two paths of the model.
        Assert.Equal(Enumerable.Range(0, 4).Average(i => NegativeLogProbability(logits.AsSpan(50 * i, 50), targets[i])), loss, 1e-5);
    }

    [Fact]
    public void Slots_write_of_their_own_sources()
    {
        using var session = _model.OpenSession(new SessionOptions { Slots = 2 });
        var reader = new SourceReader<TinyTranslator>(session);
        reader.Read(Source, slot: 0);
        reader.Read([8, 8], slot: 1);
        session.Append(0, Text);
        session.Append(1, Text);
        var (first, second) = (session.Logits(0).ToArray(), session.Logits(1).ToArray());
        Assert.NotEqual(first, second);

        // What a slot held is forgotten.
        reader.Read(Source, slot: 1);
        Assert.Equal(0, session.Length(1));
        session.Append(1, Text);
        Assert.Equal(first, session.Logits(1).ToArray());
    }

    [Fact]
    public void A_slot_without_a_source_cannot_be_written_of()
    {
        using var session = _model.OpenSession();
        Assert.Contains("SourceReader", Assert.Throws<InvalidOperationException>(() => session.Append(Text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        using var session = _model.OpenSession(new SessionOptions { Slots = 2, SourceCapacity = 5 });
        var reader = new SourceReader<TinyTranslator>(session);
        AssertRefused<ArgumentException>(() => reader.Read([]), "from 1 to 5 tokens, not 0");
        AssertRefused<ArgumentException>(() => reader.Read(new int[6]), "from 1 to 5 tokens, not 6");
        AssertRefused<ArgumentOutOfRangeException>(() => reader.Read([1, 50]), "Tokens of TinyTranslator are from 0 to 49");
        AssertRefused<ArgumentOutOfRangeException>(() => reader.Read(Source, slot: 2), "slot");
        AssertRefused<ArgumentOutOfRangeException>(() => reader.Read(Source, slot: -1), "slot");
        AssertRefused<ArgumentOutOfRangeException>(() => _model.OpenSession(new SessionOptions { SourceCapacity = 9 }), "SourceCapacity must be from 1 to the model's context length, 8");
    }

    [Fact]
    public void Sources_are_read_between_steps_through_the_trainer_alone()
    {
        using var session = _model.OpenSession();
        var reader = new SourceReader<TinyTranslator>(session);
        using var trainer = new Trainer<TinyTranslator>(_model, new() { BatchSize = 1, ContextLength = 4, SourceLength = 3 });
        trainer.Step(new Given { Rows = 1, Tokens = Text, Targets = Text, SourceTokens = Source }.Batch);
        Assert.Throws<InvalidOperationException>(() => reader.Read(Source));

        using var own = trainer.OpenSession();
        new SourceReader<TinyTranslator>(own).Read(Source);
        own.Append(Text);
        Assert.Equal(4, own.Length());
    }

    [Fact]
    public void Reading_and_writing_allocate_nothing()
    {
        using var session = _model.OpenSession();
        var reader = new SourceReader<TinyTranslator>(session);
        Assert.Equal(0, Allocations.Least(() =>
        {
            reader.Read(Source);
            session.Append(Text);
            session.Next(default(Greedy));
        }));
    }

    private static double NegativeLogProbability(ReadOnlySpan<float> logits, int target)
    {
        var sum = 0.0;
        foreach (var logit in logits)
            sum += Math.Exp(logit);

        return Math.Log(sum) - logits[target];
    }

    private static void AssertRefused<TException>(Action run, string message)
        where TException : ArgumentException => Assert.Contains(message, Assert.Throws<TException>(run).Message, StringComparison.Ordinal);
}
