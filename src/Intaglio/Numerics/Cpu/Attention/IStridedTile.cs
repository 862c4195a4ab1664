namespace Intaglio.Numerics.Cpu;

/// <summary>
/// A block of sums in registers over a left factor that is not packed: attention's products are so short that packing scores would cost as much as
/// multiplying them.
/// </summary>
internal unsafe interface IStridedTile
{
    /// <summary>Rows of the block.</summary>
    static abstract int Rows { get; }

    /// <summary>c = a · b, or c += a · b.</summary>
    /// <param name="a">The left factor.</param>
    /// <param name="rowStride">Floats from one row of it to the next.</param>
    /// <param name="depthStride">Floats from one term of a sum to the next.</param>
    /// <param name="b">The right factor, [depth][2 · T.Count].</param>
    /// <param name="bStride">Floats from one of its rows to the next.</param>
    /// <param name="depth">Length of the sums.</param>
    /// <param name="c">The result.</param>
    /// <param name="cStride">Floats from one of its rows to the next.</param>
    /// <param name="adds">Whether the result is added to what is there.</param>
    static abstract void Multiply<T>(float* a, nint rowStride, nint depthStride, float* b, nint bStride, int depth, float* c, nint cStride, bool adds)
        where T : struct, IVectorLane<T>;
}
