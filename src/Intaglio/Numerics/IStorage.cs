namespace Intaglio.Numerics;

/// <summary>A storage format of weights. Its loads are the library's own business; emitted code only names the type.</summary>
public interface IStorage
{
    /// <summary>Which format.</summary>
    static abstract NumberFormat Format { get; }

    /// <summary>Bytes an element.</summary>
    static abstract int Bytes { get; }

    /// <summary>Loads as many elements as the lane holds, widened to floats.</summary>
    /// <param name="start">The tensor's first element.</param>
    /// <param name="index">Which element to load first.</param>
    static abstract unsafe T Load<T>(void* start, nint index)
        where T : struct, IVectorLane<T>;
}

/// <summary>A lane of a CPU: it can be loaded and stored.</summary>
/// <typeparam name="T">The lane itself.</typeparam>
public interface IVectorLane<T> : ILane<T>
    where T : struct, IVectorLane<T>
{
    /// <summary>Floats in a lane.</summary>
    static abstract int Count { get; }

    /// <summary>Loads <see cref="Count"/> floats.</summary>
    static abstract unsafe T Load(float* source);

    /// <summary>Loads <see cref="Count"/> bfloat16 values and widens them, which is exact.</summary>
    static abstract unsafe T LoadBFloat16(ushort* source);

    /// <summary>Stores <see cref="Count"/> floats.</summary>
    static abstract unsafe void Store(float* destination, T value);

    /// <summary>The sum of the elements, in a fixed order.</summary>
    static abstract float Sum(T value);

    /// <summary>The largest element.</summary>
    static abstract float Largest(T value);

    /// <summary>0 where <paramref name="stream"/> drops elements <paramref name="element"/>, element + 1, ..., <paramref name="scale"/> where it keeps them.</summary>
    static abstract T Keep(RandomStream stream, uint element, uint threshold, float scale);
}

/// <summary>IEEE 754 binary32.</summary>
public readonly struct Float32 : IStorage
{
    /// <inheritdoc/>
    public static NumberFormat Format => NumberFormat.FP32;

    /// <inheritdoc/>
    public static int Bytes => sizeof(float);

    /// <inheritdoc/>
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]
    public static unsafe T Load<T>(void* start, nint index)
        where T : struct, IVectorLane<T> => T.Load((float*)start + index);
}

/// <summary>bfloat16: the upper 16 bits of a binary32.</summary>
public readonly struct BFloat16 : IStorage
{
    /// <inheritdoc/>
    public static NumberFormat Format => NumberFormat.BF16;

    /// <inheritdoc/>
    public static int Bytes => sizeof(ushort);

    /// <inheritdoc/>
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]
    public static unsafe T Load<T>(void* start, nint index)
        where T : struct, IVectorLane<T> => T.LoadBFloat16((ushort*)start + index);

    /// <summary>Rounds to nearest, ties to even; a NaN stays a NaN, with the upper bits of its payload.</summary>
    public static ushort Narrow(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        if (!float.IsNaN(value))
            return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);

        // A payload whose upper bits are zero would be that of an infinity.
        return (ushort)((bits >> 16) | ((bits & 0x7F_0000) == 0 ? 0x40u : 0u));
    }

    /// <summary>The float that the bits stand for.</summary>
    public static float Widen(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);
}
