using Intaglio.Data;
using Intaglio.Tokenizers;

namespace Intaglio.Examples;

/// <summary>One run of this program: everything that can be wrong with the input is found before anything is written.</summary>
internal sealed class Job(Options options, Preset preset, TrainerOptions training, Source source, Device device)
{
    private static readonly GenerationSettings Sampling = new() { Temperature = 0.8f, TopK = 40, MaxNewTokens = 400, WhenContextIsFull = ContextOverflow.Slide };

    /// <summary>Does what the command line asks for.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(Options options)
    {
        var (preset, training) = options.Resume ? Resumed(options) : Fresh(options);
        using var device = OpenDevice(options);
        var source = preset.Read(options.Text);
        return preset.Run(new(options, preset, training, source, device));
    }

    /// <summary>Trains, evaluates, samples and saves.</summary>
    /// <returns>The exit code.</returns>
    public int Train<TModel>()
        where TModel : LanguageModel, ITrainable<TModel>, ILanguageModel<TModel>
    {
        RequireEnoughText(TModel.Description.ContextLength);
        using var model = TModel.Create(device, training.Seed);
        using var trainer = new Trainer<TModel>(model, training);
        if (options.Resume)
            Resume(trainer);

        using var log = OpenLog();
        using IDisplay display = options.Json ? new JsonDisplay() : new ConsoleDisplay();
        display.Begin(model, source, trainer.CompletedSteps, training.Steps, trainer.PlannedBytes);
        var baseline = NGramModel.HeldOutLoss(source.Corpus, order: 3);
        var (result, exitCode) = Fit(trainer, log, display);
        var peakBytes = device.PeakBytes;
        File.WriteAllText(InOut("loss.svg"), LossChart.ToSvg(trainer.History, $"{model.Description.Name} on {source.Name}"));
        (source.Tokenizer as CharacterTokenizer)?.Save(InOut("characters.json"));

        display.End(trainer.History, new(result, baseline, trainer.PlannedBytes, peakBytes, TrainingCheckpoint.Best(options.Out.FullName)));
        if (result.Status == TrainingStatus.Cancelled)
            return exitCode;

        display.Sample(new TextModel<TModel>(model, source.Tokenizer), preset.Prompt, Sampling with { Seed = training.Seed });
        return 0;
    }

    private void Resume<TModel>(Trainer<TModel> trainer)
        where TModel : LanguageModel, ITrainable<TModel>, ILanguageModel<TModel>
    {
        var resumed = trainer.Resume(options.Out.FullName, source.Corpus, options.SkipDamaged);
        foreach (var fault in resumed.Damaged)
            Console.Error.WriteLine($"Skipped: {fault.Message}");
    }

    // A new run must not cost an old one.
    private static void MoveAside(DirectoryInfo directory)
    {
        if (TrainingCheckpoint.Newest(directory.FullName) is null)
            return;

        var free = Enumerable.Range(1, int.MaxValue).Select(number => $"{directory.FullName}.{number}").First(path => !Path.Exists(path));
        Console.Error.WriteLine($"The run that was in {directory.FullName} is now in {free}; --resume would have gone on with it.");
        Directory.Move(directory.FullName, free);
    }

    private (TrainingResult Result, int ExitCode) Fit<TModel>(Trainer<TModel> trainer, JsonLinesLog log, IDisplay display)
        where TModel : LanguageModel, ITrainable<TModel>, ILanguageModel<TModel>
    {
        using var interruption = new Interruption();
        var result = display.Follow(progress => trainer.Fit(source.Corpus, new Both(log, progress), interruption.Token));
        return (result, interruption.ExitCode);
    }

    private static (Preset Preset, TrainerOptions Training) Fresh(Options options)
    {
        var preset = Presets.Find(options.Preset ?? "default");
        var steps = options.Steps ?? preset.Training.Steps;
        return (preset, preset.Training with
        {
            Steps = steps,
            WarmupSteps = Math.Min(preset.Training.WarmupSteps ?? 0, steps),
            Seed = options.Seed ?? 1,
            CheckpointDirectory = options.Out.FullName,
            CheckpointInterval = options.CheckpointInterval ?? preset.Training.CheckpointInterval,
            CheckpointsToKeep = options.Keep ?? preset.Training.CheckpointsToKeep,
        });
    }

    private static (Preset Preset, TrainerOptions Training) Resumed(Options options)
    {
        if (TrainingCheckpoint.Newest(options.Out.FullName) is null)
            throw new UsageException($"--resume expects a run in --out {options.Out.FullName}, and there is none; leave --resume out to begin one.");

        var run = TrainingCheckpoint.Read(options.Out.FullName, options.SkipDamaged);
        var preset = options.Preset is { } name ? Presets.Find(name) : Presets.ForModel(run.Model) ?? throw new UsageException($"--resume: {options.Out.FullName} is a run of {run.Model}, which no preset trains.");
        var planned = run.CompletedSteps < run.Options.Steps ? run.Options.Steps : checked((int)(run.CompletedSteps + run.Options.DecaySteps!.Value));
        if (options.Steps <= run.CompletedSteps)
            throw new UsageException($"--steps expects more than the {run.CompletedSteps} that the run in {options.Out.FullName} has made, not {options.Steps}.");

        return (preset, run.Options with
        {
            Steps = options.Steps ?? planned,
            Seed = options.Seed ?? run.Options.Seed,
            CheckpointDirectory = options.Out.FullName,
            CheckpointInterval = options.CheckpointInterval ?? run.Options.CheckpointInterval,
            CheckpointsToKeep = options.Keep ?? run.Options.CheckpointsToKeep,
        });
    }

    private static Device OpenDevice(Options options)
    {
        var name = options.Device ?? "cpu";
        if (options.Threads is { } threads)
            return name == "cpu" ? Device.Cpu(threads) : throw new UsageException($"--threads expects --device cpu, not '{name}'.");

        return name == "best" ? Device.Best() : Device.Parse(name);
    }

    private void RequireEnoughText(int contextLength)
    {
        var (training, heldOut) = (source.Corpus.Training.Length, source.Corpus.HeldOut.Length);
        if (training <= contextLength || heldOut < 2)
            throw new UsageException($"{source.Name} has {training + heldOut} tokens; with a context of {contextLength}, a run expects {(contextLength * 10 / 9) + 2} or more.");
    }

    private JsonLinesLog OpenLog()
    {
        try
        {
            if (!options.Resume)
                MoveAside(options.Out);
            options.Out.Create();
            return new(InOut("log.jsonl"), append: options.Resume);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--out expects a directory that can be written, not {options.Out.FullName}: {error.Message}");
        }
    }

    private string InOut(string file) => Path.Combine(options.Out.FullName, file);

    private sealed class Both(IProgress<TrainingProgress> first, IProgress<TrainingProgress> second) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            first.Report(value);
            second.Report(value);
        }
    }
}
