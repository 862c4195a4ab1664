using Intaglio.Numerics;
using Intaglio.Numerics.Cpu;

namespace Intaglio.Runtime.Tests.Cpu;

/// <summary>Attention and its gradients by their definition, in double precision: every score is in memory, nothing is in blocks.</summary>
internal sealed class AttentionReference(float[] qkv, float[] dOutput, int batch, int time, int heads, int keyValueHeads, int headSize)
{
    private readonly int _stride = (heads + (2 * keyValueHeads)) * headSize;

    public double[] Output { get; } = new double[batch * time * heads * headSize];

    public double[] LogSumExp { get; } = new double[batch * time * heads];

    /// <summary>Of queries, keys and values, laid out as they are.</summary>
    public double[] Gradient { get; } = new double[qkv.Length];

    public void Run<TMask, TScore>(RandomStream stream, float rate)
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        for (var b = 0; b < batch; b++)
        {
            for (var h = 0; h < heads; h++)
            {
                for (var t = 0; t < time; t++)
                    Row<TMask, TScore>(b, h, t, stream, rate);
            }
        }
    }

    private void Row<TMask, TScore>(int b, int h, int t, RandomStream stream, float rate)
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        var first = TMask.First(t);
        var end = TMask.End(t, time);
        var products = new double[end];
        var probabilities = new double[end];
        for (var key = first; key < end; key++)
        {
            for (var d = 0; d < headSize; d++)
                products[key] += (double)qkv[Query(b, h, t) + d] * qkv[Key(b, h, key) + d];
            probabilities[key] = Math.Exp(F1.Sum(TScore.Invoke(F1.Of((float)products[key]))));
        }

        var sum = probabilities.Sum();
        var row = (((b * time) + t) * heads) + h;
        LogSumExp[row] = Math.Log(sum);
        var dProbabilities = new double[end];
        for (var key = first; key < end; key++)
        {
            var keep = stream[(uint)((((((b * heads) + h) * time) + t) * time) + key)] < RandomStream.DropThreshold(rate) ? 0 : 1 / (1.0 - rate);
            probabilities[key] /= sum;
            for (var d = 0; d < headSize; d++)
            {
                Output[(row * headSize) + d] += keep * probabilities[key] * qkv[Value(b, h, key) + d];
                Gradient[Value(b, h, key) + d] += keep * probabilities[key] * dOutput[(row * headSize) + d];
                dProbabilities[key] += keep * dOutput[(row * headSize) + d] * qkv[Value(b, h, key) + d];
            }
        }

        var mean = probabilities.Zip(dProbabilities, (p, dp) => p * dp).Sum();
        for (var key = first; key < end; key++)
        {
            var dProduct = probabilities[key] * (dProbabilities[key] - mean) * F1.Sum(TScore.Derivative(F1.Of((float)products[key])));
            for (var d = 0; d < headSize; d++)
            {
                Gradient[Query(b, h, t) + d] += dProduct * qkv[Key(b, h, key) + d];
                Gradient[Key(b, h, key) + d] += dProduct * qkv[Query(b, h, t) + d];
            }
        }
    }

    private int Query(int b, int h, int t) => (((b * time) + t) * _stride) + (h * headSize);

    private int Key(int b, int h, int t) => (((b * time) + t) * _stride) + ((heads + (h * keyValueHeads / heads)) * headSize);

    private int Value(int b, int h, int t) => Key(b, h, t) + (keyValueHeads * headSize);
}
