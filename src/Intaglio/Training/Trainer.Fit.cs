using System.Diagnostics;
using Intaglio.Data;
using Intaglio.Objectives;

namespace Intaglio;

/// <content>A whole run.</content>
public sealed partial class Trainer<TModel>
{
    /// <summary>Runs <see cref="Fit(TokenCorpus, IProgress{TrainingProgress}?, CancellationToken)"/> on a thread of its own.</summary>
    /// <inheritdoc cref="Fit(TokenCorpus, IProgress{TrainingProgress}?, CancellationToken)"/>
    public Task<TrainingResult> FitAsync(TokenCorpus corpus, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Factory.StartNew(() => Fit(corpus, progress, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Runs <see cref="Fit(Objective, Objective?, IProgress{TrainingProgress}?, CancellationToken)"/> on a thread of its own.</summary>
    /// <inheritdoc cref="Fit(Objective, Objective?, IProgress{TrainingProgress}?, CancellationToken)"/>
    public Task<TrainingResult> FitAsync(Objective objective, Objective? heldOut = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Factory.StartNew(() => Fit(objective, heldOut, progress, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>
    /// Makes the steps that are left of <see cref="TrainerOptions.Steps"/>, evaluating and saving at their intervals and at the end. Afterwards the model may
    /// be read by any session until the next step.
    /// </summary>
    /// <param name="corpus">What to train and evaluate on.</param>
    /// <param name="progress">Told after each step, on the training thread.</param>
    /// <param name="cancellationToken">Ends the run after the step that is under way; the checkpoint is saved, and the result says so.</param>
    /// <exception cref="DataException">The corpus is too short, or is not the one that a resumed run began with.</exception>
    /// <exception cref="CheckpointException">
    /// The directory cannot be written, found out before the first step; it holds another run, further than this one; or a checkpoint cannot be saved, after
    /// which the run can be gone on with or saved elsewhere.
    /// </exception>
    /// <exception cref="DivergedException">The loss or the gradient is not finite.</exception>
    /// <exception cref="DeviceException">The device stopped working; the message says from where to resume.</exception>
    public TrainingResult Fit(TokenCorpus corpus, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequireVocabulary(corpus);
        if (!ReferenceEquals(corpus, _checkedCorpus))
            (_corpus, _checkedCorpus) = (RequireCorpus(corpus, _corpus, file: null), corpus);

        return Guarded(() => Step(corpus), () => corpus.HeldOut.Length < 2 ? null : Evaluate(corpus), progress, cancellationToken);
    }

    /// <summary>
    /// Makes the steps that are left of <see cref="TrainerOptions.Steps"/> on batches of an objective, evaluating and saving at their intervals and at the end. Afterwards the model may be read
    /// by any session until the next step. That a resumed run has the objective and the texts that it began with is the caller's to see to: a checkpoint cannot know them.
    /// </summary>
    /// <param name="objective">Makes the batches.</param>
    /// <param name="heldOut">Made of texts that are held out: <see cref="TrainerOptions.EvaluationBatches"/> batches of it, always the same, are an evaluation. Null for none.</param>
    /// <param name="progress">Told after each step, on the training thread.</param>
    /// <param name="cancellationToken">Ends the run after the step that is under way; the checkpoint is saved, and the result says so.</param>
    /// <exception cref="ArgumentException">An objective's lengths or tokens do not fit the model.</exception>
    /// <exception cref="CheckpointException">
    /// The directory cannot be written, found out before the first step; it holds another run, further than this one; or a checkpoint cannot be saved, after
    /// which the run can be gone on with or saved elsewhere.
    /// </exception>
    /// <exception cref="DivergedException">The loss or the gradient is not finite.</exception>
    /// <exception cref="DeviceException">The device stopped working; the message says from where to resume.</exception>
    public TrainingResult Fit(Objective objective, Objective? heldOut = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequireLengths(objective);
        if (heldOut is not null)
            RequireLengths(heldOut);

        return Guarded(() => Step(objective), () => heldOut is null ? null : Evaluate(heldOut, Options.EvaluationBatches), progress, cancellationToken);
    }

    private TrainingResult Guarded(Func<TrainStep> step, Func<double?> evaluate, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        // Now, and not when the first checkpoint is due, hours later.
        if (Options.CheckpointDirectory is { } directory)
            RequireOwn(OpenRun(directory).Path);

        WeightsClaim.Take(_model, this);
        try
        {
            return Run(step, evaluate, progress, cancellationToken);
        }
        catch (DeviceException fault)
        {
            throw new DeviceException($"{fault.Message} The run had made {CompletedSteps} steps; {WhereToGoOn}.", fault);
        }
    }

    private TrainingResult Run(Func<TrainStep> makeStep, Func<double?> evaluate, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var started = Stopwatch.StartNew();
        var stepping = new Stopwatch();
        var firstStep = CompletedSteps;
        var isCancelled = false;
        double? validationLoss = null;
        string? checkpoint = null;
        while (CompletedSteps < Options.Steps && !(isCancelled = cancellationToken.IsCancellationRequested))
        {
            stepping.Start();
            var step = makeStep();
            stepping.Stop();
            History.AddTraining(new(step.Step, step.Loss));
            validationLoss = IsDue(Options.EvaluationInterval) ? EvaluateInto(History, evaluate) : null;
            checkpoint = IsDue(Options.CheckpointInterval) || (validationLoss is not null && Options.KeepBestCheckpoint && History.EndsAtItsBest) ? SaveIfWanted() : null;
            progress?.Report(ProgressOf(step, firstStep, stepping.Elapsed, started.Elapsed, validationLoss, checkpoint));
        }

        // A run that was at its end already, or is cancelled, is evaluated and saved here.
        if (!isCancelled)
            validationLoss ??= EvaluateInto(History, evaluate);
        checkpoint ??= SaveIfWanted();
        WeightsClaim.Release(_model, this);
        var steps = CompletedSteps - firstStep;
        return new(
            isCancelled ? TrainingStatus.Cancelled : TrainingStatus.Completed,
            CompletedSteps,
            isCancelled ? null : validationLoss,
            started.Elapsed,
            steps > 0 ? stepping.Elapsed.TotalMilliseconds / steps : 0,
            steps > 0 ? steps * TokensPerStep / stepping.Elapsed.TotalSeconds : 0,
            checkpoint);
    }

    private bool IsDue(int interval) => CompletedSteps == Options.Steps || (interval > 0 && CompletedSteps % interval == 0);

    private double? EvaluateInto(LossHistory history, Func<double?> evaluate)
    {
        if (evaluate() is not { } loss)
            return null;

        history.AddValidation(new(CompletedSteps, loss));
        return loss;
    }

    private string? SaveIfWanted() => Options.CheckpointDirectory is { } directory ? SaveCheckpoint(directory) : null;

    private TrainingProgress ProgressOf(TrainStep step, long firstStep, TimeSpan stepping, TimeSpan elapsed, double? validationLoss, string? checkpoint)
    {
        var steps = step.Step - firstStep;
        return new(
            step.Step,
            Options.Steps,
            step.Loss,
            History.Smoothed,
            step.LearningRate,
            step.GradientNorm,
            steps * TokensPerStep / stepping.TotalSeconds,
            elapsed,
            elapsed / steps * (Options.Steps - step.Step),
            validationLoss,
            checkpoint);
    }
}
