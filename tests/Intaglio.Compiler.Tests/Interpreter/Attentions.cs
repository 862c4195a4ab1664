namespace Intaglio.Compiler.Tests;

/// <summary>Attention by sequence, head and query, one loop inside the other.</summary>
internal sealed class Attentions(AttentionShape shape, int batch, int time, Func<long, double> keep)
{
    public (Tensor Output, Tensor LogSumExp) Forward(Tensor q, Tensor k, Tensor v)
    {
        var (output, logSumExp) = (new Tensor(q.Rows, q.Width), new Tensor(q.Rows, shape.Heads));
        ForEachQuery((sequence, head, query) =>
        {
            var row = (sequence * time) + query;
            int[] keys = [.. Seen(query)];
            double[] scores = [.. keys.Select(key => Capped(Product(q, k, row, (sequence * time) + key, head)))];
            logSumExp[row, head] = LogSumExp(scores);
            foreach (var (key, score) in keys.Zip(scores))
            {
                var weight = Math.Exp(score - logSumExp[row, head]) * keep(Element(sequence, head, query, key));
                for (var i = 0; i < shape.HeadSize; i++)
                    output[row, (head * shape.HeadSize) + i] += weight * v[(sequence * time) + key, KeyColumn(head) + i];
            }
        });

        return (output, logSumExp);
    }

    /// <summary>With p the probabilities, m dropout's factors and o = Σ p m v: dv = p m do, dp = m (do · v), and the softmax's gradient ds = p (dp - Σ p dp).</summary>
    public (Tensor Q, Tensor K, Tensor V, Tensor Delta) Backward(Tensor q, Tensor k, Tensor v, Tensor output, Tensor logSumExp, Tensor outputGradient)
    {
        var (dq, dk, dv, delta) = (new Tensor(q.Rows, q.Width), new Tensor(k.Rows, k.Width), new Tensor(v.Rows, v.Width), new Tensor(q.Rows, shape.Heads));
        ForEachQuery((sequence, head, query) =>
        {
            var row = (sequence * time) + query;
            for (var i = 0; i < shape.HeadSize; i++)
                delta[row, head] += outputGradient[row, QueryColumn(head) + i] * output[row, QueryColumn(head) + i];

            foreach (var key in Seen(query))
            {
                var keyRow = (sequence * time) + key;
                var product = Product(q, k, row, keyRow, head);
                var probability = Math.Exp(Capped(product) - logSumExp[row, head]);
                var kept = keep(Element(sequence, head, query, key));
                var byWeight = 0.0;
                for (var i = 0; i < shape.HeadSize; i++)
                {
                    byWeight += outputGradient[row, QueryColumn(head) + i] * v[keyRow, KeyColumn(head) + i];
                    dv[keyRow, KeyColumn(head) + i] += probability * kept * outputGradient[row, QueryColumn(head) + i];
                }

                var byProduct = probability * ((kept * byWeight) - delta[row, head]) * CappedSlope(product);
                for (var i = 0; i < shape.HeadSize; i++)
                {
                    dq[row, QueryColumn(head) + i] += byProduct * shape.Scale * k[keyRow, KeyColumn(head) + i];
                    dk[keyRow, KeyColumn(head) + i] += byProduct * shape.Scale * q[row, QueryColumn(head) + i];
                }
            }
        });

        return (dq, dk, dv, delta);
    }

    /// <summary>Stores keys and values, then lets each query attend to its slot up to its own position.</summary>
    public Tensor Cached(Tensor q, Tensor k, Tensor v, Tensor positions, Tensor slots, KeyValueCache cache, int layer)
    {
        for (var row = 0; row < k.Rows; row++)
            cache[layer, slots.Index(row), positions.Index(row)] = (Row(k, row), Row(v, row));

        var output = new Tensor(q.Rows, q.Width);
        for (var row = 0; row < q.Rows; row++)
        {
            for (var head = 0; head < shape.Heads; head++)
            {
                (double[] Key, double[] Value)[] seen = [.. Seen(positions.Index(row)).Select(position => cache[layer, slots.Index(row), position])];
                double[] scores =
                [
                    .. seen.Select(pair => Capped(shape.Scale * Enumerable.Range(0, shape.HeadSize).Sum(i => q[row, QueryColumn(head) + i] * pair.Key[KeyColumn(head) + i]))),
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

    // Its own position and what came before, as far back as the window goes.
    private IEnumerable<int> Seen(int query) => Enumerable.Range(0, query + 1).Where(key => shape.SlidingWindow == 0 || query - key < shape.SlidingWindow);

    private double Capped(double score) => shape.SoftCap == 0 ? score : shape.SoftCap * Math.Tanh(score / shape.SoftCap);

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

    private long Element(int sequence, int head, int query, int key) => ((((((long)sequence * shape.Heads) + head) * time) + query) * time) + key;

    private void ForEachQuery(Action<int, int, int> action)
    {
        for (var sequence = 0; sequence < batch; sequence++)
        {
            for (var head = 0; head < shape.Heads; head++)
            {
                for (var query = 0; query < time; query++)
                    action(sequence, head, query);
            }
        }
    }
}
