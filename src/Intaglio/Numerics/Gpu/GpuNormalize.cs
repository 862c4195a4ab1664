using System.Runtime.CompilerServices;
using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>LayerNorm (Ba et al., arXiv:1607.06450), RMSNorm (Zhang and Sennrich, arXiv:1910.07467) and their gradients.</summary>
public static class GpuNormalize
{
    /// <summary>inputGradient = fusion(rstd · (g - mean(g) - x̂ · mean(g · x̂))), g = outputGradient · (GainOffset + gain), without mean(g) in RMSNorm; a thread for each group of a row.</summary>
    public static void RunBackward<TFusion, TStorage, TElement>(NormalizeBackwardArguments<TElement> at)
        where TFusion : struct, IFusion
        where TStorage : struct, IGpuStorage<TElement>
        where TElement : unmanaged
    {
        for (var group = GpuGrid.First; group < at.Rows * at.Groups; group += GpuGrid.Stride)
        {
            var mean = at.Statistics[2 * group];
            var rstd = at.Statistics[(2 * group) + 1];
            var start = group * at.Width;
            var inputStart = InputAt(group, at.Groups, at.InputStride, at.GroupStride);

            GpuRow sums = default;
            GpuRow products = default;
            var column = 0;
            for (; column <= at.Width - GpuRow.Length; column += GpuRow.Length)
            {
                var zero = default(GpuRow);
                var gain = GpuRow.Load<TStorage, TElement>(at.Gain, column, 1).Subtract(-at.GainOffset);
                var gradient = zero.Add(GpuRow.Load(at.OutputGradient, start + column), gain);
                sums = sums.Add(1f, gradient);
                products = products.Add(gradient, GpuRow.Load(at.X, inputStart + column).Subtract(mean));
            }

            var sum = sums.Sum();
            var product = products.Sum();
            for (; column < at.Width; column++)
            {
                var gradient = at.OutputGradient[start + column] * (at.GainOffset + TStorage.Widen(at.Gain[column]));
                sum += gradient;
                product += gradient * (at.X[inputStart + column] - mean);
            }

            var gradientMean = at.Centers != 0 ? sum / at.Width : 0f;
            var slope = product * rstd * rstd / at.Width;
            for (column = 0; column < at.Width; column++)
            {
                var gradient = at.OutputGradient[start + column] * (at.GainOffset + TStorage.Widen(at.Gain[column]));
                var value = rstd * (gradient - gradientMean - ((at.X[inputStart + column] - mean) * slope));
                GpuFusion.Store<TFusion, TStorage, TElement>(value, at.Row, column, at.Full, at.InputGradient, at.Saved, inputStart + column, at.Dropout);
            }
        }
    }

    /// <summary>output = (x - mean) · rstd · (GainOffset + gain) + bias, a thread for each group of a row.</summary>
    internal static void Run<TStorage, TElement>(NormalizeArguments<TElement> at)
        where TStorage : struct, IGpuStorage<TElement>
        where TElement : unmanaged
    {
        for (var group = GpuGrid.First; group < at.Rows * at.Groups; group += GpuGrid.Stride)
        {
            var start = group * at.Width;
            var inputStart = InputAt(group, at.Groups, at.InputStride, at.GroupStride);
            var mean = at.Centers != 0 ? GpuVector.Sum(at.X, inputStart, at.Width) / at.Width : 0f;
            var variance = GpuVector.SumOfSquares(at.X, inputStart, at.Width, mean) / at.Width;
            var rstd = 1f / MathF.Sqrt(variance + at.Epsilon);
            at.Statistics[2 * group] = mean;
            at.Statistics[(2 * group) + 1] = rstd;

            for (var column = 0; column < at.Width; column++)
            {
                var value = (at.X[inputStart + column] - mean) * rstd * (at.GainOffset + TStorage.Widen(at.Gain[column]));
                if (at.HasBias != 0)
                    value += TStorage.Widen(at.Bias[column]);
                at.Output[start + column] = value;
            }
        }
    }

    /// <summary>gainGradient += Σ outputGradient · x̂ and biasGradient += Σ outputGradient over the rows and groups, a thread for each column.</summary>
    internal static void RunParameterGradient(NormParameterGradientArguments at)
    {
        for (var column = GpuGrid.First; column < at.Width; column += GpuGrid.Stride)
        {
            var gain = 0f;
            var bias = 0f;
            var group = 0;
            for (var row = 0; row < at.Rows; row++)
            {
                for (var inRow = 0; inRow < at.Groups; inRow++, group++)
                {
                    var gradient = at.OutputGradient[(group * at.Width) + column];
                    var value = at.X[(row * at.InputStride) + (inRow * at.GroupStride) + column];
                    gain += gradient * ((value - at.Statistics[2 * group]) * at.Statistics[(2 * group) + 1]);
                    bias += gradient;
                }
            }

            at.GainGradient[column] += gain;
            if (at.HasBias != 0)
                at.BiasGradient[column] += bias;
        }
    }

    // Where a group, counted through all rows, begins in the input.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int InputAt(int group, int groups, int inputStride, int groupStride) =>
        groups == 1 ? group * inputStride : (group / groups * inputStride) + (group % groups * groupStride);
}
