using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Intaglio.Numerics.Cpu;

/// <summary>The operands of a fusion and where its results go: what follows the algorithm's own sum for each element.</summary>
/// <param name="row">One value a column, in <typeparamref name="TWeight"/>'s format.</param>
/// <param name="full">A value for each element.</param>
/// <param name="output">The result; may be <paramref name="full"/>.</param>
/// <param name="saved">The second result.</param>
/// <param name="width">Columns.</param>
/// <param name="dropout">The random numbers of the fusion's site.</param>
internal readonly unsafe struct FusionOperands<TFusion, TWeight>(void* row, float* full, float* output, float* saved, int width, Dropout dropout)
    where TFusion : struct, IFusion
    where TWeight : struct, IStorage
{
    private const int CacheLineFloats = 16;

    /// <summary>Applies the fusion to as many elements of a row as the lane holds, and stores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store<T>(T x, int rowIndex, int column)
        where T : struct, IVectorLane<T> => StoreAt(x, ((nint)rowIndex * width) + column, column);

    /// <summary>The same where rows are not <c>width</c> apart.</summary>
    /// <param name="x">The algorithm's own results.</param>
    /// <param name="element">Where the first lies in the full operand and in the results.</param>
    /// <param name="column">Its column in the row operand.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreAt<T>(T x, nint element, int column)
        where T : struct, IVectorLane<T>
    {
        var rowValue = TFusion.HasRow ? TWeight.Load<T>(row, column) : T.Of(0);
        var fullValue = TFusion.HasFull ? T.Load(full + element) : T.Of(0);
        var keep = TFusion.DropoutRate > 0 ? dropout.Keep<T>((uint)element) : T.Of(1);
        var y = TFusion.Invoke(x, rowValue, fullValue, keep, out var second);
        T.Store(output + element, y);
        if (TFusion.Saves)
            T.Store(saved + element, second);
    }

    /// <summary>Asks for a piece of a row of the full operand, which the fusion will read soon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int rowIndex, int column, int count)
    {
        if (!TFusion.HasFull || !Sse.IsSupported)
            return;

        var start = full + ((nint)rowIndex * width) + column;
        for (var index = 0; index < count; index += CacheLineFloats)
            Sse.Prefetch0(start + index);
    }

    /// <summary>Applies the fusion to a piece of a row.</summary>
    /// <param name="x">The algorithm's own results.</param>
    /// <param name="rowIndex">Which row.</param>
    /// <param name="column">The first column.</param>
    /// <param name="count">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreRow<T>(float* x, int rowIndex, int column, int count)
        where T : struct, IVectorLane<T>
    {
        var index = 0;
        for (; index <= count - T.Count; index += T.Count)
            Store(T.Load(x + index), rowIndex, column + index);
        for (; index < count; index++)
            Store(F1.Load(x + index), rowIndex, column + index);
    }
}
