using System.Runtime.CompilerServices;
using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Loops of one thread over vectors: eight elements at a time, then what is left.</summary>
internal static class GpuVector
{
    /// <summary>Σ x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(ArrayView<float> x, int start, int count)
    {
        GpuRow sums = default;
        var i = 0;
        for (; i <= count - GpuRow.Length; i += GpuRow.Length)
            sums = sums.Add(1f, GpuRow.Load(x, start + i));

        var sum = sums.Sum();
        for (; i < count; i++)
            sum += x[start + i];
        return sum;
    }

    /// <summary>Σ (x - center)².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfSquares(ArrayView<float> x, int start, int count, float center)
    {
        GpuRow sums = default;
        var i = 0;
        for (; i <= count - GpuRow.Length; i += GpuRow.Length)
        {
            var row = GpuRow.Load(x, start + i).Subtract(center);
            sums = sums.Add(row, row);
        }

        var sum = sums.Sum();
        for (; i < count; i++)
        {
            var value = x[start + i] - center;
            sum += value * value;
        }

        return sum;
    }

    /// <summary>Σ x · y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(ArrayView<float> x, int xStart, ArrayView<float> y, int yStart, int count)
    {
        GpuRow sums = default;
        var i = 0;
        for (; i <= count - GpuRow.Length; i += GpuRow.Length)
            sums = sums.Add(GpuRow.Load(x, xStart + i), GpuRow.Load(y, yStart + i));

        var sum = sums.Sum();
        for (; i < count; i++)
            sum += x[xStart + i] * y[yStart + i];
        return sum;
    }

    /// <summary>result += scale · x, in the thread's own memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ArrayView<float> result, float scale, ArrayView<float> x, int start, int count)
    {
        var i = 0;
        for (; i <= count - GpuRow.Length; i += GpuRow.Length)
            GpuRow.Load(result, i).Add(scale, GpuRow.Load(x, start + i)).Store(result, i);

        for (; i < count; i++)
            result[i] += scale * x[start + i];
    }

    /// <summary>result *= scale, in the thread's own memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scale(ArrayView<float> result, float scale, int count)
    {
        for (var i = 0; i < count; i++)
            result[i] *= scale;
    }

    /// <summary>result = 0, in the thread's own memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Clear(ArrayView<float> result, int count)
    {
        for (var i = 0; i < count; i++)
            result[i] = 0f;
    }

    /// <summary>destination[start...] = scale · source, from the thread's own memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ArrayView<float> source, float scale, ArrayView<float> destination, int start, int count)
    {
        for (var i = 0; i < count; i++)
            destination[start + i] = scale * source[i];
    }
}
