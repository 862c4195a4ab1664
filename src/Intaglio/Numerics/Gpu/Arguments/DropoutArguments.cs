using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Gpu;

/// <summary>The random stream of a launch's dropout.</summary>
public struct DropoutArguments
{
    /// <summary>See <see cref="RandomStream.Key"/>.</summary>
    public uint Key;

    /// <summary>See <see cref="RandomStream.Counter"/>.</summary>
    public uint Counter;

    /// <summary>Elements whose word is below this are dropped; 0 outside training.</summary>
    public uint Threshold;

    /// <summary>What an element that is kept is multiplied by: 1 / (1 - rate).</summary>
    public float Scale;

    /// <summary>0 where the stream drops the element, <see cref="Scale"/> where it keeps it; 1 outside training.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Keep(uint element)
    {
        if (Threshold == 0)
            return 1f;

        return RandomStream.Word(Key, Counter, element) < Threshold ? 0f : Scale;
    }

    /// <summary>Keeps every element.</summary>
    internal static DropoutArguments None => new() { Scale = 1f };

    /// <summary>The stream of a site, or none where nothing is dropped.</summary>
    internal static DropoutArguments For(in RandomStep random, uint site, float rate)
    {
        if (!random.IsTraining || rate <= 0)
            return None;

        var stream = RandomStream.For(random.Seed, random.Step, site);
        return new() { Key = stream.Key, Counter = stream.Counter, Threshold = RandomStream.DropThreshold(rate), Scale = 1f / (1f - rate) };
    }
}
