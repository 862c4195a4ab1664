using System.Runtime.InteropServices;

namespace Intaglio.Numerics;

/// <summary>What positions need and no training changes: made on the host once for each model, in <see cref="Region.Tables"/>.</summary>
public abstract record PositionTable
{
    // Where tables may begin; what a vector reads past the end of one is still memory.
    private const int Alignment = 256;

    internal PositionTable()
    {
    }

    /// <summary>The table's bytes.</summary>
    /// <param name="positions">The longest sequence.</param>
    internal abstract byte[] Content(int positions);

    /// <summary>Tables one after another, each where emitted code expects it.</summary>
    internal static byte[] Concatenate(IEnumerable<PositionTable> tables, int positions)
    {
        var all = new List<byte>();
        foreach (var table in tables)
        {
            all.AddRange(table.Content(positions));
            all.AddRange(new byte[-all.Count & (Alignment - 1)]);
        }

        return [.. all];
    }

    private protected static byte[] BytesOf<T>(ReadOnlySpan<T> values)
        where T : unmanaged => MemoryMarshal.AsBytes(values).ToArray();
}

/// <summary>What <see cref="Alibi"/> adds to scores.</summary>
/// <param name="Heads">How many heads.</param>
/// <param name="IsCausal">Whether a query sees only itself and what is before it.</param>
public sealed record AlibiTable(int Heads, bool IsCausal) : PositionTable
{
    internal override byte[] Content(int positions) => BytesOf<float>(IsCausal ? Alibi.CausalTable(Heads, positions) : Alibi.SymmetricTable(Heads, positions));
}

/// <summary>The bucket of each distance, as <see cref="RelativePositionBuckets"/> has them.</summary>
/// <param name="Buckets">How many buckets there are.</param>
/// <param name="MaximumDistance">From here on all distances share the last bucket.</param>
/// <param name="IsCausal">Whether a query sees only itself and what is before it.</param>
public sealed record BucketTable(int Buckets, int MaximumDistance, bool IsCausal) : PositionTable
{
    internal override byte[] Content(int positions) => BytesOf<int>(RelativePositionBuckets.Table(positions, !IsCausal, Buckets, MaximumDistance));
}

/// <summary>A vector of sines and cosines for each position, as <see cref="SinusoidalPositions"/> has them.</summary>
/// <param name="Width">Columns.</param>
/// <param name="IsInterleaved">Whether sines and cosines take turns, rather than all sines come first.</param>
public sealed record SinusoidTable(int Width, bool IsInterleaved) : PositionTable
{
    internal override byte[] Content(int positions) => BytesOf<float>(SinusoidalPositions.Table(positions, Width, IsInterleaved ? SinusoidalLayout.Interleaved : SinusoidalLayout.Halves));
}
