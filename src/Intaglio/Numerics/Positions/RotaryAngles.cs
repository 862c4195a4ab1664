namespace Intaglio.Numerics;

/// <summary>By which angles rotary positions turn: pair i of position p by p · θ^(-2i / <paramref name="RotatedSize"/>) (Su et al., arXiv:2104.09864), or as a scaling says.</summary>
/// <param name="RotatedSize">Columns of a head that turn, an even number: the head's size, or the rotary fraction of it (<c>partial_rotary_factor</c>).</param>
/// <param name="Theta">θ.</param>
/// <param name="Scaling">How the angles are stretched for a longer context; null, the default, for not at all.</param>
public sealed record RotaryAngles(int RotatedSize, double Theta, RotaryScaling? Scaling = null) : PositionTable
{
    /// <summary>What cosines and sines are multiplied by: <see cref="RotaryScaling.AttentionScale"/>, or 1.</summary>
    public double AttentionScale => Scaling?.AttentionScale ?? 1;

    /// <summary>The angle by which each pair turns from one position to the next, in radians: [RotatedSize / 2].</summary>
    /// <param name="positions">The length of the sequence, on which <see cref="RotaryScaling.DynamicNtk"/> depends.</param>
    /// <exception cref="ArgumentOutOfRangeException">RotatedSize, θ or a value of the scaling is out of its range; the message says what it may be.</exception>
    public double[] InverseFrequencies(int positions)
    {
        if (RotatedSize <= 0 || RotatedSize % 2 != 0)
            throw new ArgumentOutOfRangeException(nameof(RotatedSize), RotatedSize, "Rotary positions turn pairs of columns: RotatedSize must be even and above 0.");
        if (!(Theta > 0) || !double.IsFinite(Theta))
            throw new ArgumentOutOfRangeException(nameof(Theta), Theta, "Theta must be above 0.");
        Scaling?.Validate();

        var frequencies = new double[RotatedSize / 2];
        for (var pair = 0; pair < frequencies.Length; pair++)
            frequencies[pair] = Scaling?.InverseFrequency(this, pair, positions) ?? UnscaledFrequency(pair);

        return frequencies;
    }

    /// <summary>The table that launches read, computed in double: for each position RotatedSize / 2 cosines, then as many sines, times <see cref="AttentionScale"/>.</summary>
    /// <param name="positions">How many positions.</param>
    /// <exception cref="ArgumentOutOfRangeException">RotatedSize, θ or a value of the scaling is out of its range; the message says what it may be.</exception>
    public float[] Table(int positions)
    {
        var frequencies = InverseFrequencies(positions);
        var half = frequencies.Length;
        var table = new float[positions * RotatedSize];
        for (var position = 0; position < positions; position++)
        {
            for (var pair = 0; pair < half; pair++)
            {
                var (sine, cosine) = Math.SinCos(position * frequencies[pair]);
                table[(position * RotatedSize) + pair] = (float)(cosine * AttentionScale);
                table[(position * RotatedSize) + half + pair] = (float)(sine * AttentionScale);
            }
        }

        return table;
    }

    internal double UnscaledFrequency(int pair) => Math.Pow(Theta, -2.0 * pair / RotatedSize);

    internal override byte[] Content(int positions) => BytesOf<float>(Table(positions));
}
