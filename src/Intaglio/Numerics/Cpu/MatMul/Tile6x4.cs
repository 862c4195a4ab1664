using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>6 rows by 4 vectors: 24 sums, 4 vectors of b and a value of a in 32 registers.</summary>
internal readonly unsafe struct Tile6x4 : ITile
{
    public static int Rows => 6;

    public static int Vectors => 4;

    [MethodImpl(Jit.HotLoop)]
    public static void Multiply<T>(float* a, float* b, nint bStride, int depth, float* c, Ahead ahead)
        where T : struct, IVectorLane<T>
    {
        T c00 = T.Of(0), c01 = T.Of(0), c02 = T.Of(0), c03 = T.Of(0);
        T c10 = T.Of(0), c11 = T.Of(0), c12 = T.Of(0), c13 = T.Of(0);
        T c20 = T.Of(0), c21 = T.Of(0), c22 = T.Of(0), c23 = T.Of(0);
        T c30 = T.Of(0), c31 = T.Of(0), c32 = T.Of(0), c33 = T.Of(0);
        T c40 = T.Of(0), c41 = T.Of(0), c42 = T.Of(0), c43 = T.Of(0);
        T c50 = T.Of(0), c51 = T.Of(0), c52 = T.Of(0), c53 = T.Of(0);

        for (; depth > 0; depth--)
        {
            ahead.Ask();
            var b0 = T.Load(b);
            var b1 = T.Load(b + T.Count);
            var b2 = T.Load(b + (2 * T.Count));
            var b3 = T.Load(b + (3 * T.Count));

            var x = T.Of(a[0]);
            c00 = T.MultiplyAdd(x, b0, c00);
            c01 = T.MultiplyAdd(x, b1, c01);
            c02 = T.MultiplyAdd(x, b2, c02);
            c03 = T.MultiplyAdd(x, b3, c03);

            x = T.Of(a[1]);
            c10 = T.MultiplyAdd(x, b0, c10);
            c11 = T.MultiplyAdd(x, b1, c11);
            c12 = T.MultiplyAdd(x, b2, c12);
            c13 = T.MultiplyAdd(x, b3, c13);

            x = T.Of(a[2]);
            c20 = T.MultiplyAdd(x, b0, c20);
            c21 = T.MultiplyAdd(x, b1, c21);
            c22 = T.MultiplyAdd(x, b2, c22);
            c23 = T.MultiplyAdd(x, b3, c23);

            x = T.Of(a[3]);
            c30 = T.MultiplyAdd(x, b0, c30);
            c31 = T.MultiplyAdd(x, b1, c31);
            c32 = T.MultiplyAdd(x, b2, c32);
            c33 = T.MultiplyAdd(x, b3, c33);

            x = T.Of(a[4]);
            c40 = T.MultiplyAdd(x, b0, c40);
            c41 = T.MultiplyAdd(x, b1, c41);
            c42 = T.MultiplyAdd(x, b2, c42);
            c43 = T.MultiplyAdd(x, b3, c43);

            x = T.Of(a[5]);
            c50 = T.MultiplyAdd(x, b0, c50);
            c51 = T.MultiplyAdd(x, b1, c51);
            c52 = T.MultiplyAdd(x, b2, c52);
            c53 = T.MultiplyAdd(x, b3, c53);

            a += 6;
            b += bStride;
        }

        Store(c, c00, c01, c02, c03);
        Store(c + (4 * T.Count), c10, c11, c12, c13);
        Store(c + (8 * T.Count), c20, c21, c22, c23);
        Store(c + (12 * T.Count), c30, c31, c32, c33);
        Store(c + (16 * T.Count), c40, c41, c42, c43);
        Store(c + (20 * T.Count), c50, c51, c52, c53);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(float* destination, T v0, T v1, T v2, T v3)
        where T : struct, IVectorLane<T>
    {
        T.Store(destination, v0);
        T.Store(destination + T.Count, v1);
        T.Store(destination + (2 * T.Count), v2);
        T.Store(destination + (3 * T.Count), v3);
    }
}
