using System.Buffers;
using System.Text.Json;

namespace Intaglio;

/// <summary>
/// Writes a run's progress as JSON lines: one object a step, on disk as soon as the step is over, so that a run can be watched and outlives a crash. A resumed
/// run goes on behind the lines of the first; where a step occurs twice, the later line counts.
/// </summary>
/// <param name="stream">Where the lines go; disposed with the log.</param>
public sealed class JsonLinesLog(Stream stream) : IProgress<TrainingProgress>, IDisposable
{
    private readonly ArrayBufferWriter<byte> _line = new();

    /// <summary>Opens a log file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="append">Whether to keep what is in it.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public JsonLinesLog(string path, bool append = false)
        : this(new FileStream(path, append ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0))
    {
    }

    /// <summary>
    /// Writes <c>{"step", "steps", "loss", "smoothed_loss", "val_loss", "learning_rate", "gradient_norm", "tokens_per_second", "elapsed_seconds",
    /// "seconds_left", "checkpoint"}</c>; losses in nats a token, <c>val_loss</c> only where it was measured, <c>checkpoint</c> only where one was saved.
    /// </summary>
    public void Report(TrainingProgress value)
    {
        using (var json = new Utf8JsonWriter(_line))
        {
            json.WriteStartObject();
            json.WriteNumber("step", value.Step);
            json.WriteNumber("steps", value.Steps);
            json.WriteNumber("loss", value.Loss);
            json.WriteNumber("smoothed_loss", value.SmoothedLoss);
            if (value.ValidationLoss is { } validationLoss)
                json.WriteNumber("val_loss", validationLoss);
            json.WriteNumber("learning_rate", value.LearningRate);
            json.WriteNumber("gradient_norm", value.GradientNorm);
            json.WriteNumber("tokens_per_second", value.TokensPerSecond);
            json.WriteNumber("elapsed_seconds", value.Elapsed.TotalSeconds);
            json.WriteNumber("seconds_left", value.TimeLeft.TotalSeconds);
            if (value.Checkpoint is { } checkpoint)
                json.WriteString("checkpoint", checkpoint);
            json.WriteEndObject();
        }

        _line.Write("\n"u8);
        stream.Write(_line.WrittenSpan);
        stream.Flush();
        _line.ResetWrittenCount();
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
