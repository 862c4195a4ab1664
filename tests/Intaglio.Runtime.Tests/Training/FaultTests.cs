using Intaglio.Data;
using Intaglio.Numerics;
using Intaglio.Runtime.Tests.Checkpoints;
using Intaglio.Tokenizers;
using Xunit;

namespace Intaglio.Runtime.Tests.Training;

/// <summary>What can go wrong in a run: each time a clear error, and nothing lost.</summary>
public sealed class FaultTests : IDisposable
{
    private static readonly TrainerOptions Options = new() { Steps = 8, BatchSize = 2, ContextLength = 8, LearningRate = 1e-2f, Seed = 9, GradientAccumulation = 2 };

    private readonly NaiveDevice _device = new();
    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        _device.Touched = static () => { };
        _device.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("simulated")]
    [InlineData("naive")]
    public void The_first_launch_whose_result_is_not_finite_is_named_as_emitted_code_names_it(string target)
    {
        using var device = target == "naive" ? new NaiveDevice() : Device.Parse(target);
        using var model = TinyGpt.Create(device, 1);

        // Products of queries and keys of 1e30 are infinite, and ∞ - ∞ is no number.
        model.WriteParameter("h.1.attn.c_attn.weight", [.. model.ReadParameter("h.1.attn.c_attn.weight").Select(value => value * 1e30f)]);
        using var trainer = new Trainer<TinyGpt>(model, Options with { BatchSize = 1, ContextLength = 4, CheckpointDirectory = _directory.Path });
        var checkpoint = trainer.SaveCheckpoint(_directory.Path);
        var before = Weights(model);

        var fault = Assert.Throws<DivergedException>(() => trainer.Fit(Sequences.Learnable));

        Assert.StartsWith("Layer 1: Attention<TwoHeadsOf16, CausalMask, ScaledScore> -> ", fault.Launch, StringComparison.Ordinal);
        Assert.Equal((1L, checkpoint), (fault.Step, fault.Checkpoint));
        Assert.Contains(fault.Launch!, fault.Message, StringComparison.Ordinal);
        Assert.Contains(checkpoint, fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, Weights(model));
    }

    [Fact]
    public void A_diverged_step_can_be_made_again()
    {
        using var model = TinyGpt.Create(_device, 1);
        using var trainer = new Trainer<TinyGpt>(model, Options);
        using var straightModel = TinyGpt.Create(_device, 1);
        using var straight = new Trainer<TinyGpt>(straightModel, Options);
        var expected = Enumerable.Range(0, 4).Select(_ => straight.Step(Sequences.Learnable)).ToArray();

        List<TrainStep> made = [trainer.Step(Sequences.Learnable), trainer.Step(Sequences.Learnable)];
        var weights = new float[model.Weights.Bytes / sizeof(float)];
        model.Weights.Read<float>(weights);
        model.Weights.Write<float>([float.NaN]);
        Assert.Equal(3, Assert.Throws<DivergedException>(() => trainer.Step(Sequences.Learnable)).Step);
        model.Weights.Write<float>(weights);

        made.AddRange([trainer.Step(Sequences.Learnable), trainer.Step(Sequences.Learnable)]);
        Assert.Equal(expected, made);
    }

    [Fact]
    public void Layers_are_counted_down_in_the_backward_pass()
    {
        using var buffer = _device.Allocate(64);
        var inspector = new LaunchInspector(new Dictionary<Region, DeviceBuffer> { [Region.Arena] = buffer }, layers: 3);
        var result = new LaunchResult("Gradient", new(Region.Arena, 8), Rows: 3, Width: 2, Stride: 4);
        inspector.Check("Once<Shape>", result);
        inspector.IsBackward = true;
        for (var layer = 2; layer >= 0; layer--)
        {
            // Row 1, column 1; what lies between the rows does not count.
            buffer.Write<float>([float.NegativeInfinity], 8 + (6 * sizeof(float)));
            if (layer == 0)
                buffer.Write<float>([float.NaN], 8 + (5 * sizeof(float)));
            inspector.Check("Each<Shape>", result);
        }

        Assert.Equal(("Layer 0: Each<Shape> -> Gradient", "row 1, column 1 is NaN"), inspector.Fault);
    }

    [Fact]
    public void A_look_at_every_launch_changes_no_bit_and_finds_nothing_where_nothing_is()
    {
        using var model = TinyGpt.Create(_device, 1);
        using var trainer = new Trainer<TinyGpt>(model, Options with { GradientAccumulation = 1 });
        trainer.ComputeGradients(Sequences.Random(16), Sequences.Random(16, 1));
        var expected = trainer.ReadGradient("wte.weight");

        Assert.Equal((null, "Every launch has finite results; squares of the gradient overflow."), trainer.FirstNotFinite());

        Assert.Equal(expected, trainer.ReadGradient("wte.weight"));
    }

    [Fact]
    public void A_lost_device_ends_the_run_with_its_last_checkpoint_and_everything_can_be_disposed()
    {
        using var straightModel = TinyGpt.Create(_device, 1);
        using (var straight = new Trainer<TinyGpt>(straightModel, Options))
            straight.Fit(Sequences.Learnable);

        using var model = TinyGpt.Create(_device, 1);
        using (var trainer = new Trainer<TinyGpt>(model, Options with { CheckpointDirectory = _directory.Path, CheckpointInterval = 2 }))
        {
            var fault = Assert.Throws<DeviceException>(() => trainer.Fit(Sequences.Learnable, new At(5, () => _device.Touched = () => throw new DeviceException("naive: lost"))));
            Assert.StartsWith("naive: lost", fault.Message, StringComparison.Ordinal);
            Assert.Contains("The run had made 5 steps", fault.Message, StringComparison.Ordinal);
            Assert.Contains(_directory["checkpoint-4"], fault.Message, StringComparison.Ordinal);
        }

        Assert.Null(model.Writer);
        _device.Touched = static () => { };
        using var resumed = TinyGpt.Create(_device, 2);
        using var rest = new Trainer<TinyGpt>(resumed, Options with { CheckpointDirectory = _directory.Path, CheckpointInterval = 2 });
        rest.Resume(_directory.Path);
        rest.Fit(Sequences.Learnable);
        Assert.Equal(Weights(straightModel), Weights(resumed));
    }

    [Fact]
    public void A_save_that_fails_half_way_leaves_nothing_and_the_run_can_be_saved_elsewhere()
    {
        using var model = TinyGpt.Create(_device, 1);
        using var trainer = new Trainer<TinyGpt>(model, Options);
        trainer.SaveCheckpoint(_directory["run"]);
        trainer.Step(Sequences.Learnable);
        var reads = 0;
        _device.Touched = () =>
        {
            // In the middle of the weights.
            if (++reads == 5)
                throw new IOException("No space left on device");
        };

        var fault = Assert.Throws<CheckpointException>(() => trainer.SaveCheckpoint(_directory["run"]));
        _device.Touched = static () => { };

        Assert.Contains("model.safetensors: cannot be written: No space left on device", fault.Message, StringComparison.Ordinal);
        Assert.Equal(["checkpoint-0"], Directory.GetDirectories(_directory["run"]).Select(Path.GetFileName));
        Assert.Equal(_directory["run/checkpoint-0"], trainer.LastCheckpoint);
        TrainingCheckpoint.Verify(trainer.SaveCheckpoint(_directory["elsewhere"]));
    }

    [SkippableTheory]
    [InlineData("config.json")]
    [InlineData("model.safetensors")]
    [InlineData("optimizer.safetensors")]
    [InlineData("trainer_state.json")]
    [InlineData("manifest.json")]
    public void A_full_disk_is_told_of_with_the_file_and_costs_no_checkpoint(string name)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "/dev/full is Linux's");
        using var model = TinyGpt.Create(_device, 1);
        using var trainer = new Trainer<TinyGpt>(model, Options);
        trainer.SaveCheckpoint(_directory.Path);
        trainer.Step(Sequences.Learnable);

        // Writing to this device fails as on a disk without space.
        Directory.CreateDirectory(_directory[".unfinished-checkpoint-1"]);
        File.CreateSymbolicLink(_directory[$".unfinished-checkpoint-1/{name}"], "/dev/full");
        var fault = Assert.Throws<CheckpointException>(() => trainer.SaveCheckpoint(_directory.Path));

        Assert.Equal(name, Path.GetFileName(fault.File));
        Assert.Contains("No space left on device", fault.Message, StringComparison.Ordinal);
        Assert.Equal([".lock", "checkpoint-0"], _directory.Names());
        TrainingCheckpoint.Verify(_directory["checkpoint-0"]);
        TrainingCheckpoint.Verify(trainer.SaveCheckpoint(_directory.Path));
    }

    [Fact]
    public void A_directory_that_cannot_be_made_is_named()
    {
        File.WriteAllText(_directory["file"], "old");
        using var model = TinyGpt.Create(_device, 1);
        using var trainer = new Trainer<TinyGpt>(model, Options);

        Assert.Equal(_directory["file"], Assert.Throws<CheckpointException>(() => trainer.SaveCheckpoint(_directory["file"])).File);
        Assert.Equal(_directory["file/run"], Assert.Throws<CheckpointException>(() => trainer.SaveCheckpoint(_directory["file/run"])).File);

        // A run finds out before its first step.
        trainer.Dispose();
        using var run = new Trainer<TinyGpt>(model, Options with { CheckpointDirectory = _directory["file/run"] });
        Assert.Equal(_directory["file/run"], Assert.Throws<CheckpointException>(() => run.Fit(Sequences.Learnable)).File);
        Assert.Equal(0, run.CompletedSteps);
        Assert.Equal("old", File.ReadAllText(_directory["file"]));
        Assert.Equal(["file"], _directory.Names());
    }

    [SkippableFact]
    public void A_directory_that_cannot_be_written_is_named()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "/proc is Linux's");
        using var model = TinyGpt.Create(_device, 1);
        using var trainer = new Trainer<TinyGpt>(model, Options);

        // Read-only for root, too, whom permissions do not stop.
        var fault = Assert.Throws<CheckpointException>(() => trainer.SaveCheckpoint("/proc/self"));

        Assert.Contains("Choose another directory, mend its permissions", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_text_is_named()
    {
        var fault = Assert.Throws<DataException>(() => TokenCorpus.FromFile(_directory["none.txt"], new ByteTokenizer()));

        Assert.Equal(_directory["none.txt"], fault.File);
    }

    [Fact]
    public void A_text_shorter_than_the_context_is_named_with_what_it_needs()
    {
        File.WriteAllText(_directory["short.txt"], "0123");
        using var model = TinyGpt.Create(_device, 1);
        using var trainer = new Trainer<TinyGpt>(model, Options);
        var tokenizer = CharacterTokenizer.FromText("0123");

        var fault = Assert.Throws<DataException>(() => trainer.Fit(TokenCorpus.FromFile(_directory["short.txt"], tokenizer)));

        Assert.Equal(_directory["short.txt"], fault.File);
        Assert.Contains("has 3 tokens; a window of 8 and the token after it need 9", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, trainer.CompletedSteps);
    }

    private static byte[] Weights(LanguageModel model)
    {
        var bytes = new byte[model.Weights.Bytes];
        model.Weights.Read<byte>(bytes);
        return bytes;
    }

    private sealed class At(long step, Action then) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step == step)
                then();
        }
    }
}
