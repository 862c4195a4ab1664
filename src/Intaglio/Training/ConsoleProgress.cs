namespace Intaglio;

/// <summary>
/// Shows how far a run is, as one line of text: on a terminal rewritten in place a few times a second, elsewhere a line for each twentieth of the run, for each
/// measurement on held-out text and for each checkpoint.
/// </summary>
/// <param name="output">Where the line goes.</param>
/// <param name="isTerminal">Whether a carriage return rewrites a line there.</param>
public sealed class ConsoleProgress(TextWriter output, bool isTerminal) : IProgress<TrainingProgress>
{
    private const int Lines = 20;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private TimeSpan _shown;
    private int _width;
    private double? _validationLoss;

    /// <summary>On standard error, so that what the program itself prints can be redirected.</summary>
    public ConsoleProgress()
        : this(Console.Error, !Console.IsErrorRedirected)
    {
    }

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        _validationLoss = value.ValidationLoss ?? _validationLoss;
        var isLast = value.Step >= value.Steps;
        if (!isLast && !IsDue(value))
            return;

        _shown = value.Elapsed;
        var line = (value with { ValidationLoss = _validationLoss }).ToString();
        if (!isTerminal)
        {
            output.WriteLine(line);
            return;
        }

        // Blanks cover what a longer line has left.
        output.Write($"\r{line.PadRight(_width)}");
        _width = line.Length;
        if (isLast)
            output.WriteLine();
    }

    private bool IsDue(TrainingProgress value) => isTerminal
        ? value.Elapsed - _shown >= Interval
        : value.ValidationLoss is not null || value.Checkpoint is not null || value.Step * Lines / value.Steps > (value.Step - 1) * Lines / value.Steps;
}
