using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>inputGradient = (g - output · Σ g · output) / norm with g = outputGradient, and g / Shortest where the norm is smaller; by blocks of rows.</summary>
internal readonly unsafe struct NormalizeLengthsBackward<T>(float* outputGradient, float* output, float* norms, float* inputGradient, int width, int rows) : IWork
    where T : struct, IVectorLane<T>
{
    public int Items => RowBlocks.Items(rows, RowBlocks.RowsOf(width));

    [MethodImpl(Jit.HotLoop)]
    public void Invoke(int item, int thread)
    {
        var block = RowBlocks.RowsOf(width);
        var end = Math.Min(rows, (item + 1) * block);
        for (var row = item * block; row < end; row++)
        {
            var start = (nint)row * width;
            var isShort = norms[row] < NormalizeLengths<T>.Shortest;
            var length = isShort ? NormalizeLengths<T>.Shortest : norms[row];
            var product = isShort ? 0 : NormalizeLengths<T>.Dot(outputGradient + start, output + start, width);
            var column = 0;
            for (; column <= width - T.Count; column += T.Count)
                Store<T>(start + column, product, length);
            for (; column < width; column++)
                Store<F1>(start + column, product, length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store<TLane>(nint element, float product, float length)
        where TLane : struct, IVectorLane<TLane>
        => TLane.Store(
            inputGradient + element,
            (TLane.Load(outputGradient + element) - (TLane.Load(output + element) * TLane.Of(product))) / TLane.Of(length));
}
