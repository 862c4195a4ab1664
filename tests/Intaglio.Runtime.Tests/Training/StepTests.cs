using Intaglio.Data;
using Intaglio.Testing;
using Xunit;

namespace Intaglio.Runtime.Tests.Training;

public sealed class StepTests : IDisposable
{
    private readonly NaiveDevice _device = new();
    private readonly TinyGpt _model;

    public StepTests() => _model = TinyGpt.Create(_device, seed: 5);

    public void Dispose()
    {
        _model.Dispose();
        _device.Dispose();
    }

    [Fact]
    public void Loss_is_the_mean_over_the_targets_that_count()
    {
        using var trainer = new Trainer<TinyGpt>(_model, new() { BatchSize = 2, ContextLength = 5 });
        int[] inputs = Sequences.Random(10);
        int[] targets = [.. Sequences.Random(10, 1).Select((token, i) => i % 3 == 0 ? -1 : token)];

        var loss = trainer.ComputeGradients(inputs, targets);

        var logits = Logits(trainer, inputs[..5], inputs[5..]);
        var expected = Enumerable.Range(0, 10).Where(i => targets[i] >= 0).Average(i => NegativeLogProbability(logits, i, targets[i]));

        // The same float activations through two paths of the model.
        Assert.Equal(expected, loss, 1e-6);
    }

    [Fact]
    public void Gradients_are_those_of_the_mean_loss() =>
        GradientCheck.Run<TinyGpt>(_device, new() { BatchSize = 1, ContextLength = 6, Directions = 1 }).ThrowIfFailed();

    [Fact]
    public void Accumulated_micro_batches_give_the_gradient_of_one_large_batch()
    {
        int[] inputs = Sequences.Random(32);
        int[] targets = [.. Sequences.Random(32, 1).Select((token, i) => i < 9 ? -1 : token)];
        float[] Gradient(TrainerOptions options, out double loss)
        {
            using var trainer = new Trainer<TinyGpt>(_model, options with { ContextLength = 8 });
            loss = trainer.ComputeGradients(inputs, targets);
            return trainer.ReadGradient("h.0.mlp.c_fc.weight");
        }

        var whole = Gradient(new() { BatchSize = 4 }, out var wholeLoss);
        var parts = Gradient(new() { BatchSize = 2, GradientAccumulation = 2 }, out var partsLoss);

        Assert.Equal(wholeLoss, partsLoss, 1e-12);

        // The same sums with one more rounding to float.
        Assert.All(whole.Zip(parts), pair => Assert.Equal(pair.First, pair.Second, 1e-7f));
    }

    [Fact]
    public void Gradients_are_of_one_step_only()
    {
        using var trainer = new Trainer<TinyGpt>(_model, new() { BatchSize = 1, ContextLength = 8 });
        trainer.ComputeGradients(Sequences.Random(8), Sequences.Random(8, 1));
        var once = trainer.ReadGradient("wte.weight");

        trainer.ComputeGradients(Sequences.Random(8), Sequences.Random(8, 1));

        Assert.Equal(once, trainer.ReadGradient("wte.weight"));
    }

    [Fact]
    public void Evaluation_covers_the_held_out_text_in_windows_side_by_side()
    {
        using var trainer = new Trainer<TinyGpt>(_model, new() { BatchSize = 2, ContextLength = 16 });
        var corpus = new TokenCorpus(Sequences.Random(100), Sequences.Random(55, 2), 50);

        var loss = trainer.Evaluate(corpus);

        var windows = corpus.HeldOut[..54].ToArray().Chunk(16).ToArray();
        var logits = Logits(trainer, windows);
        var expected = Enumerable.Range(0, 54).Average(i => NegativeLogProbability(logits, i, corpus.HeldOut[i + 1]));
        Assert.Equal(expected, loss, 1e-6);
    }

    [Fact]
    public void Evaluation_does_not_change_the_run()
    {
        using var trainer = new Trainer<TinyGpt>(_model, new() { BatchSize = 2 });
        var straight = Enumerable.Range(0, 3).Select(_ => trainer.Step(Sequences.Learnable).Loss).ToArray();
        trainer.Dispose();
        using var other = TinyGpt.Create(_device, seed: 5);
        using var evaluating = new Trainer<TinyGpt>(other, new() { BatchSize = 2 });

        var interrupted = Enumerable.Range(0, 3).Select(_ =>
        {
            evaluating.Evaluate(Sequences.Learnable);
            return evaluating.Step(Sequences.Learnable).Loss;
        }).ToArray();

        Assert.Equal(straight, interrupted);
    }

    [Fact]
    public void A_diverging_step_is_reported_and_leaves_the_weights()
    {
        _model.WriteParameter("ln_f.weight", Enumerable.Repeat(float.NaN, 32).ToArray());
        using var trainer = new Trainer<TinyGpt>(_model, new() { BatchSize = 1, ContextLength = 8 });
        var before = _model.ReadParameter("wte.weight");

        var error = Assert.Throws<DivergedException>(() => trainer.Step(Sequences.Learnable));

        Assert.Equal(1, error.Step);
        Assert.Contains("ln_f.weight, row 0, column 0 is NaN", error.Message);
        Assert.Contains("LearningRate", error.Message);
        Assert.Equal(before, _model.ReadParameter("wte.weight"));
        Assert.Equal(0, trainer.CompletedSteps);
    }

    [Fact]
    public void Batches_that_do_not_fit_are_refused()
    {
        using var trainer = new Trainer<TinyGpt>(_model, new() { BatchSize = 1, ContextLength = 4 });
        Assert.Throws<ArgumentException>(() => trainer.Step([1, 2, 3], [1, 2, 3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Step([1, 2, 3, 50], [1, 2, 3, 4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Step([1, 2, 3, -1], [1, 2, 3, 4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Step([1, 2, 3, 4], [1, 2, 3, 50]));
        Assert.Throws<ArgumentException>(() => trainer.Step([1, 2, 3, 4], [-1, -1, -1, -1]));
        Assert.Throws<ArgumentException>(() => trainer.Step(new TokenCorpus([1, 2, 3], [4, 5], 51)));
        Assert.Throws<ArgumentException>(() => trainer.ReadGradient("wte"));
    }

    [Fact]
    public void Planned_bytes_are_what_the_device_was_asked_for()
    {
        using (var trainer = new Trainer<TinyGpt>(_model, new() { BatchSize = 3, ContextLength = 11 }))
            Assert.Equal(_device.AllocatedBytes, trainer.PlannedBytes);

        Assert.Equal(_model.Weights.Bytes, _device.AllocatedBytes);
    }

    private static float[] Logits(Trainer<TinyGpt> trainer, params int[][] sequences)
    {
        using var session = trainer.OpenSession();
        return session.ComputeLogits(sequences);
    }

    private static double NegativeLogProbability(float[] logits, int row, int target)
    {
        var values = logits.AsSpan(row * 50, 50).ToArray();
        return Math.Log(values.Sum(value => Math.Exp(value))) - values[target];
    }
}
