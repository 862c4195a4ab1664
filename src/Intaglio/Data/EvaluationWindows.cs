namespace Intaglio.Data;

/// <summary>
/// A text cut into windows side by side: window w has the inputs x[wT .. wT + T) and as targets the tokens one further on. The last one is filled up with
/// token 0 whose target is <see cref="Ignored"/>, so that every token but the text's first is a target exactly once.
/// </summary>
public sealed class EvaluationWindows
{
    /// <summary>The target of a position that does not count.</summary>
    public const int Ignored = -1;

    private readonly int[] _tokens;

    internal EvaluationWindows(int[] tokens, int time)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(time);
        if (tokens.Length < 2)
            throw new DataException(null, null, $"the held-out part has {tokens.Length} tokens; evaluation needs 2 or more");
        _tokens = tokens;
        Time = time;
    }

    /// <summary>Tokens a window.</summary>
    public int Time { get; }

    /// <summary>How many windows there are.</summary>
    public int Count => (int)(((long)TargetCount + Time - 1) / Time);

    /// <summary>How many targets count in all windows together.</summary>
    public int TargetCount => _tokens.Length - 1;

    /// <summary>Gives windows; those after the last one are all padding. Allocates nothing.</summary>
    /// <param name="first">The first window.</param>
    /// <param name="batch">How many.</param>
    /// <param name="inputs">Receives [batch, time] tokens.</param>
    /// <param name="targets">Receives [batch, time] tokens, <see cref="Ignored"/> where there is none.</param>
    /// <returns>How many of the targets count.</returns>
    public int Fill(int first, int batch, Span<int> inputs, Span<int> targets)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        TokenCorpus.CheckWindows(batch, Time, inputs, targets);

        var start = (int)Math.Min((long)first * Time, TargetCount);
        var length = batch * Time;
        var counted = Math.Min(length, TargetCount - start);
        _tokens.AsSpan(start, counted).CopyTo(inputs);
        _tokens.AsSpan(start + 1, counted).CopyTo(targets);
        inputs[counted..length].Clear();
        targets[counted..length].Fill(Ignored);
        return counted;
    }
}
