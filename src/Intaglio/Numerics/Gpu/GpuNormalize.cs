using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>LayerNorm (Ba et al., arXiv:1607.06450), RMSNorm (Zhang and Sennrich, arXiv:1910.07467) and their gradients.</summary>
public static class GpuNormalize
{
    /// <summary>inputGradient = fusion(rstd · (g - mean(g) - x̂ · mean(g · x̂))), g = outputGradient · gain, without mean(g) in RMSNorm; a thread for each row.</summary>
    public static void RunBackward<TFusion, TStorage, TElement>(NormalizeBackwardArguments<TElement> at)
        where TFusion : struct, IFusion
        where TStorage : struct, IGpuStorage<TElement>
        where TElement : unmanaged
    {
        for (var row = GpuGrid.First; row < at.Rows; row += GpuGrid.Stride)
        {
            var mean = at.Statistics[2 * row];
            var rstd = at.Statistics[(2 * row) + 1];
            var start = row * at.Width;

            GpuRow sums = default;
            GpuRow products = default;
            var column = 0;
            for (; column <= at.Width - GpuRow.Length; column += GpuRow.Length)
            {
                var zero = default(GpuRow);
                var gradient = zero.Add(GpuRow.Load(at.OutputGradient, start + column), GpuRow.Load<TStorage, TElement>(at.Gain, column, 1));
                sums = sums.Add(1f, gradient);
                products = products.Add(gradient, GpuRow.Load(at.X, start + column).Subtract(mean));
            }

            var sum = sums.Sum();
            var product = products.Sum();
            for (; column < at.Width; column++)
            {
                var gradient = at.OutputGradient[start + column] * TStorage.Widen(at.Gain[column]);
                sum += gradient;
                product += gradient * (at.X[start + column] - mean);
            }

            var gradientMean = at.Centers != 0 ? sum / at.Width : 0f;
            var slope = product * rstd * rstd / at.Width;
            for (column = 0; column < at.Width; column++)
            {
                var gradient = at.OutputGradient[start + column] * TStorage.Widen(at.Gain[column]);
                var value = rstd * (gradient - gradientMean - ((at.X[start + column] - mean) * slope));
                GpuFusion.Store<TFusion, TStorage, TElement>(value, at.Row, column, at.Full, at.InputGradient, at.Saved, start + column, at.Dropout);
            }
        }
    }

    /// <summary>output = (x - mean) · rstd · gain + bias, a thread for each row.</summary>
    internal static void Run<TStorage, TElement>(NormalizeArguments<TElement> at)
        where TStorage : struct, IGpuStorage<TElement>
        where TElement : unmanaged
    {
        for (var row = GpuGrid.First; row < at.Rows; row += GpuGrid.Stride)
        {
            var start = row * at.Width;
            var mean = at.Centers != 0 ? GpuVector.Sum(at.X, start, at.Width) / at.Width : 0f;
            var variance = GpuVector.SumOfSquares(at.X, start, at.Width, mean) / at.Width;
            var rstd = 1f / MathF.Sqrt(variance + at.Epsilon);
            at.Statistics[2 * row] = mean;
            at.Statistics[(2 * row) + 1] = rstd;

            for (var column = 0; column < at.Width; column++)
            {
                var value = (at.X[start + column] - mean) * rstd * TStorage.Widen(at.Gain[column]);
                if (at.HasBias != 0)
                    value += TStorage.Widen(at.Bias[column]);
                at.Output[start + column] = value;
            }
        }
    }

    /// <summary>gainGradient += Σ outputGradient · x̂ and biasGradient += Σ outputGradient over the rows, a thread for each column.</summary>
    internal static void RunParameterGradient(NormParameterGradientArguments at)
    {
        for (var column = GpuGrid.First; column < at.Width; column += GpuGrid.Stride)
        {
            var gain = 0f;
            var bias = 0f;
            for (var row = 0; row < at.Rows; row++)
            {
                var gradient = at.OutputGradient[(row * at.Width) + column];
                gain += gradient * ((at.X[(row * at.Width) + column] - at.Statistics[2 * row]) * at.Statistics[(2 * row) + 1]);
                bias += gradient;
            }

            at.GainGradient[column] += gain;
            if (at.HasBias != 0)
                at.BiasGradient[column] += bias;
        }
    }
}
