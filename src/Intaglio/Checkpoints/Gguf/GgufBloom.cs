using Intaglio.Numerics;

namespace Intaglio.Checkpoints;

/// <summary>llama.cpp's <c>bloom</c>: all queries, then all keys, then all values, where the model has query, key and value of a head together.</summary>
internal sealed class GgufBloom(ModelDescription description) : GgufArchitecture(description)
{
    private static readonly Dictionary<string, string> AllNames = new(StringComparer.Ordinal)
    {
        ["word_embeddings.weight"] = "token_embd.weight",
        ["word_embeddings_layernorm.weight"] = "token_embd_norm.weight",
        ["word_embeddings_layernorm.bias"] = "token_embd_norm.bias",
        ["ln_f.weight"] = "output_norm.weight",
        ["ln_f.bias"] = "output_norm.bias",
        ["lm_head.weight"] = "output.weight",
        ["input_layernorm.weight"] = "attn_norm.weight",
        ["input_layernorm.bias"] = "attn_norm.bias",
        ["self_attention.query_key_value.weight"] = "attn_qkv.weight",
        ["self_attention.query_key_value.bias"] = "attn_qkv.bias",
        ["self_attention.dense.weight"] = "attn_output.weight",
        ["self_attention.dense.bias"] = "attn_output.bias",
        ["post_attention_layernorm.weight"] = "ffn_norm.weight",
        ["post_attention_layernorm.bias"] = "ffn_norm.bias",
        ["mlp.dense_h_to_4h.weight"] = "ffn_up.weight",
        ["mlp.dense_h_to_4h.bias"] = "ffn_up.bias",
        ["mlp.dense_4h_to_h.weight"] = "ffn_down.weight",
        ["mlp.dense_4h_to_h.bias"] = "ffn_down.bias",
    };

    public override string Name => "bloom";

    protected override IReadOnlyDictionary<string, string> Names => AllNames;

    private long HiddenSize => Declared.Integer("hidden_size");

    private long Heads => Declared.Integer("n_head");

    public override IEnumerable<GgufPair> Sizes() =>
    [
        new("context_length", Count(Description.ContextLength)),
        new("embedding_length", Count(HiddenSize)),
        new("block_count", Count(Description.Layers)),
        new("feed_forward_length", Count(4 * HiddenSize)),
        new("attention.head_count", Count(Heads)),
        new("attention.head_count_kv", Count(Heads)),
        new("attention.layer_norm_epsilon", (float)Declared.Number("layer_norm_epsilon")),
    ];

    // What could differ, transformers' configuration of BLOOM has no key for.
    protected override IEnumerable<Obstacle> Obstacles() => [];

    protected override TensorSource SourceOf(Parameter parameter, string name) =>
        name is "attn_qkv.weight" or "attn_qkv.bias" ? new TensorSource.Reordered(parameter, InterleavedRow) : base.SourceOf(parameter, name);

    private long InterleavedRow(long row)
    {
        var size = HiddenSize / Heads;
        var (part, within) = Math.DivRem(row, HiddenSize);
        var (head, column) = Math.DivRem(within, size);
        return (((head * 3) + part) * size) + column;
    }
}
