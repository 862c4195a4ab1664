namespace Intaglio.Numerics;

/// <summary>
/// T5's buckets of distances between query and key, each with a learned bias a head: one bucket a distance while it is short, then buckets that widen
/// with its logarithm (Raffel et al., arXiv:1910.10683, section 2.1). Bucket for bucket transformers' <c>_relative_position_bucket</c>, its logarithm in
/// single precision included.
/// </summary>
public static class RelativePositionBuckets
{
    /// <summary>T5's number of buckets, <c>relative_attention_num_buckets</c>.</summary>
    public const int DefaultBuckets = 32;

    /// <summary>T5's <c>relative_attention_max_distance</c>.</summary>
    public const int DefaultMaximumDistance = 128;

    /// <summary>
    /// The bucket of a distance d = key - query. With n = <paramref name="buckets"/>, halved where <paramref name="bidirectional"/>, and e = n / 2: |d| where |d| &lt; e,
    /// else min(n - 1, e + ⌊ln(|d| / e) / ln(maximumDistance / e) · (n - e)⌋); keys after the query have n added where bidirectional, and count as distance 0
    /// where not.
    /// </summary>
    /// <param name="distance">key - query.</param>
    /// <param name="bidirectional">True in an encoder, which sees both sides; false in a decoder.</param>
    /// <param name="buckets">How many buckets there are.</param>
    /// <param name="maximumDistance">From here on all distances share the last bucket.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are too few buckets for one that is exact, or the distance is not beyond the exact ones.</exception>
    public static int Bucket(int distance, bool bidirectional, int buckets = DefaultBuckets, int maximumDistance = DefaultMaximumDistance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, bidirectional ? 4 : 2);
        var count = bidirectional ? buckets / 2 : buckets;
        var exact = count / 2;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maximumDistance, exact);

        var first = bidirectional && distance > 0 ? count : 0;
        var length = bidirectional ? Math.Abs(distance) : Math.Max(-distance, 0);
        if (length < exact)
            return first + length;

        var step = MathF.Log((float)length / exact) / (float)Math.Log((double)maximumDistance / exact) * (count - exact);
        return first + Math.Min(exact + (int)step, count - 1);
    }

    /// <summary>The bucket of each distance d = key - query from -(contextLength - 1) to contextLength - 1, at Origin + d with Origin = contextLength - 1.</summary>
    /// <param name="contextLength">The longest sequence.</param>
    /// <param name="bidirectional">True in an encoder, which sees both sides; false in a decoder.</param>
    /// <param name="buckets">How many buckets there are.</param>
    /// <param name="maximumDistance">From here on all distances share the last bucket.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are too few buckets for one that is exact, or the distance is not beyond the exact ones.</exception>
    public static int[] Table(int contextLength, bool bidirectional, int buckets = DefaultBuckets, int maximumDistance = DefaultMaximumDistance)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(contextLength);
        var table = new int[checked((2 * contextLength) - 1)];
        for (var at = 0; at < table.Length; at++)
            table[at] = Bucket(at - (contextLength - 1), bidirectional, buckets, maximumDistance);

        return table;
    }
}
