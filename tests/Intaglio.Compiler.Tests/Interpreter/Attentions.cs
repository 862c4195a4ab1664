namespace Intaglio.Compiler.Tests;

/// <summary>What a call hands to an attention beside queries, keys and values.</summary>
/// <param name="Sequences">Sequences.</param>
/// <param name="Layer">The layer, from 0.</param>
/// <param name="Bias">What is added by head and distance, as <see cref="Distances"/> lays it out; null for none, or where it is a formula.</param>
/// <param name="Bounds">The visible keys of each sequence; null for all.</param>
/// <param name="Keep">Dropout's factor of an element.</param>
internal sealed record AttentionSurroundings(int Sequences, int Layer, Tensor? Bias, Tensor? Bounds, Func<long, double> Keep);

/// <summary>Attention by sequence, head and query, one loop inside the other.</summary>
internal sealed class Attentions(AttentionShape shape, AttentionSurroundings around)
{
    private int _time;
    private int _keyTime;

    public (Tensor Output, Tensor LogSumExp) Forward(Tensor q, Tensor k, Tensor v)
    {
        var (output, logSumExp) = (new Tensor(q.Rows, q.Width), new Tensor(q.Rows, shape.Heads));
        ForEachQuery(q, k, (sequence, head, query) =>
        {
            var row = (sequence * _time) + query;
            int[] keys = [.. Seen(sequence, query)];
            double[] scores = [.. keys.Select(key => Score(Product(q, k, row, (sequence * _keyTime) + key, head), head, key - query))];
            logSumExp[row, head] = LogSumExp(scores);
            foreach (var (key, score) in keys.Zip(scores))
            {
                var weight = Math.Exp(score - logSumExp[row, head]) * around.Keep(Element(sequence, head, query, key));
                for (var i = 0; i < shape.HeadSize; i++)
                    output[row, (head * shape.HeadSize) + i] += weight * v[(sequence * _keyTime) + key, KeyColumn(head) + i];
            }
        });

        return (output, logSumExp);
    }

    /// <summary>
    /// With p the probabilities, m dropout's factors and o = Σ p m v: dv = p m do, dp = m (do · v), and the softmax's gradient ds = p (dp - Σ p dp), which is the bias's own.
    /// </summary>
    public (Tensor Q, Tensor K, Tensor V, Tensor Delta, Tensor Bias) Backward(Tensor q, Tensor k, Tensor v, Tensor output, Tensor logSumExp, Tensor outputGradient)
    {
        var (dq, dk, dv, delta) = (new Tensor(q.Rows, q.Width), new Tensor(k.Rows, k.Width), new Tensor(v.Rows, v.Width), new Tensor(q.Rows, shape.Heads));
        var bias = new Tensor(q.Rows, 2 * shape.Heads);
        ForEachQuery(q, k, (sequence, head, query) =>
        {
            var row = (sequence * _time) + query;
            for (var i = 0; i < shape.HeadSize; i++)
                delta[row, head] += outputGradient[row, QueryColumn(head) + i] * output[row, QueryColumn(head) + i];

            foreach (var key in Seen(sequence, query))
            {
                var keyRow = (sequence * _keyTime) + key;
                var product = Product(q, k, row, keyRow, head);
                var probability = Math.Exp(Score(product, head, key - query) - logSumExp[row, head]);
                var kept = around.Keep(Element(sequence, head, query, key));
                var byWeight = 0.0;
                for (var i = 0; i < shape.HeadSize; i++)
                {
                    byWeight += outputGradient[row, QueryColumn(head) + i] * v[keyRow, KeyColumn(head) + i];
                    dv[keyRow, KeyColumn(head) + i] += probability * kept * outputGradient[row, QueryColumn(head) + i];
                }

                var byScore = probability * ((kept * byWeight) - delta[row, head]);
                if (shape.Bias == AttentionBias.Learned)
                    bias.Values[Distances.Index((sequence * shape.Heads) + head, key - query, _time)] += byScore;

                var byProduct = byScore * CappedSlope(product);
                for (var i = 0; i < shape.HeadSize; i++)
                {
                    dq[row, QueryColumn(head) + i] += byProduct * shape.Scale * k[keyRow, KeyColumn(head) + i];
                    dk[keyRow, KeyColumn(head) + i] += byProduct * shape.Scale * q[row, QueryColumn(head) + i];
                }
            }
        });

        return (dq, dk, dv, delta, bias);
    }

    /// <summary>Stores keys and values.</summary>
    public void Store(Tensor k, Tensor v, Tensor positions, Tensor slots, KeyValueCache cache, bool isSource)
    {
        for (var row = 0; row < k.Rows; row++)
            cache[isSource, around.Layer, slots.Index(row), positions.Index(row)] = (Row(k, row), Row(v, row));
    }

    /// <summary>Each query attends to its slot, up to its own position or to the end of the source.</summary>
    public Tensor Cached(Tensor q, Tensor positions, Tensor slots, KeyValueCache cache, bool isSource)
    {
        var output = new Tensor(q.Rows, q.Width);
        for (var row = 0; row < q.Rows; row++)
        {
            for (var head = 0; head < shape.Heads; head++)
            {
                var position = positions.Index(row);
                int[] keys = [.. isSource ? Enumerable.Range(0, position + 1) : Before(position)];
                (double[] Key, double[] Value)[] seen = [.. keys.Select(key => cache[isSource, around.Layer, slots.Index(row), key])];
                double[] scores =
                [
                    .. seen.Zip(keys, (pair, key) =>
                        Score(shape.Scale * Enumerable.Range(0, shape.HeadSize).Sum(i => q[row, QueryColumn(head) + i] * pair.Key[KeyColumn(head) + i]), head, key - position)),
                ];
                var logSumExp = LogSumExp(scores);
                for (var i = 0; i < shape.HeadSize; i++)
                    output[row, QueryColumn(head) + i] = seen.Zip(scores, (pair, score) => Math.Exp(score - logSumExp) * pair.Value[KeyColumn(head) + i]).Sum();
            }
        }

        return output;
    }

    private static double LogSumExp(double[] scores) => scores.Max() + Math.Log(scores.Sum(score => Math.Exp(score - scores.Max())));

    private static double[] Row(Tensor x, int row) => x.Values[(row * x.Width)..((row + 1) * x.Width)];

    private IEnumerable<int> Seen(int sequence, int query)
    {
        var keys = shape.Mask == AttentionMask.All ? Enumerable.Range(0, _keyTime) : Before(query);
        return around.Bounds is { } bounds ? keys.Intersect(bounds.Within(sequence)) : keys;
    }

    // Its own position and what came before, as far back as the window of the layer goes.
    private IEnumerable<int> Before(int query)
    {
        var window = shape.EveryNthLayer > 0 && (around.Layer + 1) % shape.EveryNthLayer == 0 ? shape.EveryNthWindow : shape.SlidingWindow;
        return Enumerable.Range(0, query + 1).Where(key => window == 0 || query - key < window);
    }

    private double Score(double product, int head, int distance)
    {
        var capped = shape.SoftCap == 0 ? product : shape.SoftCap * Math.Tanh(product / shape.SoftCap);
        return capped + shape.Bias switch
        {
            AttentionBias.None => 0,
            AttentionBias.Alibi => -Distances.Slope(head, shape.Heads) * Math.Abs(distance),
            _ => around.Bias!.Values[Distances.Index(head, distance, BiasTime)],
        };
    }

    // Those of a cache are a row a head.
    private int BiasTime => _time > 0 ? _time : (around.Bias!.Width + 1) / 2;

    private double CappedSlope(double score) => shape.SoftCap == 0 ? 1 : 1 / Math.Pow(Math.Cosh(score / shape.SoftCap), 2);

    private double Product(Tensor q, Tensor k, int queryRow, int keyRow, int head)
    {
        var product = 0.0;
        for (var i = 0; i < shape.HeadSize; i++)
            product += q[queryRow, QueryColumn(head) + i] * k[keyRow, KeyColumn(head) + i];

        return shape.Scale * product;
    }

    private int QueryColumn(int head) => head * shape.HeadSize;

    private int KeyColumn(int head) => head * shape.KeyValueHeads / shape.Heads * shape.HeadSize;

    private long Element(int sequence, int head, int query, int key) => ((((((long)sequence * shape.Heads) + head) * _time) + query) * _keyTime) + key;

    private void ForEachQuery(Tensor q, Tensor k, Action<int, int, int> action)
    {
        (_time, _keyTime) = (q.Rows / around.Sequences, k.Rows / around.Sequences);
        for (var sequence = 0; sequence < around.Sequences; sequence++)
        {
            for (var head = 0; head < shape.Heads; head++)
            {
                for (var query = 0; query < _time; query++)
                    action(sequence, head, query);
            }
        }
    }
}
