using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of output = 0.</summary>
public struct ClearArguments
{
    /// <summary>[Count].</summary>
    public ArrayView<float> Output;

    /// <summary>Elements.</summary>
    public int Count;
}
