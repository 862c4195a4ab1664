using Intaglio.Data;
using Xunit;

namespace Intaglio.Runtime.Tests.Training;

public sealed class FitTests : IDisposable
{
    private static readonly TrainerOptions Options = new() { Steps = 12, BatchSize = 2, ContextLength = 8, LearningRate = 1e-2f, Seed = 9, GradientAccumulation = 2 };

    private readonly NaiveDevice _device = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("intaglio-fit-").FullName;

    public void Dispose()
    {
        _device.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void A_run_learns_and_reports_each_step()
    {
        using var model = TinyGpt.Create(_device, 1);
        using var trainer = new Trainer<TinyGpt>(model, Options with { Steps = 40, BatchSize = 4, EvaluationInterval = 20 });
        var reports = new Recorder();

        var result = trainer.Fit(Sequences.Learnable, reports);

        // Uniform guesses cost ln 50 = 3.91; the sequence repeats, so that even 40 steps must do far better.
        Assert.InRange(result.ValidationLoss!.Value, 0, 3);
        Assert.Equal(TrainingStatus.Completed, result.Status);
        Assert.Equal(Enumerable.Range(1, 40).Select(step => (long)step), reports.Values.Select(report => report.Step));
        Assert.Equal([20L, 40L], reports.Values.Where(report => report.ValidationLoss is not null).Select(report => report.Step));
        Assert.Equal(result.ValidationLoss, reports.Values[^1].ValidationLoss);
        Assert.Equal(trainer.History.Training.Select(point => point.Loss), reports.Values.Select(report => report.Loss));
        Assert.Equal(TimeSpan.Zero, reports.Values[^1].TimeLeft);
        Assert.All(reports.Values, report => Assert.True(report.TokensPerSecond > 0));
    }

    [Fact]
    public void A_resumed_run_equals_the_straight_one_bit_for_bit()
    {
        using var straight = TinyGpt.Create(_device, 1);
        using var whole = new Trainer<TinyGpt>(straight, Options);
        var wholeResult = whole.Fit(Sequences.Learnable);

        using (var model = TinyGpt.Create(_device, 1))
        using (var trainer = new Trainer<TinyGpt>(model, Options with { CheckpointDirectory = _directory }))
        using (var cancellation = new CancellationTokenSource())
        {
            var cancelled = trainer.Fit(Sequences.Learnable, new CancelAt(5, cancellation), cancellation.Token);
            Assert.Equal((TrainingStatus.Cancelled, 5L), (cancelled.Status, cancelled.Step));
            Assert.Null(cancelled.ValidationLoss);
        }

        // Another seed: every weight must come from the checkpoint.
        using var resumed = TinyGpt.Create(_device, 2);
        using var rest = new Trainer<TinyGpt>(resumed, Options);
        rest.Resume(_directory);
        Assert.Equal(5, rest.CompletedSteps);
        var restResult = rest.Fit(Sequences.Learnable);

        Assert.Equal(whole.History.Training, rest.History.Training);
        Assert.Equal(whole.History.Smoothed, rest.History.Smoothed);
        Assert.Equal(wholeResult.ValidationLoss, restResult.ValidationLoss);
        Assert.All(Model<TinyGpt>.Description.Parameters.Parameters(), parameter => Assert.Equal(straight.ReadParameter(parameter.Name), resumed.ReadParameter(parameter.Name)));
    }

    [Fact]
    public void A_saved_run_loads_as_a_model()
    {
        using var model = TinyGpt.Create(_device, 1);
        using var trainer = new Trainer<TinyGpt>(model, Options with { Steps = 2, CheckpointDirectory = _directory });
        var result = trainer.Fit(Sequences.Learnable);

        using var loaded = TinyGpt.Load(result.Checkpoint!, _device);

        Assert.All(Model<TinyGpt>.Description.Parameters.Parameters(), parameter => Assert.Equal(model.ReadParameter(parameter.Name), loaded.ReadParameter(parameter.Name)));
        var checkpoint = TrainingCheckpoint.Read(_directory);
        Assert.Equal(("TinyGpt", 2L), (checkpoint.Model, checkpoint.CompletedSteps));
        Assert.Equal(8, checkpoint.Options.ContextLength);
        Assert.Equal(trainer.History.Training.Select(point => point.Loss), checkpoint.TrainingLosses);
    }

    [Fact]
    public void Checkpoints_are_saved_at_their_interval()
    {
        using var model = TinyGpt.Create(_device, 1);
        using var trainer = new Trainer<TinyGpt>(model, Options with { Steps = 5, CheckpointInterval = 2, CheckpointDirectory = _directory });
        var saved = new List<long>();

        var reports = new Recorder(_ => saved.Add(TrainingCheckpoint.Newest(_directory) is null ? 0 : TrainingCheckpoint.Read(_directory).CompletedSteps));
        var result = trainer.Fit(Sequences.Learnable, reports);

        Assert.Equal([0, 2, 2, 4, 5], saved);
        Assert.Equal([null, "checkpoint-2", null, "checkpoint-4", "checkpoint-5"], reports.Values.Select(report => Path.GetFileName(report.Checkpoint)));
        Assert.Equal(Path.Combine(_directory, "checkpoint-5"), result.Checkpoint);
        Assert.Equal(result.Checkpoint, trainer.LastCheckpoint);
    }

    [Fact]
    public void A_finished_run_goes_on_at_the_minimum_rate_when_given_more_steps()
    {
        using var model = TinyGpt.Create(_device, 1);
        using (var trainer = new Trainer<TinyGpt>(model, Options with { Steps = 4, CheckpointDirectory = _directory }))
            trainer.Fit(Sequences.Learnable);

        using var more = new Trainer<TinyGpt>(model, Options with { Steps = 6, DecaySteps = 4 });
        more.Resume(_directory);
        var reports = new Recorder();
        more.Fit(Sequences.Learnable, reports);

        Assert.Equal([5L, 6L], reports.Values.Select(report => report.Step));
        Assert.All(reports.Values, report => Assert.Equal(1e-3f, report.LearningRate, 1e-9));
    }

    public static TheoryData<string, TrainerOptions> OtherRuns => new()
    {
        { "BatchSize", Options with { BatchSize = 3 } },
        { "ContextLength", Options with { ContextLength = 9 } },
        { "GradientAccumulation", Options with { GradientAccumulation = 1 } },
        { "LearningRate", Options with { LearningRate = 2e-2f } },
        { "MinimumLearningRate", Options with { MinimumLearningRate = 0 } },
        { "WarmupSteps", Options with { WarmupSteps = 0 } },
        { "DecaySteps", Options with { Steps = 19 } },
        { "WeightDecay", Options with { WeightDecay = 0 } },
        { "Beta1", Options with { Beta1 = 0.8f } },
        { "Beta2", Options with { Beta2 = 0.8f } },
        { "Epsilon", Options with { Epsilon = 1e-6f } },
        { "ClipNorm", Options with { ClipNorm = 0 } },
        { "Seed", Options with { Seed = 10 } },
    };

    [Theory]
    [MemberData(nameof(OtherRuns))]
    public void Resuming_with_another_option_is_refused(string option, TrainerOptions options)
    {
        using var model = TinyGpt.Create(_device, 1);
        using (var trainer = new Trainer<TinyGpt>(model, Options))
            trainer.SaveCheckpoint(_directory);

        using var other = new Trainer<TinyGpt>(model, options);
        var error = Assert.Throws<CheckpointException>(() => other.Resume(_directory));

        Assert.Equal(option, error.Key);
        Assert.Contains(option, error.Message);
    }

    [Fact]
    public void Resuming_with_another_text_is_refused()
    {
        using var model = TinyGpt.Create(_device, 1);
        using var trainer = new Trainer<TinyGpt>(model, Options with { Steps = 2, CheckpointDirectory = _directory });
        trainer.Fit(Sequences.Learnable);

        trainer.Resume(_directory);

        Assert.Throws<DataException>(() => trainer.Fit(new TokenCorpus(Sequences.Random(100), Sequences.Random(20), 50)));
    }

    [Fact]
    public void Resuming_from_nothing_or_from_half_a_file_is_refused_and_changes_nothing()
    {
        using var model = TinyGpt.Create(_device, 1);
        using var trainer = new Trainer<TinyGpt>(model, Options);
        Assert.Throws<CheckpointException>(() => trainer.Resume(_directory));

        var checkpoint = trainer.SaveCheckpoint(_directory);
        trainer.Step(Sequences.Learnable);
        var before = model.ReadParameter("wte.weight");
        var file = Path.Combine(checkpoint, "model.safetensors");
        using (var stream = File.OpenWrite(file))
            stream.SetLength(stream.Length / 2);

        Assert.Equal(file, Assert.Throws<CheckpointException>(() => trainer.Resume(_directory)).File);
        Assert.Equal(before, model.ReadParameter("wte.weight"));
        Assert.Equal(1, trainer.CompletedSteps);
    }

    [Fact]
    public void While_a_model_is_trained_only_the_trainers_sessions_read_it()
    {
        using var model = TinyGpt.Create(_device, 1);
        using var early = model.OpenSession();
        early.Append([1, 2]);
        using (var trainer = new Trainer<TinyGpt>(model, Options))
        {
            Assert.Throws<InvalidOperationException>(() => model.OpenSession());
            Assert.Throws<InvalidOperationException>(() => early.Next());
            Assert.Throws<InvalidOperationException>(() => new Trainer<TinyGpt>(model, Options));
            using var session = trainer.OpenSession();
            session.Append([1, 2]);
            trainer.Step(Sequences.Learnable);
            Assert.InRange(session.Next(), 0, 49);

            // A run that is over writes no more, so that the model can be used beside its trainer.
            trainer.Fit(Sequences.Learnable);
            Assert.InRange(early.Next(), 0, 49);
            trainer.Step(Sequences.Learnable);
            Assert.Throws<InvalidOperationException>(() => early.Next());
        }

        Assert.InRange(early.Next(), 0, 49);
    }

    private sealed class Recorder(Action<TrainingProgress>? then = null) : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Values { get; } = [];

        public void Report(TrainingProgress value)
        {
            Values.Add(value);
            then?.Invoke(value);
        }
    }

    private sealed class CancelAt(long step, CancellationTokenSource cancellation) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step == step)
                cancellation.Cancel();
        }
    }
}
