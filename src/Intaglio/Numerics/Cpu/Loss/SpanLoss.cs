namespace Intaglio.Numerics.Cpu;

/// <summary>
/// losses[s] = ½ (cross entropy of the start + cross entropy of the end), each over the rows within the bounds of sequence s, by sequences; the gradient is
/// written for all rows where there is one.
/// </summary>
/// <param name="logits">[batch · time, 2].</param>
/// <param name="bounds">The rows that take part.</param>
/// <param name="starts">Row of each sequence where the answer starts.</param>
/// <param name="ends">Row of each sequence where it ends.</param>
/// <param name="losses">[batch].</param>
/// <param name="gradient">[batch · time, 2], or null.</param>
/// <param name="lossScale">What each sequence's loss counts.</param>
/// <param name="batch">Sequences.</param>
/// <param name="time">Rows of a sequence.</param>
internal readonly unsafe struct SpanLoss(
    float* logits, SequenceBounds bounds, int* starts, int* ends, float* losses, float* gradient, float lossScale, int batch, int time) : IWork
{
    public int Items => batch;

    public void Invoke(int item, int thread)
    {
        if (gradient is not null)
            new Span<float>(gradient + ((nint)item * time * 2), time * 2).Clear();
        losses[item] = 0.5f * (Side(item, 0, starts[item]) + Side(item, 1, ends[item]));
    }

    // The cross entropy of one column; its gradient counts half, as it does.
    private float Side(int sequence, int column, int target)
    {
        var (first, end) = bounds[sequence];
        if (target < first || target >= end)
            return 0;

        var start = ((nint)sequence * time * 2) + column;
        var values = logits + start;
        var largest = float.NegativeInfinity;
        for (var row = first; row < end; row++)
            largest = MathF.Max(largest, values[2 * row]);

        var sum = 0f;
        for (var row = first; row < end; row++)
            sum += MathF.Exp(values[2 * row] - largest);
        var loss = MathF.Log(sum) + largest - values[2 * target];
        if (gradient is null)
            return loss;

        for (var row = first; row < end; row++)
            gradient[start + (2 * row)] = 0.5f * lossScale / sum * MathF.Exp(values[2 * row] - largest);
        gradient[start + (2 * target)] -= 0.5f * lossScale;
        return loss;
    }
}
