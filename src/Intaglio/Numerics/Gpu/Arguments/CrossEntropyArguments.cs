using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Operands of the loss of a chunk of logits.</summary>
public struct CrossEntropyArguments
{
    /// <summary>[Rows, Vocabulary]; replaced by the products' gradient where it is wanted.</summary>
    public ArrayView<float> Logits;

    /// <summary>[Rows]; a negative one is ignored.</summary>
    public ArrayView<int> Targets;

    /// <summary>[Rows].</summary>
    public ArrayView<float> Losses;

    /// <summary>Rows of the chunk.</summary>
    public int Rows;

    /// <summary>Logits a row.</summary>
    public int Vocabulary;

    /// <summary>0 for the loss alone, 1 for the gradient too.</summary>
    public int WantsGradient;

    /// <summary>The cap that the logits have been through; 0 without one.</summary>
    public float SoftCap;

    /// <summary>What each row's loss counts.</summary>
    public float LossScale;
}
