namespace Intaglio.Numerics;

/// <summary>Sizes that attention cannot have, found before a launch reads beyond its operands.</summary>
internal static class AttentionSizes
{
    /// <summary>Checks that sequences have queries and keys, and the bias every distance at which the mask lets them meet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no query or no key.</exception>
    /// <exception cref="ArgumentException">The bias lacks distances.</exception>
    public static void Check<TShape, TMask>(RelativeBias bias, int time, int keyTime)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(time);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(keyTime);
        if (!TShape.HasBias)
            return;

        var (least, most) = Distances<TMask>(time, keyTime);
        if (least < -bias.Origin || most >= bias.Stride - bias.Origin)
        {
            throw new ArgumentException(
                $"Queries see keys at distances from {least} to {most}, but the bias has {bias.Stride} distances a head, 0 at {bias.Origin}; give it {most - least + 1} or more, 0 at {-least} or later.",
                nameof(bias));
        }
    }

    /// <summary>Checks that a cache has a row's position, and the bias every distance to what the row sees.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The position is beyond the cache.</exception>
    /// <exception cref="ArgumentException">The bias lacks distances.</exception>
    public static void CheckCached<TShape, TMask>(int position, int capacity, int biasStride, int biasOrigin)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
    {
        if (position >= capacity)
            throw new ArgumentOutOfRangeException(nameof(position), position, $"The cache holds {capacity} positions a slot.");

        var first = TMask.First(position);
        if (TShape.HasBias && first <= position && (first - position < -biasOrigin || biasOrigin >= biasStride))
            throw new ArgumentException($"A row at position {position} sees keys from {first} on, but the bias has {biasStride} distances a head, 0 at {biasOrigin}.", nameof(biasStride));
    }

    private static (int Least, int Most) Distances<TMask>(int time, int keyTime)
        where TMask : struct, IMask
    {
        var (least, most) = (0, 0);
        for (var query = 0; query < time; query++)
        {
            var (first, end) = (TMask.First(query), TMask.End(query, keyTime));
            if (first < end)
                (least, most) = (Math.Min(least, first - query), Math.Max(most, end - 1 - query));
        }

        return (least, most);
    }
}
