namespace Intaglio.Numerics.Cpu;

/// <summary>The innermost part of a product: a block of sums that stay in registers while the inner dimension passes.</summary>
internal unsafe interface ITile
{
    /// <summary>Rows of the block.</summary>
    static abstract int Rows { get; }

    /// <summary>Columns of the block, in vectors.</summary>
    static abstract int Vectors { get; }

    /// <summary>c = a · b.</summary>
    /// <param name="a">Packed as [depth][Rows].</param>
    /// <param name="b">[depth][Vectors · T.Count].</param>
    /// <param name="bStride">Floats from one of its rows to the next.</param>
    /// <param name="depth">Length of the sums.</param>
    /// <param name="c">[Rows][Vectors · T.Count].</param>
    /// <param name="ahead">What will be read after it, in as many steps as the sums are long.</param>
    static abstract void Multiply<T>(float* a, float* b, nint bStride, int depth, float* c, Ahead ahead)
        where T : struct, IVectorLane<T>;
}
