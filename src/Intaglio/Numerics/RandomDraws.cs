namespace Intaglio.Numerics;

/// <summary>The elements of a <see cref="RandomStream"/> one after the other. Copies go on from where the original was.</summary>
/// <param name="stream">The stream.</param>
/// <param name="first">The element to begin with.</param>
public struct RandomDraws(RandomStream stream, uint first = 0)
{
    private uint _next = first;

    /// <summary>32 random bits.</summary>
    public uint Next() => stream[_next++];

    /// <summary>Uniform in [0, 1), 32 bits.</summary>
    public double Uniform() => Next() * (1.0 / 4294967296.0);

    /// <summary>An integer from 0 to <paramref name="bound"/> - 1, each as likely as any other but for a share of bound / 2³².</summary>
    /// <param name="bound">How many there are, above 0.</param>
    public int Below(int bound) => (int)(((ulong)Next() * (uint)bound) >> 32);

    /// <summary>An integer k of probability mean^k · e^(-mean) / k!, by inversion of one uniform number.</summary>
    /// <param name="mean">The mean, which is the variance too; at most 100, beyond which e^(-mean) leaves no digits.</param>
    public int Poisson(double mean)
    {
        var left = Uniform();
        var probability = Math.Exp(-mean);
        var count = 0;

        // The probabilities end in 0 where the last bits of their sum may still lack something of the uniform number.
        while (left >= probability && probability > 0)
        {
            left -= probability;
            count++;
            probability *= mean / count;
        }

        return count;
    }

    /// <summary>Puts items in an order that is as likely as any other (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var first = 0; first < items.Length - 1; first++)
            Draw(items, first);
    }

    /// <summary>Swaps one of the items from <paramref name="first"/> on, each as likely as any other, to <paramref name="first"/>: a shuffle as far as it is needed.</summary>
    public T Draw<T>(Span<T> items, int first)
    {
        var drawn = first + Below(items.Length - first);
        (items[first], items[drawn]) = (items[drawn], items[first]);
        return items[first];
    }
}
