namespace Intaglio.Numerics;

/// <summary>Where the sines and cosines of a position lie in its row, and how their frequencies are spaced.</summary>
public enum SinusoidalLayout
{
    /// <summary>Sine and cosine of each frequency side by side, frequencies θ^(-2i / width) (Vaswani et al., arXiv:1706.03762).</summary>
    Interleaved,

    /// <summary>All sines, then all cosines, of the same frequencies θ^(-2i / width): Marian and Pegasus in transformers.</summary>
    Halves,

    /// <summary>All sines, then all cosines, frequencies θ^(-i / (width / 2 - 1)), of which the last is 1 / θ itself: tensor2tensor, fairseq, and M2M100 in transformers.</summary>
    TensorToTensor,
}

/// <summary>Position embeddings that are not learned: sines and cosines of the position at geometrically spaced frequencies (Vaswani et al., arXiv:1706.03762, section 3.5).</summary>
public static class SinusoidalPositions
{
    /// <summary>The embeddings, [positions, width], computed in double: sin(p · f_i) and cos(p · f_i) for i from 0 to width / 2 - 1.</summary>
    /// <param name="positions">How many positions.</param>
    /// <param name="width">Columns, an even number.</param>
    /// <param name="layout">Where each lies.</param>
    /// <param name="theta">θ, the base of the wavelengths.</param>
    /// <exception cref="ArgumentException">A size is not positive, the width is odd, or θ is not above 0.</exception>
    public static float[] Table(int positions, int width, SinusoidalLayout layout, double theta = 10_000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(positions);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (width % 2 != 0)
            throw new ArgumentException($"Sines and cosines come in pairs, but the width is {width}; use an even one such as {width + 1}.", nameof(width));
        if (!(theta > 0) || !double.IsFinite(theta))
            throw new ArgumentOutOfRangeException(nameof(theta), theta, "θ must be above 0.");

        var pairs = width / 2;
        var (sine, cosine, step, spacing) = layout switch
        {
            SinusoidalLayout.Interleaved => (0, 1, 2, pairs),
            SinusoidalLayout.Halves => (0, pairs, 1, pairs),

            // A single frequency is 1, whatever it is divided by.
            SinusoidalLayout.TensorToTensor => (0, pairs, 1, Math.Max(pairs - 1, 1)),
            _ => throw new ArgumentOutOfRangeException(nameof(layout), layout, "Use Interleaved, Halves or TensorToTensor."),
        };

        var table = new float[checked(positions * width)];
        for (var pair = 0; pair < pairs; pair++)
        {
            var frequency = Math.Pow(theta, -(double)pair / spacing);
            for (var position = 0; position < positions; position++)
            {
                var (sin, cos) = Math.SinCos(position * frequency);
                var row = table.AsSpan(position * width, width);
                row[sine + (step * pair)] = (float)sin;
                row[cosine + (step * pair)] = (float)cos;
            }
        }

        return table;
    }
}
