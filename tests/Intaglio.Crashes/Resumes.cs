namespace Intaglio.Crashes;

/// <summary>A run that was killed once and gone on with.</summary>
/// <param name="KilledAt">The last step that it told of.</param>
/// <param name="ResumedAfter">The step of the checkpoint from which another process went on.</param>
/// <param name="Threads">Threads of that process; the one before had one.</param>
/// <param name="Difference">What differs from the straight run's last checkpoint; null where nothing does.</param>
internal sealed record Resumption(long KilledAt, long ResumedAfter, int Threads, string? Difference);

/// <summary>Runs of some steps, each killed at a random step and resumed in a new process, against one that went straight through.</summary>
internal static class Resumes
{
    public static IReadOnlyList<Resumption> Run(string directory, int steps, ulong seed)
    {
        var interval = Math.Max(1, steps / 20);
        var straight = Path.Combine(directory, "straight");
        Complete(new(straight, steps, interval, Threads: 1, seed));

        var random = new Random((int)seed);
        return [.. new[] { 1, 2, 3 }.Select(threads => Resume(Path.Combine(directory, $"threads-{threads}"), straight, threads, new("", steps, interval, Threads: 1, seed), random))];
    }

    private static Resumption Resume(string run, string straight, int threads, TrainCommand command, Random random)
    {
        long killedAt;
        using (var child = new Child(command with { Run = run }))
        {
            killedAt = child.WaitForStep(random.Next(command.Interval + 1, command.Steps)) ?? throw new InvalidOperationException(child.Finish().Error);
            child.Kill();
        }

        var resumedAfter = TrainingCheckpoint.Read(run).CompletedSteps;
        Complete(command with { Run = run, Threads = threads });
        return new(killedAt, resumedAfter, threads, Directories.FirstDifference(TrainingCheckpoint.Newest(straight)!, TrainingCheckpoint.Newest(run)!));
    }

    private static void Complete(TrainCommand command)
    {
        using var child = new Child(command);
        var (exitCode, error) = child.Finish();
        if (exitCode != 0)
            throw new InvalidOperationException(error);
    }
}
