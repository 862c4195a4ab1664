using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>4 rows by 2 vectors, for 16 registers and widths that a tile of 3 vectors would pad more.</summary>
internal readonly unsafe struct Tile4x2 : ITile
{
    public static int Rows => 4;

    public static int Vectors => 2;

    [MethodImpl(Jit.HotLoop)]
    public static void Multiply<T>(float* a, float* b, nint bStride, int depth, float* c, Ahead ahead)
        where T : struct, IVectorLane<T>
    {
        T c00 = T.Of(0), c01 = T.Of(0);
        T c10 = T.Of(0), c11 = T.Of(0);
        T c20 = T.Of(0), c21 = T.Of(0);
        T c30 = T.Of(0), c31 = T.Of(0);

        for (; depth > 0; depth--)
        {
            ahead.Ask();
            var b0 = T.Load(b);
            var b1 = T.Load(b + T.Count);

            var x = T.Of(a[0]);
            c00 = T.MultiplyAdd(x, b0, c00);
            c01 = T.MultiplyAdd(x, b1, c01);

            x = T.Of(a[1]);
            c10 = T.MultiplyAdd(x, b0, c10);
            c11 = T.MultiplyAdd(x, b1, c11);

            x = T.Of(a[2]);
            c20 = T.MultiplyAdd(x, b0, c20);
            c21 = T.MultiplyAdd(x, b1, c21);

            x = T.Of(a[3]);
            c30 = T.MultiplyAdd(x, b0, c30);
            c31 = T.MultiplyAdd(x, b1, c31);

            a += 4;
            b += bStride;
        }

        Store(c, c00, c01);
        Store(c + (2 * T.Count), c10, c11);
        Store(c + (4 * T.Count), c20, c21);
        Store(c + (6 * T.Count), c30, c31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(float* destination, T v0, T v1)
        where T : struct, IVectorLane<T>
    {
        T.Store(destination, v0);
        T.Store(destination + T.Count, v1);
    }
}
