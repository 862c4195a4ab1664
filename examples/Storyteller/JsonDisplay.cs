using System.Text.Json;

namespace Intaglio.Examples;

/// <summary>JSON lines on standard output, and nothing else.</summary>
internal sealed class JsonDisplay : IDisplay
{
    private readonly Stream _output = Console.OpenStandardOutput();

    public void Begin(LanguageModel model, Source source, long completedSteps, int steps, long plannedBytes)
    {
    }

    public TrainingResult Follow(Func<IProgress<TrainingProgress>, TrainingResult> run)
    {
        // The log would close standard output with itself, and the last line is yet to come.
        var log = new JsonLinesLog(_output);
        return run(log);
    }

    public void End(LossHistory history, Outcome outcome)
    {
        using (var json = new Utf8JsonWriter(_output))
        {
            json.WriteStartObject();
            json.WriteString("status", outcome.Result.Status == TrainingStatus.Completed ? "completed" : "cancelled");
            json.WriteNumber("step", outcome.Result.Step);
            if (outcome.Result.ValidationLoss is { } loss)
                json.WriteNumber("val_loss", loss);
            else
                json.WriteNull("val_loss");
            json.WriteNumber("order_3_loss", outcome.Baseline);
            json.WriteNumber("ms_per_step", outcome.Result.MillisecondsPerStep);
            json.WriteNumber("tokens_per_second", outcome.Result.TokensPerSecond);
            json.WriteNumber("planned_bytes", outcome.PlannedBytes);
            json.WriteNumber("peak_bytes", outcome.PeakBytes);
            json.WriteString("checkpoint", outcome.Result.Checkpoint);
            json.WriteString("best_checkpoint", outcome.Best);
            json.WriteEndObject();
        }

        _output.Write("\n"u8);
        _output.Flush();
    }

    public void Sample<TModel>(TextModel<TModel> model, string prompt, GenerationSettings settings)
        where TModel : LanguageModel, ILanguageModel<TModel>
    {
    }

    public void Dispose() => _output.Dispose();
}
