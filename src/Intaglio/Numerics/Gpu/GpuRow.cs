using System.Runtime.CompilerServices;
using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>
/// Eight neighbouring floats in registers. Compilers for CPUs turn its operations into vector instructions, and a GPU's thread has eight independent ones.
/// </summary>
internal struct GpuRow
{
    public const int Length = 8;

    public float Value0, Value1, Value2, Value3, Value4, Value5, Value6, Value7;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GpuRow Load(ArrayView<float> source, int start) => Load<GpuFloat32, float>(source, start, 1);

    /// <summary>The elements start, start + stride, ...</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GpuRow Load<TStorage, TElement>(ArrayView<TElement> source, int start, int stride)
        where TStorage : struct, IGpuStorage<TElement>
        where TElement : unmanaged => new()
        {
            Value0 = TStorage.Widen(source[start]),
            Value1 = TStorage.Widen(source[start + stride]),
            Value2 = TStorage.Widen(source[start + (2 * stride)]),
            Value3 = TStorage.Widen(source[start + (3 * stride)]),
            Value4 = TStorage.Widen(source[start + (4 * stride)]),
            Value5 = TStorage.Widen(source[start + (5 * stride)]),
            Value6 = TStorage.Widen(source[start + (6 * stride)]),
            Value7 = TStorage.Widen(source[start + (7 * stride)]),
        };

    /// <summary>this + scale · row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly GpuRow Add(float scale, GpuRow row) => new()
    {
        Value0 = Value0 + (scale * row.Value0),
        Value1 = Value1 + (scale * row.Value1),
        Value2 = Value2 + (scale * row.Value2),
        Value3 = Value3 + (scale * row.Value3),
        Value4 = Value4 + (scale * row.Value4),
        Value5 = Value5 + (scale * row.Value5),
        Value6 = Value6 + (scale * row.Value6),
        Value7 = Value7 + (scale * row.Value7),
    };

    /// <summary>this + x · y, element by element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly GpuRow Add(GpuRow x, GpuRow y) => new()
    {
        Value0 = Value0 + (x.Value0 * y.Value0),
        Value1 = Value1 + (x.Value1 * y.Value1),
        Value2 = Value2 + (x.Value2 * y.Value2),
        Value3 = Value3 + (x.Value3 * y.Value3),
        Value4 = Value4 + (x.Value4 * y.Value4),
        Value5 = Value5 + (x.Value5 * y.Value5),
        Value6 = Value6 + (x.Value6 * y.Value6),
        Value7 = Value7 + (x.Value7 * y.Value7),
    };

    /// <summary>this - value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly GpuRow Subtract(float value) => new()
    {
        Value0 = Value0 - value,
        Value1 = Value1 - value,
        Value2 = Value2 - value,
        Value3 = Value3 - value,
        Value4 = Value4 - value,
        Value5 = Value5 - value,
        Value6 = Value6 - value,
        Value7 = Value7 - value,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Sum() => Value0 + Value4 + (Value2 + Value6) + (Value1 + Value5 + (Value3 + Value7));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(ArrayView<float> destination, int start)
    {
        destination[start] = Value0;
        destination[start + 1] = Value1;
        destination[start + 2] = Value2;
        destination[start + 3] = Value3;
        destination[start + 4] = Value4;
        destination[start + 5] = Value5;
        destination[start + 6] = Value6;
        destination[start + 7] = Value7;
    }
}
