using System.CommandLine;

namespace Intaglio.Crashes;

/// <summary>What a process that is to be killed does: it begins a run or goes on with it, and tells of each step on standard output.</summary>
internal sealed record TrainCommand(string Run, int Steps, int Interval = 1, int Threads = 1, ulong Seed = 1, int? StopAt = null, bool Hangs = false)
{
    public const string Name = "train";

    /// <summary>The line before the first step: from which step the run goes on.</summary>
    public const string Begins = "begins after";

    /// <summary>The line of a step.</summary>
    public const string Made = "made";

    /// <summary>The line of a checkpoint that stands.</summary>
    public const string Saved = "saved";

    /// <summary>The line of a process that was told to end and does not.</summary>
    public const string Interrupted = "interrupted after";

    /// <summary>How to call it.</summary>
    public string[] Arguments =>
    [
        Name, "--run", Run, "--steps", $"{Steps}", "--interval", $"{Interval}", "--threads", $"{Threads}", "--seed", $"{Seed}",
        .. StopAt is { } step ? ["--stop-at", $"{step}"] : Array.Empty<string>(),
        .. Hangs ? ["--hangs"] : Array.Empty<string>(),
    ];

    /// <summary>The command as the command line has it.</summary>
    public static Command Command()
    {
        var run = new Option<string>("--run") { Required = true };
        var steps = new Option<int>("--steps") { Required = true };
        var interval = new Option<int>("--interval") { Required = true };
        var threads = new Option<int>("--threads") { Required = true };
        var seed = new Option<ulong>("--seed") { Required = true };
        var stopAt = new Option<int?>("--stop-at") { Description = "Ends as if interrupted." };
        var hangs = new Option<bool>("--hangs") { Description = "Waits for an interruption after the first step, and then for ever." };
        var command = new Command(Name, "Trains: the process that the other commands kill.") { run, steps, interval, threads, seed, stopAt, hangs };
        command.Hidden = true;
        command.SetAction(parsed => new TrainCommand(
            parsed.GetRequiredValue(run), parsed.GetValue(steps), parsed.GetValue(interval), parsed.GetValue(threads), parsed.GetValue(seed), parsed.GetValue(stopAt), parsed.GetValue(hangs)).Execute());
        return command;
    }

    /// <summary>Trains.</summary>
    /// <returns>The exit code.</returns>
    public int Execute()
    {
        try
        {
            return Train();
        }
        catch (IntaglioException fault)
        {
            Console.Error.WriteLine(fault.Message);
            return 1;
        }
    }

    private int Train()
    {
        var options = new TrainerOptions
        {
            Steps = Steps, BatchSize = 2, LearningRate = 1e-2f, WarmupSteps = 10, Seed = Seed, EvaluationInterval = 7, CheckpointInterval = Interval, CheckpointDirectory = Run,
        };
        using var interruption = new Interruption();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(interruption.Token);
        using var device = Device.Cpu(Threads);
        using var model = Pocket.Create(device, Seed);
        using var trainer = new Trainer<Pocket>(model, options);
        if (TrainingCheckpoint.Newest(Run) is not null)
            trainer.Resume(Run, Pocket.Corpus);

        Console.WriteLine($"{Begins} {trainer.CompletedSteps}");
        trainer.Fit(Pocket.Corpus, new Lines(progress => AfterStep(progress, end)), end.Token);
        return interruption.ExitCode;
    }

    private void AfterStep(TrainingProgress progress, CancellationTokenSource end)
    {
        if (progress.Step == StopAt)
            end.Cancel();
        if (!Hangs)
            return;

        end.Token.WaitHandle.WaitOne();
        Console.WriteLine($"{Interrupted} {progress.Step}");
        Thread.Sleep(Timeout.Infinite);
    }

    private sealed class Lines(Action<TrainingProgress> then) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            Console.WriteLine($"{Made} {value.Step}");
            if (value.Checkpoint is not null)
                Console.WriteLine($"{Saved} {value.Step}");
            then(value);
        }
    }
}
