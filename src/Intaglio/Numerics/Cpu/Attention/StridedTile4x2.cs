using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>4 rows by 2 vectors: 8 sums, for 16 registers.</summary>
internal readonly unsafe struct StridedTile4x2 : IStridedTile
{
    public static int Rows => 4;

    [MethodImpl(Jit.HotLoop)]
    public static void Multiply<T>(float* a, nint rowStride, nint depthStride, float* b, nint bStride, int depth, float* c, nint cStride, bool adds)
        where T : struct, IVectorLane<T>
    {
        T c00 = T.Of(0), c01 = T.Of(0);
        T c10 = T.Of(0), c11 = T.Of(0);
        T c20 = T.Of(0), c21 = T.Of(0);
        T c30 = T.Of(0), c31 = T.Of(0);
        if (adds)
        {
            Load(c, out c00, out c01);
            Load(c + cStride, out c10, out c11);
            Load(c + (2 * cStride), out c20, out c21);
            Load(c + (3 * cStride), out c30, out c31);
        }

        var a1 = a + rowStride;
        var a2 = a + (2 * rowStride);
        var a3 = a + (3 * rowStride);
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

            at += depthStride;
            b += bStride;
        }

        Store(c, c00, c01);
        Store(c + cStride, c10, c11);
        Store(c + (2 * cStride), c20, c21);
        Store(c + (3 * cStride), c30, c31);
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
