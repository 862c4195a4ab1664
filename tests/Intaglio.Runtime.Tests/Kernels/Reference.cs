using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>What kernels should compute, as plain loops in double precision.</summary>
internal static class Reference
{
    /// <summary>x · W, [rows, inner] · [inner, columns].</summary>
    public static double[] Product(float[] x, float[] weight, int rows, int inner, int columns, bool transposed)
    {
        var result = new double[rows * columns];
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                for (var k = 0; k < inner; k++)
                    result[(r * columns) + c] += (double)x[(r * inner) + k] * weight[transposed ? (c * inner) + k : (k * columns) + c];
            }
        }

        return result;
    }

    /// <summary>The fusion of each element, dropout included.</summary>
    public static (double[] Output, double[] Saved) Fuse<TFusion>(double[] x, float[] row, float[] full, int columns, RandomStep random, uint site)
        where TFusion : struct, IFusion
    {
        var stream = RandomStream.For(random.Seed, random.Step, site);
        var output = new double[x.Length];
        var saved = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            output[i] = TFusion.Invoke<D1>(new(x[i]), new(row[i % columns]), new(full[i]), new(Keep(stream, (uint)i, TFusion.DropoutRate, random)), out var second).Value;
            saved[i] = second.Value;
        }

        return (output, saved);
    }

    /// <summary>What dropout multiplies an element by.</summary>
    public static double Keep(RandomStream stream, uint element, float rate, RandomStep random) =>
        rate == 0 || !random.IsTraining ? 1 : stream[element] < RandomStream.DropThreshold(rate) ? 0 : 1 / (1 - (double)rate);

    /// <summary>Mean, 0 where the norm takes it for that, and reciprocal standard deviation of each row.</summary>
    public static double[] Statistics<TShape>(float[] x)
        where TShape : struct, INormShape
    {
        var (width, epsilon) = (TShape.Width, TShape.Epsilon);
        var statistics = new double[x.Length / width * 2];
        for (var r = 0; r < x.Length / width; r++)
        {
            var row = x.Skip(r * width).Take(width).Select(value => (double)value).ToArray();
            var mean = TShape.Centers ? row.Average() : 0;
            statistics[2 * r] = mean;
            statistics[(2 * r) + 1] = 1 / Math.Sqrt(row.Average(value => (value - mean) * (value - mean)) + epsilon);
        }

        return statistics;
    }

    /// <summary>
    /// Probabilities of the keys that each query sees, [batch, heads, time, time], and the logarithm of each sum.
    /// </summary>
    public static (double[] Probabilities, double[] LogSumExp) Attend<TShape, TMask, TScore>(float[] query, float[] key, int batch, int time)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        var probabilities = new double[batch * TShape.Heads * time * time];
        var logSumExp = new double[batch * time * TShape.Heads];
        for (var b = 0; b < batch; b++)
        {
            for (var h = 0; h < TShape.Heads; h++)
            {
                for (var q = 0; q < time; q++)
                {
                    var start = ((((b * TShape.Heads) + h) * time) + q) * time;
                    var sum = 0.0;
                    for (var k = TMask.First(q); k < TMask.End(q, time); k++)
                        sum += probabilities[start + k] = Math.Exp(TScore.Invoke<D1>(new(ProductOf<TShape>(query, (b * time) + q, h, key, (b * time) + k))).Value);
                    for (var k = 0; k < time; k++)
                        probabilities[start + k] /= sum;
                    logSumExp[(((b * time) + q) * TShape.Heads) + h] = Math.Log(sum);
                }
            }
        }

        return (probabilities, logSumExp);
    }

    /// <summary>q · k of a head.</summary>
    public static double ProductOf<TShape>(float[] query, int queryRow, int head, float[] key, int keyRow)
        where TShape : struct, IAttentionShape
    {
        var sum = 0.0;
        for (var d = 0; d < TShape.HeadSize; d++)
            sum += (double)query[QueryAt<TShape>(queryRow, head) + d] * key[KeyAt<TShape>(keyRow, head) + d];
        return sum;
    }

    public static int QueryAt<TShape>(int row, int head)
        where TShape : struct, IAttentionShape => (row * TShape.RowStride) + (head * TShape.HeadSize);

    public static int KeyAt<TShape>(int row, int head)
        where TShape : struct, IAttentionShape => (row * TShape.RowStride) + (head * TShape.KeyValueHeads / TShape.Heads * TShape.HeadSize);

    public static double[] Doubles(float[] values) => Array.ConvertAll(values, value => (double)value);
}
