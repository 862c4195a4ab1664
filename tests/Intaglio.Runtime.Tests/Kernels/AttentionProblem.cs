using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>
/// Attention and its gradients by their definition, in double precision: every score is in memory, nothing is in blocks, and the bias's gradient is a difference
/// of losses. Gradients are NaN where nothing is to be written, between heads and rows.
/// </summary>
internal sealed class AttentionProblem<TShape, TMask, TScore>(float[] query, float[] key, float[] value, int batch, int time, int keyTime)
    where TShape : struct, IAttentionShape
    where TMask : struct, IMask
    where TScore : struct, IScoreModifier
{
    /// <summary>[Heads, BiasStride], where the shape has a bias.</summary>
    public float[] Bias { get; init; } = [];

    /// <summary>Where distance 0 stands among a head's biases.</summary>
    public int BiasOrigin { get; init; }

    /// <summary>[batch, 2]; null where no key is padding.</summary>
    public int[]? Bounds { get; init; }

    /// <summary>What dropout draws.</summary>
    public RandomStream Stream { get; init; }

    private int BiasStride => Bias.Length / TShape.Heads;

    /// <summary>[rows, Heads, HeadSize] of the output, and [rows, Heads] logarithms of sums.</summary>
    public (double[] Output, double[] LogSumExp) Forward()
    {
        var output = new double[batch * time * TShape.Heads * TShape.HeadSize];
        var logSumExp = new double[batch * time * TShape.Heads];
        foreach (var (b, h, q) in Queries())
        {
            var row = (((b * time) + q) * TShape.Heads) + h;
            (var probabilities, logSumExp[row]) = Softmax(b, h, q, BiasOf(h));
            Mix(b, h, q, probabilities).CopyTo(output, row * TShape.HeadSize);
        }

        return (output, logSumExp);
    }

    /// <summary>The gradients of queries, keys and values: with P the probabilities, dP = keep · dO vᵀ, dS = P (dP - Σ P dP), and dV = (keep P)ᵀ dO.</summary>
    public (double[] Query, double[] Key, double[] Value) Backward(float[] outputGradient)
    {
        var queryGradient = Heads(batch * time, query.Length, TShape.Heads, TShape.QueryStride);
        var keyGradient = Heads(batch * keyTime, key.Length, TShape.KeyValueHeads, TShape.KeyStride);
        var valueGradient = Heads(batch * keyTime, value.Length, TShape.KeyValueHeads, TShape.ValueStride);
        foreach (var (b, h, q) in Queries())
        {
            var (probabilities, _) = Softmax(b, h, q, BiasOf(h));
            var gradients = new double[keyTime];
            for (var k = 0; k < keyTime; k++)
            {
                for (var d = 0; d < TShape.HeadSize; d++)
                {
                    var gradient = Keep(b, h, q, k) * outputGradient[OutputAt(b, h, q) + d];
                    gradients[k] += gradient * value[ValueAt(b, h, k) + d];
                    valueGradient[ValueAt(b, h, k) + d] += probabilities[k] * gradient;
                }
            }

            var mean = probabilities.Zip(gradients, (p, dp) => p * dp).Sum();
            for (var k = 0; k < keyTime; k++)
            {
                var slope = probabilities[k] * (gradients[k] - mean) * TScore.Derivative<D1>(new(Product(b, h, q, k))).Value;
                for (var d = 0; d < TShape.HeadSize; d++)
                {
                    queryGradient[QueryAt(b, h, q) + d] += slope * key[KeyAt(b, h, k) + d];
                    keyGradient[KeyAt(b, h, k) + d] += slope * query[QueryAt(b, h, q) + d];
                }
            }
        }

        return (queryGradient, keyGradient, valueGradient);
    }

    /// <summary>[batch, Heads, BiasStride]: central differences of Σ outputGradient · output, exact to the square of the step.</summary>
    public double[] BiasGradient(float[] outputGradient)
    {
        const double step = 1e-4;
        return [.. Enumerable.Range(0, batch * Bias.Length).Select(index => (Loss(step, index) - Loss(-step, index)) / (2 * step))];

        double Loss(double change, int index)
        {
            var (b, h) = (index / Bias.Length, index % Bias.Length / BiasStride);
            var bias = BiasOf(h);
            bias[index % BiasStride] += change;
            return Enumerable.Range(0, time).Sum(q => Mix(b, h, q, Softmax(b, h, q, bias).Probabilities).Select((x, d) => x * outputGradient[OutputAt(b, h, q) + d]).Sum());
        }
    }

    private (double[] Probabilities, double LogSumExp) Softmax(int b, int h, int q, double[] bias)
    {
        var weights = new double[keyTime];
        for (var k = 0; k < keyTime; k++)
        {
            if (Sees(b, q, k))
                weights[k] = Math.Exp(TScore.Invoke<D1>(new(Product(b, h, q, k))).Value + (TShape.HasBias ? bias[BiasOrigin + k - q] : 0));
        }

        var sum = weights.Sum();
        return sum == 0 ? (weights, 0) : ([.. weights.Select(weight => weight / sum)], Math.Log(sum));
    }

    private double[] Mix(int b, int h, int q, double[] probabilities)
    {
        var mixed = new double[TShape.HeadSize];
        for (var k = 0; k < keyTime; k++)
        {
            for (var d = 0; d < TShape.HeadSize; d++)
                mixed[d] += Keep(b, h, q, k) * probabilities[k] * value[ValueAt(b, h, k) + d];
        }

        return mixed;
    }

    private double Product(int b, int h, int q, int k)
    {
        var sum = 0.0;
        for (var d = 0; d < TShape.HeadSize; d++)
            sum += (double)query[QueryAt(b, h, q) + d] * key[KeyAt(b, h, k) + d];
        return sum;
    }

    private bool Sees(int b, int q, int k) =>
        k >= TMask.First(q) && k < TMask.End(q, keyTime) && (Bounds is not { } bounds || (k >= bounds[2 * b] && k < bounds[(2 * b) + 1]));

    private double Keep(int b, int h, int q, int k) =>
        Reference.Keep(Stream, (uint)((((((b * TShape.Heads) + h) * time) + q) * keyTime) + k), TShape.DropoutRate, Workbench.Step);

    private double[] BiasOf(int h) => Reference.Doubles([.. Bias.Skip(h * BiasStride).Take(BiasStride)]);

    private IEnumerable<(int Sequence, int Head, int Query)> Queries() =>
        Enumerable.Range(0, batch * TShape.Heads * time).Select(i => (i / time / TShape.Heads, i / time % TShape.Heads, i % time));

    private int OutputAt(int b, int h, int q) => ((((b * time) + q) * TShape.Heads) + h) * TShape.HeadSize;

    private int QueryAt(int b, int h, int q) => (((b * time) + q) * TShape.QueryStride) + (h * TShape.HeadStride);

    private int KeyAt(int b, int h, int k) => (((b * keyTime) + k) * TShape.KeyStride) + (h * TShape.KeyValueHeads / TShape.Heads * TShape.HeadStride);

    private int ValueAt(int b, int h, int k) => (((b * keyTime) + k) * TShape.ValueStride) + (h * TShape.KeyValueHeads / TShape.Heads * TShape.HeadStride);

    // Zeros where heads are, NaN elsewhere.
    private static double[] Heads(int rows, int length, int heads, int stride)
    {
        var values = Enumerable.Repeat(double.NaN, length).ToArray();
        for (var i = 0; i < rows * heads; i++)
            Array.Clear(values, (i / heads * stride) + (i % heads * TShape.HeadStride), TShape.HeadSize);
        return values;
    }
}
