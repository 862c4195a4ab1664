namespace Intaglio.Numerics.Cpu;

/// <summary>The factors of a product c[Rows, Columns] = a[Rows, Depth] · b[Depth, Columns], each row-major as it stands or transposed.</summary>
internal readonly unsafe struct Factors
{
    /// <summary>Rows of the result.</summary>
    public required int Rows { get; init; }

    /// <summary>Columns of the result.</summary>
    public required int Columns { get; init; }

    /// <summary>Length of the sums.</summary>
    public required int Depth { get; init; }

    /// <summary>The left factor: [Rows, Depth], or [Depth, Rows] where transposed.</summary>
    public required float* Left { get; init; }

    /// <summary>Floats from one row of the left factor to the next.</summary>
    public required nint LeftStride { get; init; }

    /// <summary>Whether the left factor is stored transposed.</summary>
    public bool LeftTransposed { get; init; }

    /// <summary>The right factor: [Depth, Columns], or [Columns, Depth] where transposed.</summary>
    public required void* Right { get; init; }

    /// <summary>Elements from one row of the right factor to the next.</summary>
    public required nint RightStride { get; init; }

    /// <summary>Whether the right factor is stored transposed.</summary>
    public bool RightTransposed { get; init; }

    /// <summary>The product of a part of the sums' terms.</summary>
    public Factors Part<TWeight>(int start, int depth)
        where TWeight : struct, IStorage
        => this with
        {
            Depth = depth,
            Left = Left + (LeftTransposed ? start * LeftStride : start),
            Right = (byte*)Right + ((RightTransposed ? start : start * RightStride) * TWeight.Bytes),
        };
}
