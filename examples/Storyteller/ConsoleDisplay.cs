using System.Globalization;
using Spectre.Console;

namespace Intaglio.Examples;

/// <summary>A progress bar, a chart and the model's own words, for a person at a terminal.</summary>
internal sealed class ConsoleDisplay : IDisplay
{
    public void Begin(LanguageModel model, Source source, long completedSteps, int steps, long plannedBytes)
    {
        var description = model.Description;
        Say($"{description.Name}: {description.Parameters.ParameterCount:N0} parameters, {description.Layers} layers, context {description.ContextLength}, on {model.Device}");
        Say($"Text: {source.Name}, {source.Corpus.Training.Length:N0} tokens to train on, {source.Corpus.HeldOut.Length:N0} held out");
        Say($"Memory: {plannedBytes / 1e6:N1} MB planned");
        if (completedSteps > 0)
            Say($"Going on after step {completedSteps}");
    }

    public TrainingResult Follow(Func<IProgress<TrainingProgress>, TrainingResult> run) => AnsiConsole.Progress()
        .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .Start(context => run(new Bar(context.AddTask("starting"))));

    public void End(LossHistory history, Outcome outcome)
    {
        var result = outcome.Result;
        foreach (var line in TerminalChart.Draw(history))
            Console.WriteLine(line);

        Say($"{result.Step} steps, {result.MillisecondsPerStep:F1} ms a step, {result.TokensPerSecond:N0} tokens a second");
        if (result.ValidationLoss is { } loss)
            Say($"Held-out loss: {loss:F3} nats a token; an order-3 model: {outcome.Baseline:F3}");
        if (outcome.Best is { } best && best != result.Checkpoint)
            Console.WriteLine($"Lowest held-out loss: {best}");
        Console.WriteLine(result.Status == TrainingStatus.Completed ? $"Saved in {result.Checkpoint}" : $"Interrupted and saved in {result.Checkpoint}; --resume goes on");
    }

    public void Sample<TModel>(TextModel<TModel> model, string prompt, GenerationSettings settings)
        where TModel : LanguageModel, ILanguageModel<TModel>
    {
        Console.WriteLine();
        Console.Write(prompt);
        var pieces = model.GenerateAsync(prompt, settings).ToBlockingEnumerable();
        foreach (var piece in pieces)
            Console.Write(piece);

        Console.WriteLine();
    }

    public void Dispose()
    {
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private sealed class Bar(ProgressTask task) : IProgress<TrainingProgress>
    {
        private double? _validationLoss;

        public void Report(TrainingProgress value)
        {
            if (value.Checkpoint is { } checkpoint)
                AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Step {value.Step}: saved {Path.GetFileName(checkpoint)}"));
            _validationLoss = value.ValidationLoss ?? _validationLoss;
            task.MaxValue = value.Steps;
            task.Value = value.Step;
            task.Description = (value with { ValidationLoss = _validationLoss }).ToString();
        }
    }
}
