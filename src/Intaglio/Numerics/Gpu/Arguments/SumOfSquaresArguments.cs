using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of partial sums of squares.</summary>
public struct SumOfSquaresArguments
{
    /// <summary>[Count].</summary>
    public ArrayView<float> Values;

    /// <summary>[SumOfSquares.Partials], one a thread.</summary>
    public ArrayView<float> Partials;

    /// <summary>Elements.</summary>
    public long Count;
}
