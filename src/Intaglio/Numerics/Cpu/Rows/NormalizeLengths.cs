using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>norms[r] = ‖x[r]‖₂ and output = x / max(norm, <see cref="Shortest"/>), by blocks of rows.</summary>
internal readonly unsafe struct NormalizeLengths<T>(float* x, float* output, float* norms, int width, int rows) : IWork
    where T : struct, IVectorLane<T>
{
    /// <summary>Shorter rows are divided by this, as PyTorch's <c>F.normalize</c> does.</summary>
    public const float Shortest = 1e-12f;

    public int Items => RowBlocks.Items(rows, RowBlocks.RowsOf(width));

    [MethodImpl(Jit.HotLoop)]
    public void Invoke(int item, int thread)
    {
        var block = RowBlocks.RowsOf(width);
        var end = Math.Min(rows, (item + 1) * block);
        for (var row = item * block; row < end; row++)
        {
            var source = x + ((nint)row * width);
            var destination = output + ((nint)row * width);
            var norm = MathF.Sqrt(Dot(source, source, width));
            norms[row] = norm;

            var length = MathF.Max(norm, Shortest);
            var column = 0;
            for (; column <= width - T.Count; column += T.Count)
                T.Store(destination + column, T.Load(source + column) / T.Of(length));
            for (; column < width; column++)
                destination[column] = source[column] / length;
        }
    }

    /// <summary>Σ x · y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(float* x, float* y, int width)
    {
        T s0 = T.Of(0), s1 = T.Of(0);
        var column = 0;
        for (; column <= width - (2 * T.Count); column += 2 * T.Count)
        {
            s0 = T.MultiplyAdd(T.Load(x + column), T.Load(y + column), s0);
            s1 = T.MultiplyAdd(T.Load(x + column + T.Count), T.Load(y + column + T.Count), s1);
        }

        var sum = T.Sum(s0 + s1);
        for (; column < width; column++)
            sum += x[column] * y[column];
        return sum;
    }
}
