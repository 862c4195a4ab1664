using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of rotary positions, in place.</summary>
public struct RotateArguments
{
    /// <summary>[Rows, Heads, HeadSize] at QueryStride and HeadStride.</summary>
    public ArrayView<float> Query;

    /// <summary>[Rows, KeyValueHeads, HeadSize] at KeyStride and HeadStride.</summary>
    public ArrayView<float> Key;

    /// <summary>Each row's position.</summary>
    public ArrayView<int> Positions;

    /// <summary>For each position RotatedSize / 2 cosines, then as many sines.</summary>
    public ArrayView<float> Table;

    /// <summary>Rows.</summary>
    public int Rows;

    /// <summary>Query heads.</summary>
    public int Heads;

    /// <summary>Key heads.</summary>
    public int KeyValueHeads;

    /// <summary>Width of a head.</summary>
    public int HeadSize;

    /// <summary>Columns of a head that turn.</summary>
    public int RotatedSize;

    /// <summary>Floats from one row of queries to the next.</summary>
    public int QueryStride;

    /// <summary>Floats from one row of keys to the next.</summary>
    public int KeyStride;

    /// <summary>Floats from one head to the next.</summary>
    public int HeadStride;

    /// <summary>1 where neighbouring columns turn together, 0 where halves do.</summary>
    public int Interleaved;

    /// <summary>1 forward, -1 back.</summary>
    public float Direction;
}
