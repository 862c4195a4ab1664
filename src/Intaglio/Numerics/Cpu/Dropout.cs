using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>Which elements of one random site are dropped in one step.</summary>
internal readonly struct Dropout
{
    private readonly RandomStream _stream;
    private readonly uint _threshold;
    private readonly float _scale;

    /// <summary>Dropout of <paramref name="rate"/> at <paramref name="site"/>; none outside training.</summary>
    public Dropout(RandomStep step, uint site, float rate)
    {
        IsActive = step.IsTraining && rate > 0;
        if (!IsActive)
            return;

        _stream = RandomStream.For(step.Seed, step.Step, site);
        _threshold = RandomStream.DropThreshold(rate);
        _scale = 1 / (1 - rate);
    }

    /// <summary>Whether anything is dropped.</summary>
    public bool IsActive { get; }

    /// <summary>What elements <paramref name="element"/>, element + 1, ... are multiplied by: 0, or 1 / (1 - rate); 1 where dropout is not active.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Keep<T>(uint element)
        where T : struct, IVectorLane<T>
        => IsActive ? T.Keep(_stream, element, _threshold, _scale) : T.Of(1);
}
