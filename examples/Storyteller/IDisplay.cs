namespace Intaglio.Examples;

/// <summary>What a run came to.</summary>
internal sealed record Outcome(TrainingResult Result, double Baseline, long PlannedBytes, long PeakBytes, string? Best);

/// <summary>Shows a run, to a person or to a program.</summary>
internal interface IDisplay : IDisposable
{
    /// <summary>Tells what is about to be trained.</summary>
    void Begin(LanguageModel model, Source source, long completedSteps, int steps, long plannedBytes);

    /// <summary>Follows the run while it goes on.</summary>
    TrainingResult Follow(Func<IProgress<TrainingProgress>, TrainingResult> run);

    /// <summary>Tells how it ended.</summary>
    void End(LossHistory history, Outcome outcome);

    /// <summary>Lets the model write.</summary>
    void Sample<TModel>(TextModel<TModel> model, string prompt, GenerationSettings settings)
        where TModel : LanguageModel, ILanguageModel<TModel>;
}
