namespace Intaglio.Checkpoints;

/// <summary>llama.cpp's <c>qwen2</c>: positions turn the halves of a head, as in the model, and heads are as wide together as the model.</summary>
internal sealed class GgufQwen2(ModelDescription description) : GgufLlama(description)
{
    public override string Name => "qwen2";

    protected override bool IsReordered => false;

    protected override bool HasFrequencyFactors => false;

    protected override IEnumerable<Obstacle> Obstacles() =>
    [
        .. base.Obstacles(),
        .. Require(Heads * HeadSize == HiddenSize, "head_dim", $"hidden_size / num_attention_heads, {HiddenSize} / {Heads}"),
    ];
}
