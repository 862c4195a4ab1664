using System.Diagnostics;

namespace Intaglio.Crashes;

/// <summary>How often a run was killed, and what became of it.</summary>
/// <param name="Seed">Decides the moments, as far as a clock lets it.</param>
/// <param name="Total">Kills.</param>
/// <param name="Counted">Kills that left something temporary.</param>
/// <param name="Steps">Steps of the run's last checkpoint.</param>
/// <param name="Phases">How many counted kills there were in the middle of what.</param>
/// <param name="Failures">What was lost or different.</param>
/// <param name="Seconds">Time taken.</param>
internal sealed record KillReport(ulong Seed, int Total, int Counted, long Steps, SortedDictionary<string, int> Phases, List<string> Failures, double Seconds);

/// <summary>
/// Kills a run that saves after each step, at random moments, until enough kills have hit a checkpoint in the making. After each the newest checkpoint has to be
/// whole, load, and be no older than the last one that the run said stands; the next process has to go on from it. In the end the last checkpoint has to be, byte
/// for byte, that of a run that nobody killed.
/// </summary>
internal static class Kills
{
    private const int Steps = 1_000_000;

    // Several steps and their checkpoints on a slow disk.
    private const int LongestMilliseconds = 60;

    public static KillReport Run(string directory, int count, ulong seed, Action<int> progress)
    {
        var watch = Stopwatch.StartNew();
        var random = new Random((int)seed);
        var run = Path.Combine(directory, "killed");
        var (total, counted, newest) = (0, 0, 0L);
        var phases = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var failures = new List<string>();
        while (counted < count && failures.Count == 0)
        {
            using var child = new Child(new(run, Steps, Seed: seed));
            if (child.WaitForBeginning() is not { } begins)
            {
                failures.Add($"kill {total}: the process did not begin: {child.Finish().Error}");
                break;
            }

            if (begins != newest)
                failures.Add($"kill {total}: the run goes on after step {begins}, but its newest checkpoint is of step {newest}");

            child.WaitForStep(begins + 1);
            Thread.Sleep(random.Next(LongestMilliseconds));
            child.Kill();
            total++;
            if (Leftover.Phase(run) is { } phase)
            {
                counted++;
                phases[phase] = phases.GetValueOrDefault(phase) + 1;
                progress(counted);
            }

            var acknowledged = Math.Max(newest, child.Saved);
            newest = NewestStep(run, failures);
            if (newest < acknowledged)
                failures.Add($"kill {total}: checkpoint {acknowledged} stood, and now the newest is {newest}");
        }

        if (failures.Count == 0)
            Compare(directory, run, newest, seed, failures);
        return new(seed, total, counted, newest, phases, failures, watch.Elapsed.TotalSeconds);
    }

    private static long NewestStep(string run, List<string> failures)
    {
        if (TrainingCheckpoint.Newest(run) is not { } checkpoint)
            return 0;

        try
        {
            TrainingCheckpoint.Verify(checkpoint);
            using var device = Device.Cpu(threads: 1);
            using var model = Pocket.Load(checkpoint, device);
            return TrainingCheckpoint.Read(checkpoint).CompletedSteps;
        }
        catch (CheckpointException fault)
        {
            failures.Add(fault.Message);
            return 0;
        }
    }

    private static void Compare(string directory, string run, long step, ulong seed, List<string> failures)
    {
        var straight = Path.Combine(directory, "straight");
        using var child = new Child(new(straight, Steps, Seed: seed, StopAt: (int)step));
        var (exitCode, error) = child.Finish();
        if (exitCode != 0)
            failures.Add($"the straight run: {error}");
        else if (Directories.FirstDifference(TrainingCheckpoint.Newest(straight)!, TrainingCheckpoint.Newest(run)!) is { } difference)
            failures.Add(difference);
    }
}
