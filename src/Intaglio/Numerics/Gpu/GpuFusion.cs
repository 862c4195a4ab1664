using System.Runtime.CompilerServices;
using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>How kernels end: the fusion on one element, its operands loaded and its results stored.</summary>
internal static class GpuFusion
{
    /// <summary>Stores fusion(x) as element <paramref name="index"/>; the output may be the full operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TFusion, TStorage, TElement>(
        float x, ArrayView<TElement> row, int column, ArrayView<float> full, ArrayView<float> output, ArrayView<float> saved, int index, DropoutArguments dropout)
        where TFusion : struct, IFusion
        where TStorage : struct, IGpuStorage<TElement>
        where TElement : unmanaged
    {
        var rowValue = 0f;
        if (TFusion.HasRow)
            rowValue = TStorage.Widen(row[column]);

        var fullValue = 0f;
        if (TFusion.HasFull)
            fullValue = full[index];

        var keep = 1f;
        if (TFusion.DropoutRate > 0)
            keep = dropout.Keep((uint)index);

        output[index] = TFusion.Invoke<G1>(new(x), new(rowValue), new(fullValue), new(keep), out var second).Value;
        if (TFusion.Saves)
            saved[index] = second.Value;
    }
}
