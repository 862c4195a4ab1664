using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>4 rows by 3 vectors: 12 sums, 3 vectors of b and a value of a in 16 registers.</summary>
internal readonly unsafe struct Tile4x3 : ITile
{
    public static int Rows => 4;

    public static int Vectors => 3;

    [MethodImpl(Jit.HotLoop)]
    public static void Multiply<T>(float* a, float* b, nint bStride, int depth, float* c, Ahead ahead)
        where T : struct, IVectorLane<T>
    {
        T c00 = T.Of(0), c01 = T.Of(0), c02 = T.Of(0);
        T c10 = T.Of(0), c11 = T.Of(0), c12 = T.Of(0);
        T c20 = T.Of(0), c21 = T.Of(0), c22 = T.Of(0);
        T c30 = T.Of(0), c31 = T.Of(0), c32 = T.Of(0);

        for (; depth > 0; depth--)
        {
            ahead.Ask();
            var b0 = T.Load(b);
            var b1 = T.Load(b + T.Count);
            var b2 = T.Load(b + (2 * T.Count));

            var x = T.Of(a[0]);
            c00 = T.MultiplyAdd(x, b0, c00);
            c01 = T.MultiplyAdd(x, b1, c01);
            c02 = T.MultiplyAdd(x, b2, c02);

            x = T.Of(a[1]);
            c10 = T.MultiplyAdd(x, b0, c10);
            c11 = T.MultiplyAdd(x, b1, c11);
            c12 = T.MultiplyAdd(x, b2, c12);

            x = T.Of(a[2]);
            c20 = T.MultiplyAdd(x, b0, c20);
            c21 = T.MultiplyAdd(x, b1, c21);
            c22 = T.MultiplyAdd(x, b2, c22);

            x = T.Of(a[3]);
            c30 = T.MultiplyAdd(x, b0, c30);
            c31 = T.MultiplyAdd(x, b1, c31);
            c32 = T.MultiplyAdd(x, b2, c32);

            a += 4;
            b += bStride;
        }

        Store(c, c00, c01, c02);
        Store(c + (3 * T.Count), c10, c11, c12);
        Store(c + (6 * T.Count), c20, c21, c22);
        Store(c + (9 * T.Count), c30, c31, c32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(float* destination, T v0, T v1, T v2)
        where T : struct, IVectorLane<T>
    {
        T.Store(destination, v0);
        T.Store(destination + T.Count, v1);
        T.Store(destination + (2 * T.Count), v2);
    }
}
