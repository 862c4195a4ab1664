using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>8 rows by 1 vector: where keys or columns end in the first half of a panel.</summary>
internal readonly unsafe struct StridedTile8x1 : IStridedTile
{
    public static int Rows => 8;

    [MethodImpl(Jit.HotLoop)]
    public static void Multiply<T>(float* a, nint rowStride, nint depthStride, float* b, nint bStride, int depth, float* c, nint cStride, bool adds)
        where T : struct, IVectorLane<T>
    {
        T c0 = T.Of(0), c1 = T.Of(0), c2 = T.Of(0), c3 = T.Of(0), c4 = T.Of(0), c5 = T.Of(0), c6 = T.Of(0), c7 = T.Of(0);
        if (adds)
        {
            c0 = T.Load(c);
            c1 = T.Load(c + cStride);
            c2 = T.Load(c + (2 * cStride));
            c3 = T.Load(c + (3 * cStride));
            c4 = T.Load(c + (4 * cStride));
            c5 = T.Load(c + (5 * cStride));
            c6 = T.Load(c + (6 * cStride));
            c7 = T.Load(c + (7 * cStride));
        }

        var a1 = a + rowStride;
        var a2 = a + (2 * rowStride);
        var a3 = a + (3 * rowStride);
        var a4 = a + (4 * rowStride);
        var a5 = a + (5 * rowStride);
        var a6 = a + (6 * rowStride);
        var a7 = a + (7 * rowStride);
        nint at = 0;
        for (; depth > 0; depth--)
        {
            var b0 = T.Load(b);
            c0 = T.MultiplyAdd(T.Of(a[at]), b0, c0);
            c1 = T.MultiplyAdd(T.Of(a1[at]), b0, c1);
            c2 = T.MultiplyAdd(T.Of(a2[at]), b0, c2);
            c3 = T.MultiplyAdd(T.Of(a3[at]), b0, c3);
            c4 = T.MultiplyAdd(T.Of(a4[at]), b0, c4);
            c5 = T.MultiplyAdd(T.Of(a5[at]), b0, c5);
            c6 = T.MultiplyAdd(T.Of(a6[at]), b0, c6);
            c7 = T.MultiplyAdd(T.Of(a7[at]), b0, c7);
            at += depthStride;
            b += bStride;
        }

        T.Store(c, c0);
        T.Store(c + cStride, c1);
        T.Store(c + (2 * cStride), c2);
        T.Store(c + (3 * cStride), c3);
        T.Store(c + (4 * cStride), c4);
        T.Store(c + (5 * cStride), c5);
        T.Store(c + (6 * cStride), c6);
        T.Store(c + (7 * cStride), c7);
    }
}
