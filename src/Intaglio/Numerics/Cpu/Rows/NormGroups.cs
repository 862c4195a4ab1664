using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>How a norm's groups lie, and what they are multiplied by. All of it folds when compiled where rows are single groups without an offset.</summary>
internal static unsafe class NormGroups<TShape>
    where TShape : struct, INormShape
{
    /// <summary>Where a group, counted through all rows, begins in the input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint InputAt(int group) => TShape.Groups == 1
        ? (nint)group * TShape.InputStride
        : ((nint)(group / TShape.Groups) * TShape.InputStride) + ((nint)(group % TShape.Groups) * TShape.GroupStride);

    /// <summary>GainOffset + gain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLane Gain<TLane, TWeight>(void* gain, int column)
        where TLane : struct, IVectorLane<TLane>
        where TWeight : struct, IStorage
    {
        var stored = TWeight.Load<TLane>(gain, column);
        return TShape.GainOffset == 0 ? stored : stored + TLane.Of(TShape.GainOffset);
    }
}
