using Xunit;

namespace Intaglio.Crashes;

/// <summary>What CI has time for of what this program does.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("intaglio-crashes-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Five_kills_in_the_middle_of_a_save_lose_nothing()
    {
        var report = Kills.Run(_directory, count: 5, seed: 1, _ => { });

        Assert.Empty(report.Failures);
        Assert.Equal((5, 5), (report.Counted, report.Phases.Values.Sum()));
    }

    [Fact]
    public void Runs_resumed_in_a_new_process_equal_the_straight_one_byte_for_byte_for_any_number_of_threads()
    {
        var resumptions = Resumes.Run(_directory, steps: 40, seed: 1);

        Assert.Equal([1, 2, 3], resumptions.Select(resumption => resumption.Threads));
        Assert.All(resumptions, resumption => Assert.Null(resumption.Difference));
        Assert.All(resumptions, resumption => Assert.InRange(resumption.ResumedAfter, 1, 39));
    }

    [Fact]
    public void A_difference_of_one_bit_is_found()
    {
        foreach (var (name, last) in new[] { ("one", (byte)0), ("other", (byte)1) })
        {
            Directory.CreateDirectory(In(name));
            File.WriteAllBytes(Path.Combine(In(name), "file"), [1, 2, last]);
        }

        Assert.Contains("file differs", Directories.FirstDifference(In("one"), In("other")), StringComparison.Ordinal);
        Assert.Null(Directories.FirstDifference(In("one"), In("one")));
        File.WriteAllText(Path.Combine(In("other"), "more"), "");
        Assert.Contains("more", Directories.FirstDifference(In("one"), In("other")), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_signal_saves_the_run_and_ends_it(string signal, int exitCode)
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are Unix's");
        using var child = new Child(new(In("run"), Steps: 1_000_000, Interval: 1_000_000));
        child.WaitForStep(3);

        child.Send(signal);

        Assert.Equal((exitCode, ""), child.Finish());
        TrainingCheckpoint.Verify(In("run"));
        Assert.True(TrainingCheckpoint.Read(In("run")).CompletedSteps >= 3);
    }

    [SkippableFact]
    public void A_second_signal_ends_the_process_at_once()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are Unix's");
        using var child = new Child(new(In("run"), Steps: 10, Interval: 10, Hangs: true));
        child.WaitForStep(1);
        child.Send("TERM");
        child.WaitForInterruption();

        child.Send("TERM");

        Assert.Equal(143, child.Finish().ExitCode);
        Assert.Null(TrainingCheckpoint.Newest(In("run")));
    }

    [SkippableFact]
    public void A_full_disk_ends_the_run_with_an_error_and_its_checkpoint_as_it_was()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "limits of file sizes are set by bash");
        var command = new TrainCommand(In("run"), Steps: 12, Interval: 4);
        Finish(command with { StopAt = 5 });

        // Room for the configuration, not for 100 kB of weights. Files longer than 40 kB fail as on a full disk, since the signal is ignored. The runtime
        // itself maps its code through a file, unless told not to.
        using (var child = new Child(command, "trap '' XFSZ; ulimit -f 40; export DOTNET_EnableWriteXorExecute=0"))
        {
            var (exitCode, error) = child.Finish();
            Assert.Equal(1, exitCode);
            Assert.Contains("model.safetensors: cannot be written", error, StringComparison.Ordinal);
            Assert.Contains("The checkpoints before are as they were", error, StringComparison.Ordinal);
        }

        Assert.Null(Leftover.Phase(In("run")));
        TrainingCheckpoint.Verify(In("run"));
        Assert.Equal(5, TrainingCheckpoint.Read(In("run")).CompletedSteps);

        Finish(command);
        Finish(command with { Run = In("straight") });
        Assert.Null(Directories.FirstDifference(Path.Combine(In("straight"), "checkpoint-12"), Path.Combine(In("run"), "checkpoint-12")));
    }

    private string In(string name) => Path.Combine(_directory, name);

    private static void Finish(TrainCommand command)
    {
        using var child = new Child(command);
        Assert.Equal((0, ""), child.Finish());
    }
}
