namespace Intaglio.Numerics;

/// <summary>
/// Attention with linear biases: instead of position embeddings, each head's scores fall with the distance between query and key, by a slope of its own
/// (Press et al., arXiv:2108.12409).
/// </summary>
public static class Alibi
{
    /// <summary>
    /// One slope a head. Of a power of two n, head h has 2^(-8 (h + 1) / n). Of another number, the first n, the power of two below it, are those of n
    /// heads, and the others every second one of 2n heads, from the first: as in the paper's <c>get_slopes</c> and BLOOM's <c>build_alibi_tensor</c>, which
    /// differs in the last bits because it takes powers of a rounded base.
    /// </summary>
    /// <param name="heads">How many heads.</param>
    public static float[] Slopes(int heads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(heads);
        var power = 1 << int.Log2(heads);
        var slopes = new float[heads];
        for (var head = 0; head < heads; head++)
        {
            var exponent = head < power ? -8.0 * (head + 1) / power : -8.0 * ((2 * (head - power)) + 1) / (2 * power);
            slopes[head] = (float)Math.Pow(2, exponent);
        }

        return slopes;
    }

    /// <summary>
    /// slope · (key - query) where a query sees itself and what is before it: [heads, Stride], the value of head h and distance d = key - query, from
    /// -(contextLength - 1) to 0, at <c>h · Stride + Origin + d</c> with Origin = contextLength - 1 and Stride = contextLength. BLOOM adds slope · key instead,
    /// the same but for a constant in each row of scores, which softmax does not see.
    /// </summary>
    /// <param name="heads">How many heads.</param>
    /// <param name="contextLength">The longest sequence.</param>
    public static float[] CausalTable(int heads, int contextLength) => Table(heads, contextLength, contextLength);

    /// <summary>
    /// -slope · |key - query| where a query sees both sides: [heads, Stride], the value of head h and distance d = key - query, from -(contextLength - 1) to
    /// contextLength, at <c>h · Stride + Origin + d</c> with Origin = contextLength - 1 and Stride = 2 · contextLength.
    /// </summary>
    /// <param name="heads">How many heads.</param>
    /// <param name="contextLength">The longest sequence.</param>
    public static float[] SymmetricTable(int heads, int contextLength) => Table(heads, contextLength, checked(2 * contextLength));

    private static float[] Table(int heads, int contextLength, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(contextLength);
        var slopes = Slopes(heads);
        var table = new float[checked(heads * stride)];
        for (var at = 0; at < table.Length; at++)
            table[at] = slopes[at / stride] * -Math.Abs((at % stride) - (contextLength - 1));

        return table;
    }
}
