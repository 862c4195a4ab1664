namespace Intaglio.Compiler.Tests;

/// <summary>Rotary positions, pair of columns by pair: as complex numbers that are multiplied by e^(i · position · θ^(-2j / size)) (Su et al., arXiv:2104.09864).</summary>
internal static class Rotations
{
    public static Tensor Turn(Tensor x, Tensor positions, int headSize, RotaryLayout layout, double theta, int sign)
    {
        var turned = new Tensor(x.Rows, x.Width);
        for (var row = 0; row < x.Rows; row++)
        {
            for (var head = 0; head < x.Width / headSize; head++)
            {
                for (var pair = 0; pair < headSize / 2; pair++)
                {
                    var (real, imaginary) = layout == RotaryLayout.Interleaved ? (2 * pair, (2 * pair) + 1) : (pair, pair + (headSize / 2));
                    (real, imaginary) = ((head * headSize) + real, (head * headSize) + imaginary);
                    var number = new System.Numerics.Complex(x[row, real], x[row, imaginary]);
                    var angle = sign * positions.Index(row) * Math.Pow(theta, -2.0 * pair / headSize);
                    number *= System.Numerics.Complex.Exp(new(0, angle));
                    (turned[row, real], turned[row, imaginary]) = (number.Real, number.Imaginary);
                }
            }
        }

        return turned;
    }
}
