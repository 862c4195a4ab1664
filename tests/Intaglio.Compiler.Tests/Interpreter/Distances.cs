namespace Intaglio.Compiler.Tests;

/// <summary>What is added to scores by the distance from a query to a key.</summary>
internal static class Distances
{
    /// <summary>Where the bias of a head and a distance lies among those of all distances within a length.</summary>
    public static int Index(int head, int distance, int time) => (head * ((2 * time) - 1)) + (time - 1) + distance;

    /// <summary>
    /// The slope of a head (Press et al., arXiv:2108.12409, as their <c>get_slopes</c> has it): a geometric sequence that begins with its own ratio, 2^(-8 / n) for n heads; where
    /// n is no power of two, that of the power below, then every second one of that of the power above.
    /// </summary>
    public static double Slope(int head, int heads) => Slopes(heads)[head];

    /// <summary>
    /// The bucket of a distance, as transformers' <c>T5Attention._relative_position_bucket</c> has it: half of the buckets for each direction where there are two, half of those for
    /// a distance each, the others on a logarithmic scale up to the largest distance.
    /// </summary>
    public static int Bucket(int distance, bool isCausal, int buckets, int maxDistance)
    {
        var (bucket, n) = (0, -distance);
        if (!isCausal)
        {
            buckets /= 2;
            bucket += n < 0 ? buckets : 0;
            n = Math.Abs(n);
        }
        else
        {
            n = Math.Max(n, 0);
        }

        var exact = buckets / 2;
        if (n < exact)
            return bucket + n;

        var logarithmic = exact + (int)(MathF.Log((float)n / exact) / (float)Math.Log((double)maxDistance / exact) * (buckets - exact));
        return bucket + Math.Min(logarithmic, buckets - 1);
    }

    /// <summary>The biases of each head at each distance within a length, into a tensor of given sides.</summary>
    public static Tensor Expand(Tensor table, int time, IReadOnlyList<int> sides, Func<int, int> bucket)
    {
        var biases = new Tensor(sides);
        ForEach(table.Width, time, (head, distance) => biases.Values[Index(head, distance, time)] = table[bucket(distance), head]);
        return biases;
    }

    /// <summary>The table's gradient, of the gradient of each sequence's biases.</summary>
    public static Tensor ExpandGradient(Tensor biases, int sequences, int time, IReadOnlyList<int> table, Func<int, int> bucket)
    {
        var gradient = new Tensor(table);
        for (var sequence = 0; sequence < sequences; sequence++)
        {
            var first = sequence * gradient.Width;
            ForEach(gradient.Width, time, (head, distance) => gradient[bucket(distance), head] += biases.Values[Index(first + head, distance, time)]);
        }

        return gradient;
    }

    private static void ForEach(int heads, int time, Action<int, int> action)
    {
        for (var head = 0; head < heads; head++)
        {
            for (var distance = 1 - time; distance < time; distance++)
                action(head, distance);
        }
    }

    private static double[] Slopes(int heads)
    {
        var power = 1;
        while (power * 2 <= heads)
            power *= 2;

        double[] Geometric(int count) => [.. Enumerable.Range(1, count).Select(number => Math.Pow(Math.Pow(2, -8.0 / count), number))];
        return [.. Geometric(power), .. Geometric(2 * power).Where((_, index) => index % 2 == 0).Take(heads - power)];
    }
}
