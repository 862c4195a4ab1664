using System.Numerics;

namespace Intaglio.Compiler.Tests;

/// <summary>Rotary positions, pair of columns by pair: as complex numbers that are multiplied by e^(i · position · frequency) (Su et al., arXiv:2104.09864).</summary>
internal static class Rotations
{
    /// <summary>Turns the first columns of each head.</summary>
    /// <param name="x">Heads side by side.</param>
    /// <param name="positions">Each row's position.</param>
    /// <param name="shape">What turns with what.</param>
    /// <param name="turn">What a pair is multiplied by, of a position and the pair.</param>
    /// <param name="direction">Backward multiplies by the conjugates.</param>
    public static Tensor Turn(Tensor x, Tensor positions, RotaryShape shape, Func<int, int, Complex> turn, Direction direction)
    {
        var turned = new Tensor(x.Sides, [.. x.Values]);
        for (var row = 0; row < x.Rows; row++)
        {
            for (var head = 0; head < x.Width / shape.HeadSize; head++)
            {
                for (var pair = 0; pair < shape.RotatedSize / 2; pair++)
                {
                    var (real, imaginary) = shape.Layout == RotaryLayout.Interleaved ? (2 * pair, (2 * pair) + 1) : (pair, pair + (shape.RotatedSize / 2));
                    (real, imaginary) = ((head * shape.HeadSize) + real, (head * shape.HeadSize) + imaginary);
                    var factor = turn(positions.Index(row), pair);
                    var number = new Complex(x[row, real], x[row, imaginary]) * (direction == Direction.Forward ? factor : Complex.Conjugate(factor));
                    (turned[row, real], turned[row, imaginary]) = (number.Real, number.Imaginary);
                }
            }
        }

        return turned;
    }

    /// <summary>What pairs are multiplied by, of a position and the pair.</summary>
    public static Func<int, int, Complex> Turns(PositionEncodingSpec positions, int size, int contextLength)
    {
        var (frequencies, factor) = (Frequencies(positions, size, contextLength), Factor(positions));
        return (position, pair) => Complex.FromPolarCoordinates(factor, position * frequencies[pair]);
    }

    /// <summary>θ^(-2j / size), changed as <c>modeling_rope_utils.py</c> of transformers does for a scaling of that name, the context's length being the sequence's.</summary>
    public static double[] Frequencies(PositionEncodingSpec positions, int size, int contextLength)
    {
        double[] plain = [.. Enumerable.Range(0, size / 2).Select(pair => 1 / Math.Pow(positions.RotaryTheta, 2.0 * pair / size))];
        if (positions.Scaling is not { } scaling)
            return plain;

        var (factor, original) = ((double)scaling.Factor, (double)scaling.OriginalContext);
        switch (scaling.Kind)
        {
            case RotaryScalingKind.Linear:
                return [.. plain.Select(frequency => frequency / factor)];

            case RotaryScalingKind.DynamicNtk:
                var length = Math.Max(contextLength, original);
                var theta = positions.RotaryTheta * Math.Pow((factor * length / original) - (factor - 1), size / (size - 2.0));
                return [.. Enumerable.Range(0, size / 2).Select(pair => 1 / Math.Pow(theta, 2.0 * pair / size))];

            case RotaryScalingKind.Llama3:
                return [.. plain.Select(frequency =>
                {
                    var wavelength = 2 * Math.PI / frequency;
                    if (wavelength < original / scaling.HighFrequencyFactor)
                        return frequency;

                    if (wavelength > original / scaling.LowFrequencyFactor)
                        return frequency / factor;

                    var smooth = ((original / wavelength) - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
                    return ((1 - smooth) * frequency / factor) + (smooth * frequency);
                })];

            case RotaryScalingKind.Yarn:
                double Dimension(double turns) => size * Math.Log(original / (turns * 2 * Math.PI)) / (2 * Math.Log(positions.RotaryTheta));
                var (low, high) = (Math.Max(Math.Floor(Dimension(32)), 0), Math.Min(Math.Ceiling(Dimension(1)), size - 1));
                high += low == high ? 0.001 : 0;
                return [.. plain.Select((frequency, pair) =>
                {
                    var interpolated = Math.Clamp((pair - low) / (high - low), 0, 1);
                    return (frequency / factor * interpolated) + (frequency * (1 - interpolated));
                })];

            default:
                return plain;
        }
    }

    /// <summary>YaRN's temperature, 0.1 ln(factor) + 1 (Peng et al., arXiv:2309.00071, section 3.4); 1 for the others.</summary>
    public static double Factor(PositionEncodingSpec positions) => positions.Scaling is { Kind: RotaryScalingKind.Yarn } yarn ? (0.1 * Math.Log(yarn.Factor)) + 1 : 1;

    /// <summary>Sines and cosines of each position, those of one frequency side by side or half a row apart (Vaswani et al., arXiv:1706.03762, section 3.5).</summary>
    public static Tensor Sinusoids(int count, int width, RotaryLayout layout)
    {
        var table = new Tensor(count, width);
        for (var position = 0; position < count; position++)
        {
            for (var pair = 0; pair < width / 2; pair++)
            {
                var (sine, cosine) = layout == RotaryLayout.Interleaved ? (2 * pair, (2 * pair) + 1) : (pair, pair + (width / 2));
                var angle = position / Math.Pow(10_000, 2.0 * pair / width);
                (table[position, sine], table[position, cosine]) = (Math.Sin(angle), Math.Cos(angle));
            }
        }

        return table;
    }
}
