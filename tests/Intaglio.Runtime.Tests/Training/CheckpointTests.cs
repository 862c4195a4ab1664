using System.Security.Cryptography;
using System.Text.Json;
using Intaglio.Objectives;
using Intaglio.Runtime.Tests.Checkpoints;
using Xunit;

namespace Intaglio.Runtime.Tests.Training;

/// <summary>What a run's directory holds, through saves, accidents and resumes.</summary>
public sealed class CheckpointTests : IDisposable
{
    private static readonly TrainerOptions Options = new() { Steps = 100, BatchSize = 2, ContextLength = 8, LearningRate = 1e-2f, Seed = 9 };

    private readonly NaiveDevice _device = new();
    private readonly TemporaryDirectory _run = new();
    private readonly TinyGpt _model;

    public CheckpointTests() => _model = TinyGpt.Create(_device, 1);

    public void Dispose()
    {
        _model.Dispose();
        _device.Dispose();
        _run.Dispose();
    }

    [Fact]
    public void A_checkpoint_has_the_model_the_moments_the_state_and_a_manifest_of_them()
    {
        var checkpoint = Save(1);

        Assert.Equal(_run["checkpoint-1"], checkpoint);
        string[] files = ["config.json", "model.safetensors", "optimizer.safetensors", "trainer_state.json"];
        Assert.Equal([.. files.Append("manifest.json").Order(StringComparer.Ordinal)], Directory.GetFiles(checkpoint).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(checkpoint, "manifest.json")));
        Assert.Equal(1, manifest.RootElement.GetProperty("format_version").GetInt32());
        Assert.Equal(
            files.Select(file => (file, Bytes(checkpoint, file).LongLength, Convert.ToHexStringLower(SHA256.HashData(Bytes(checkpoint, file))))),
            manifest.RootElement.GetProperty("files").EnumerateArray().Select(file => (file.GetProperty("name").GetString()!, file.GetProperty("bytes").GetInt64(), file.GetProperty("sha256").GetString()!)));
    }

    [Fact]
    public void Weights_are_stored_once()
    {
        var checkpoint = Save(1);
        var weights = Model<TinyGpt>.Description.Parameters.ParameterCount * sizeof(float);

        // Two moments of as many bytes, and headers of some kilobytes.
        Assert.InRange(Bytes(checkpoint, "model.safetensors").Length, weights, weights + 8_000);
        Assert.InRange(Bytes(checkpoint, "optimizer.safetensors").Length, 2 * weights, (2 * weights) + 16_000);
    }

    [Fact]
    public void Files_do_not_depend_on_where_they_are()
    {
        using var elsewhere = new TemporaryDirectory();
        using var trainer = new Trainer<TinyGpt>(_model, Options with { CheckpointDirectory = _run.Path });
        trainer.Step(Sequences.Learnable);

        var (one, other) = (trainer.SaveCheckpoint(_run.Path), trainer.SaveCheckpoint(elsewhere.Path));

        Assert.All(Directory.GetFiles(one).Select(Path.GetFileName), file => Assert.Equal(Bytes(one, file!), Bytes(other, file!)));
    }

    [Theory]
    [InlineData(2, true, new[] { 2L, 5L, 6L })]
    [InlineData(2, false, new[] { 5L, 6L })]
    [InlineData(1, true, new[] { 2L, 6L })]
    [InlineData(0, true, new[] { 1L, 2L, 3L, 4L, 5L, 6L })]
    public void The_last_and_the_best_checkpoints_stay(int keep, bool keepsBest, long[] expected)
    {
        using var trainer = new Trainer<TinyGpt>(_model, Options with { CheckpointsToKeep = keep, KeepBestCheckpoint = keepsBest });
        double[] losses = [3, 1, 2, 4, 2, 3];
        foreach (var loss in losses)
        {
            trainer.Step(Sequences.Learnable);
            trainer.History.AddValidation(new(trainer.CompletedSteps, loss));
            trainer.SaveCheckpoint(_run.Path);
        }

        Assert.Equal(expected.Select(step => $"checkpoint-{step}"), CheckpointNames());
        Assert.Equal(keepsBest ? _run["checkpoint-2"] : _run["checkpoint-5"], TrainingCheckpoint.Best(_run.Path));
        Assert.Equal(_run["checkpoint-6"], TrainingCheckpoint.Newest(_run.Path));
    }

    [Fact]
    public void An_evaluation_that_is_the_best_so_far_is_saved()
    {
        using var trainer = new Trainer<TinyGpt>(_model, Options with { Steps = 5, EvaluationInterval = 2, CheckpointDirectory = _run.Path, CheckpointsToKeep = 0 });

        trainer.Fit(Sequences.Learnable);

        var best = double.PositiveInfinity;
        var expected = new List<long>();
        foreach (var point in trainer.History.Validation)
        {
            if (point.Loss < best || point.Step == 5)
                expected.Add(point.Step);
            best = Math.Min(best, point.Loss);
        }

        Assert.Equal(expected.Select(step => $"checkpoint-{step}"), CheckpointNames());
    }

    [Fact]
    public void What_a_kill_left_is_cleared_away_and_a_half_replaced_checkpoint_comes_back()
    {
        Save(1);
        Save(2);
        Directory.Move(_run["checkpoint-2"], _run[".replaced-checkpoint-2"]);
        Directory.CreateDirectory(_run[".unfinished-checkpoint-3"]);
        File.WriteAllText(_run[".unfinished-checkpoint-3/model.safetensors"], "half");
        Directory.CreateDirectory(_run[".deleted-checkpoint-0"]);
        using var trainer = new Trainer<TinyGpt>(_model, Options);

        var resumed = trainer.Resume(_run.Path);

        Assert.Equal(_run["checkpoint-2"], resumed.Checkpoint);
        Assert.Equal([".lock", "checkpoint-1", "checkpoint-2"], _run.Names());
    }

    [Fact]
    public void Saving_the_same_step_again_replaces_its_checkpoint()
    {
        using var trainer = new Trainer<TinyGpt>(_model, Options);
        trainer.Step(Sequences.Learnable);
        trainer.SaveCheckpoint(_run.Path);
        trainer.History.AddValidation(new(1, 2.5));

        trainer.SaveCheckpoint(_run.Path);

        Assert.Equal([new(1, 2.5)], TrainingCheckpoint.Read(_run.Path).ValidationLosses);
        TrainingCheckpoint.Verify(_run.Path);
        Assert.Equal([".lock", "checkpoint-1"], _run.Names());
    }

    public static TheoryData<string> FilesOfACheckpoint => ["config.json", "model.safetensors", "optimizer.safetensors", "trainer_state.json", "manifest.json"];

    [Theory]
    [MemberData(nameof(FilesOfACheckpoint))]
    public void A_missing_file_is_named(string name) => AssertRefused(name, path => File.Delete(path), "missing");

    [Theory]
    [MemberData(nameof(FilesOfACheckpoint))]
    public void A_truncated_file_is_named(string name) => AssertRefused(
        name,
        path =>
        {
            using var file = File.OpenWrite(path);
            file.SetLength(file.Length / 2);
        },
        name == "manifest.json" ? "cannot be read" : "truncated");

    [Theory]
    [InlineData("config.json")]
    [InlineData("model.safetensors")]
    [InlineData("optimizer.safetensors")]
    [InlineData("trainer_state.json")]
    public void A_flipped_bit_is_found_by_its_hash(string name)
    {
        var before = Convert.ToHexStringLower(SHA256.HashData(Bytes(Save(2), name)));

        var fault = AssertRefused(name, Flip, "edited");

        Assert.Equal(("sha256", before), (fault.Key, fault.Expected));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Bytes(_run["checkpoint-2"], name))), fault.Actual);
    }

    [Fact]
    public void Damaged_checkpoints_are_skipped_when_asked_and_set_aside()
    {
        var first = Bytes(Save(1), "model.safetensors");
        Save(2);
        Flip(_run["checkpoint-2/model.safetensors"]);
        using var trainer = new Trainer<TinyGpt>(_model, Options);

        var resumed = trainer.Resume(_run.Path, skipDamaged: true);

        Assert.Equal(_run["checkpoint-1"], resumed.Checkpoint);
        Assert.Equal(_run["checkpoint-2/model.safetensors"], Assert.Single(resumed.Damaged).File);
        Assert.Equal(1, trainer.CompletedSteps);
        Assert.Equal([".lock", "checkpoint-1", "damaged-checkpoint-2"], _run.Names());
        Assert.Equal(_run["checkpoint-1"], TrainingCheckpoint.Newest(_run.Path));
        Assert.Equal(first, Bytes(trainer.SaveCheckpoint(_run.Path), "model.safetensors"));
    }

    [Fact]
    public void Where_all_are_damaged_skipping_says_so_and_changes_nothing()
    {
        Save(1);
        File.Delete(_run["checkpoint-1/optimizer.safetensors"]);
        using var trainer = new Trainer<TinyGpt>(_model, Options);

        var fault = Assert.Throws<CheckpointException>(() => trainer.Resume(_run.Path, skipDamaged: true));

        Assert.Contains("optimizer.safetensors", fault.Message, StringComparison.Ordinal);
        Assert.Equal([".lock", "checkpoint-1"], _run.Names());
    }

    /// <summary>Next tokens of windows are the batches that a corpus makes, so that the two runs are one.</summary>
    [Fact]
    public void A_run_on_an_objective_stopped_and_resumed_ends_as_one_on_the_corpus_that_went_straight_through()
    {
        var objective = new CausalLanguageModeling(new CorpusWindows(Sequences.Learnable), Options.ContextLength);
        var heldOut = new CausalLanguageModeling(new CorpusWindows(Sequences.Learnable, heldOut: true), Options.ContextLength);
        var options = Options with { Steps = 6, EvaluationInterval = 3, EvaluationBatches = 2, CheckpointDirectory = _run.Path };
        using (var begun = new Trainer<TinyGpt>(_model, options with { Steps = 3, DecaySteps = 6 }))
            begun.Fit(objective, heldOut);

        using var other = TinyGpt.Create(_device);
        using var resumed = new Trainer<TinyGpt>(other, options with { DecaySteps = 6 });
        resumed.Resume(_run.Path);
        var result = resumed.Fit(objective, heldOut);

        using var model = TinyGpt.Create(_device, 1);
        using var straight = new Trainer<TinyGpt>(model, options with { CheckpointDirectory = null, DecaySteps = 6 });
        straight.Fit(Sequences.Learnable);
        Assert.Equal(straight.History.Training, resumed.History.Training);
        Assert.Equal(straight.Evaluate(heldOut, batches: 2), result.ValidationLoss);
        Assert.Equal([3L, 6L], resumed.History.Validation.Select(point => point.Step));
    }

    [Fact]
    public void A_run_goes_on_from_one_checkpoint_of_several()
    {
        Save(1);
        Save(2);
        using var trainer = new Trainer<TinyGpt>(_model, Options with { CheckpointDirectory = _run.Path, CheckpointInterval = 1, CheckpointsToKeep = 1, Steps = 100 });

        trainer.Resume(_run["checkpoint-1"]);
        Assert.Equal(1, trainer.CompletedSteps);
        using var end = new CancellationTokenSource();
        end.Cancel();
        trainer.Fit(Sequences.Learnable, cancellationToken: end.Token);

        // The later one is not deleted, and neither is the one that was just saved.
        Assert.Equal(["checkpoint-1", "checkpoint-2"], CheckpointNames());
    }

    [Fact]
    public void A_new_run_in_the_directory_of_another_is_refused()
    {
        Save(2);
        using var trainer = new Trainer<TinyGpt>(_model, Options with { CheckpointDirectory = _run.Path });

        var fault = Assert.Throws<CheckpointException>(() => trainer.Fit(Sequences.Learnable));

        Assert.Contains("resume that one, or choose another directory", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, trainer.CompletedSteps);
    }

    [Fact]
    public void Two_trainers_do_not_write_one_directory()
    {
        using var other = TinyGpt.Create(_device, 1);
        using var second = new Trainer<TinyGpt>(other, Options);
        using (var first = new Trainer<TinyGpt>(_model, Options))
        {
            first.SaveCheckpoint(_run.Path);
            Assert.Equal(_run.Path, Assert.Throws<CheckpointException>(() => second.SaveCheckpoint(_run.Path)).File);
        }

        second.SaveCheckpoint(_run.Path);
    }

    [Fact]
    public void A_model_is_not_saved_over_a_checkpoint()
    {
        var checkpoint = Save(1);

        Assert.Contains("another directory", Assert.Throws<CheckpointException>(() => _model.Save(checkpoint)).Message, StringComparison.Ordinal);

        TrainingCheckpoint.Verify(checkpoint);
    }

    [Fact]
    public void A_damaged_checkpoint_does_not_load_as_a_model()
    {
        var checkpoint = Save(1);
        Flip(Path.Combine(checkpoint, "model.safetensors"));

        Assert.Equal("sha256", Assert.Throws<CheckpointException>(() => TinyGpt.Load(checkpoint, _device)).Key);
    }

    [Fact]
    public void Loading_a_run_as_a_model_points_to_its_checkpoints()
    {
        Save(1);

        Assert.Contains(_run["checkpoint-1"], Assert.Throws<CheckpointException>(() => TinyGpt.Load(_run.Path, _device)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_of_a_later_format_is_refused()
    {
        var path = Path.Combine(Save(1), "manifest.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"format_version\": 1", "\"format_version\": 2", StringComparison.Ordinal));

        var fault = Assert.Throws<CheckpointException>(() => TrainingCheckpoint.Read(_run.Path));

        Assert.Equal(("format_version", "1", "2"), (fault.Key, fault.Expected, fault.Actual));
    }

    [Theory]
    [InlineData("optimizer.safetensors", "optimizer.bin", "optimizer.safetensors is not among the files")]
    [InlineData("config.json", "../config.json", "'../config.json' is no name of a file beside it")]
    public void A_manifest_of_other_files_is_refused(string name, string other, string message)
    {
        var path = Path.Combine(Save(1), "manifest.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace(name, other, StringComparison.Ordinal));

        Assert.Contains(message, Assert.Throws<CheckpointException>(() => TrainingCheckpoint.Verify(_run.Path)).Message, StringComparison.Ordinal);
    }

    private CheckpointException AssertRefused(string name, Action<string> damage, string message)
    {
        Save(1);
        if (!Directory.Exists(_run["checkpoint-2"]))
            Save(2);
        var path = _run[$"checkpoint-2/{name}"];
        damage(path);
        using var trainer = new Trainer<TinyGpt>(_model, Options);
        trainer.Step(Sequences.Learnable);
        var before = _model.ReadParameter("wte.weight");

        var fault = Assert.Throws<CheckpointException>(() => trainer.Resume(_run.Path));

        Assert.Equal(path, fault.File);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Contains("skipDamaged", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, _model.ReadParameter("wte.weight"));
        Assert.Equal(1, trainer.CompletedSteps);
        return fault;
    }

    private string Save(int step)
    {
        using var model = TinyGpt.Create(_device, 1);
        using var trainer = new Trainer<TinyGpt>(model, Options);
        while (trainer.CompletedSteps < step)
            trainer.Step(Sequences.Learnable);
        return trainer.SaveCheckpoint(_run.Path);
    }

    private IEnumerable<string> CheckpointNames() => _run.Names().Where(name => name.StartsWith("checkpoint-", StringComparison.Ordinal));

    private static byte[] Bytes(string directory, string file) => File.ReadAllBytes(Path.Combine(directory, file));

    private static void Flip(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
