using System.Runtime.CompilerServices;
using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Rotary positions (Su et al., arXiv:2104.09864).</summary>
internal static class GpuRotary
{
    /// <summary>Turns pairs of columns by their row's angles, a thread for each pair of each head of queries and keys.</summary>
    public static void Run(RotateArguments at)
    {
        var half = at.RotatedSize / 2;
        var heads = at.Heads + at.KeyValueHeads;
        for (var index = GpuGrid.First; index < at.Rows * heads * half; index += GpuGrid.Stride)
        {
            var pair = index % half;
            var head = index / half % heads;
            var row = index / half / heads;
            var angle = (at.Positions[row] * at.RotatedSize) + pair;
            var cosine = at.Table[angle];
            var sine = at.Direction * at.Table[angle + half];

            var first = at.Interleaved != 0 ? 2 * pair : pair;
            var apart = at.Interleaved != 0 ? 1 : half;
            if (head < at.Heads)
                Turn(at.Query, (row * at.QueryStride) + (head * at.HeadStride) + first, apart, cosine, sine);
            else
                Turn(at.Key, (row * at.KeyStride) + ((head - at.Heads) * at.HeadStride) + first, apart, cosine, sine);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(ArrayView<float> x, int column, int apart, float cosine, float sine)
    {
        var a = x[column];
        var b = x[column + apart];
        x[column] = (a * cosine) - (b * sine);
        x[column + apart] = (b * cosine) + (a * sine);
    }
}
