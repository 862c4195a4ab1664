namespace Intaglio.Compiler;

/// <summary>0 everywhere: what a sum over layers begins with.</summary>
internal sealed record Zeros(TensorType Type) : Op
{
    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs) => [Type];

    public override string Describe(Node node) => "0";
}
