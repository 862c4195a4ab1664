using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>8 rows by 2 vectors: 16 sums, for 32 registers.</summary>
internal readonly unsafe struct StridedTile8x2 : IStridedTile
{
    public static int Rows => 8;

    [MethodImpl(Jit.HotLoop)]
    public static void Multiply<T>(float* a, nint rowStride, nint depthStride, float* b, nint bStride, int depth, float* c, nint cStride, bool adds)
        where T : struct, IVectorLane<T>
    {
        T c00 = T.Of(0), c01 = T.Of(0);
        T c10 = T.Of(0), c11 = T.Of(0);
        T c20 = T.Of(0), c21 = T.Of(0);
        T c30 = T.Of(0), c31 = T.Of(0);
        T c40 = T.Of(0), c41 = T.Of(0);
        T c50 = T.Of(0), c51 = T.Of(0);
        T c60 = T.Of(0), c61 = T.Of(0);
        T c70 = T.Of(0), c71 = T.Of(0);
        if (adds)
        {
            Load(c, out c00, out c01);
            Load(c + cStride, out c10, out c11);
            Load(c + (2 * cStride), out c20, out c21);
            Load(c + (3 * cStride), out c30, out c31);
            Load(c + (4 * cStride), out c40, out c41);
            Load(c + (5 * cStride), out c50, out c51);
            Load(c + (6 * cStride), out c60, out c61);
            Load(c + (7 * cStride), out c70, out c71);
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
            var b1 = T.Load(b + T.Count);

            var x = T.Of(a[at]);
            c00 = T.MultiplyAdd(x, b0, c00);
            c01 = T.MultiplyAdd(x, b1, c01);

            x = T.Of(a1[at]);
            c10 = T.MultiplyAdd(x, b0, c10);
            c11 = T.MultiplyAdd(x, b1, c11);

            x = T.Of(a2[at]);
            c20 = T.MultiplyAdd(x, b0, c20);
            c21 = T.MultiplyAdd(x, b1, c21);

            x = T.Of(a3[at]);
            c30 = T.MultiplyAdd(x, b0, c30);
            c31 = T.MultiplyAdd(x, b1, c31);

            x = T.Of(a4[at]);
            c40 = T.MultiplyAdd(x, b0, c40);
            c41 = T.MultiplyAdd(x, b1, c41);

            x = T.Of(a5[at]);
            c50 = T.MultiplyAdd(x, b0, c50);
            c51 = T.MultiplyAdd(x, b1, c51);

            x = T.Of(a6[at]);
            c60 = T.MultiplyAdd(x, b0, c60);
            c61 = T.MultiplyAdd(x, b1, c61);

            x = T.Of(a7[at]);
            c70 = T.MultiplyAdd(x, b0, c70);
            c71 = T.MultiplyAdd(x, b1, c71);

            at += depthStride;
            b += bStride;
        }

        Store(c, c00, c01);
        Store(c + cStride, c10, c11);
        Store(c + (2 * cStride), c20, c21);
        Store(c + (3 * cStride), c30, c31);
        Store(c + (4 * cStride), c40, c41);
        Store(c + (5 * cStride), c50, c51);
        Store(c + (6 * cStride), c60, c61);
        Store(c + (7 * cStride), c70, c71);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<T>(float* source, out T v0, out T v1)
        where T : struct, IVectorLane<T>
    {
        v0 = T.Load(source);
        v1 = T.Load(source + T.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(float* destination, T v0, T v1)
        where T : struct, IVectorLane<T>
    {
        T.Store(destination, v0);
        T.Store(destination + T.Count, v1);
    }
}
