using Intaglio.Numerics;

namespace Intaglio.Checkpoints;

/// <summary>
/// llama.cpp's <c>gemma2</c>: gains are stored as 1 + gain, the head is the embedding, and scores are scaled by the size of a head or, of 46 layers, that which heads would
/// have that are as wide together as the model.
/// </summary>
internal sealed class GgufGemma2(ModelDescription description) : GgufLlama(description)
{
    // By which llama.cpp knows Gemma 2 27B.
    private const int LayersOf27B = 46;

    public override string Name => "gemma2";

    protected override IReadOnlyDictionary<string, string> Names { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["embed_tokens.weight"] = "token_embd.weight",
        ["norm.weight"] = "output_norm.weight",
        ["input_layernorm.weight"] = "attn_norm.weight",
        ["self_attn.q_proj.weight"] = "attn_q.weight",
        ["self_attn.k_proj.weight"] = "attn_k.weight",
        ["self_attn.v_proj.weight"] = "attn_v.weight",
        ["self_attn.o_proj.weight"] = "attn_output.weight",
        ["post_attention_layernorm.weight"] = "post_attention_norm.weight",
        ["pre_feedforward_layernorm.weight"] = "ffn_norm.weight",
        ["mlp.gate_proj.weight"] = "ffn_gate.weight",
        ["mlp.up_proj.weight"] = "ffn_up.weight",
        ["mlp.down_proj.weight"] = "ffn_down.weight",
        ["post_feedforward_layernorm.weight"] = "post_ffw_norm.weight",
    };

    protected override bool IsReordered => false;

    protected override bool HasFrequencyFactors => false;

    public override IEnumerable<GgufPair> Sizes() =>
    [
        .. base.Sizes(),
        new("attention.sliding_window", Count(Declared.Integer("sliding_window"))),
        new("attn_logit_softcapping", (float)Declared.Number("attn_logit_softcapping")),
        new("final_logit_softcapping", (float)Declared.Number("final_logit_softcapping")),
    ];

    protected override IEnumerable<Obstacle> Obstacles()
    {
        var scalar = Description.Layers == LayersOf27B ? HiddenSize / Heads : HeadSize;
        return
        [
            .. Require(Declared.Integer("query_pre_attn_scalar") == scalar, "query_pre_attn_scalar", $"{scalar}"),
            .. Require(Declared.Is("tie_word_embeddings", true), "tie_word_embeddings", "true"),
        ];
    }

    protected override TensorSource SourceOf(Parameter parameter, string name) =>
        name.EndsWith("norm.weight", StringComparison.Ordinal) ? new TensorSource.OnePlus(parameter) : base.SourceOf(parameter, name);
}
