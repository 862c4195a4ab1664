namespace Intaglio.Numerics;

/// <summary>
/// Counter-based random numbers: element i of the stream is the first word of Philox2x32-10 of the counter (i, <see cref="Counter"/>) under
/// <see cref="Key"/>, so any element is computed alone, on any target, forward and again backward (Salmon et al., "Parallel random numbers: as easy
/// as 1, 2, 3", SC 2011).
/// </summary>
/// <param name="Key">Philox's key.</param>
/// <param name="Counter">The upper word of the counter.</param>
public readonly record struct RandomStream(uint Key, uint Counter)
{
    private const uint Multiplier = 0xD256D193;
    private const uint Weyl = 0x9E3779B9;

    /// <summary>The stream of one random site in one step of a run: three inputs mixed into the 64 bits of key and counter.</summary>
    public static RandomStream For(ulong seed, ulong step, uint site)
    {
        var mixed = Mix(Mix(Mix(seed) ^ step) ^ site);
        return new((uint)mixed, (uint)(mixed >> 32));
    }

    /// <summary>32 random bits.</summary>
    public uint this[uint element] => Word(Key, Counter, element);

    /// <summary>Uniform in [0, 1), 24 bits.</summary>
    public float Uniform(uint element) => (this[element] >> 8) * (1f / (1 << 24));

    /// <summary>Philox2x32-10, its first word. Static and free of anything that a GPU kernel could not run.</summary>
    public static uint Word(uint key, uint counter, uint element)
    {
        var low = element;
        var high = counter;
        for (var round = 0; round < 10; round++)
        {
            var product = (ulong)low * Multiplier;
            low = (uint)(product >> 32) ^ key ^ high;
            high = (uint)product;
            key += Weyl;
        }

        return low;
    }

    /// <summary>Elements whose word is below this are dropped.</summary>
    public static uint DropThreshold(float rate) => (uint)Math.Min(rate * 4294967296.0, uint.MaxValue);

    // The finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): a bijection in which every input bit reaches every output bit.
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}

/// <summary>Which random numbers a training step draws.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Step">Counts micro-batches, so that each draws its own.</param>
/// <param name="IsTraining">False in evaluation and generation: every dropout keeps every element, unscaled.</param>
public readonly record struct RandomStep(ulong Seed, ulong Step, bool IsTraining);
