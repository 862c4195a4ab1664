using Intaglio.Numerics;

namespace Intaglio.Checkpoints;

/// <summary>
/// llama.cpp's <c>llama</c>: rotary positions that turn neighbouring columns, so that rows of queries and keys of models that turn the halves of a head are put in
/// another order, as <c>conversion/llama.py</c> does; a factor for each pair of columns where its frequency is scaled. Mistral is one whose window is no shorter than
/// the context.
/// </summary>
internal class GgufLlama(ModelDescription description) : GgufArchitecture(description)
{
    private const string Window = "sliding_window";

    private static readonly Dictionary<string, string> AllNames = new(StringComparer.Ordinal)
    {
        ["embed_tokens.weight"] = "token_embd.weight",
        ["norm.weight"] = "output_norm.weight",
        ["lm_head.weight"] = "output.weight",
        ["input_layernorm.weight"] = "attn_norm.weight",
        ["self_attn.q_proj.weight"] = "attn_q.weight",
        ["self_attn.q_proj.bias"] = "attn_q.bias",
        ["self_attn.k_proj.weight"] = "attn_k.weight",
        ["self_attn.k_proj.bias"] = "attn_k.bias",
        ["self_attn.v_proj.weight"] = "attn_v.weight",
        ["self_attn.v_proj.bias"] = "attn_v.bias",
        ["self_attn.o_proj.weight"] = "attn_output.weight",
        ["self_attn.o_proj.bias"] = "attn_output.bias",
        ["post_attention_layernorm.weight"] = "ffn_norm.weight",
        ["mlp.gate_proj.weight"] = "ffn_gate.weight",
        ["mlp.gate_proj.bias"] = "ffn_gate.bias",
        ["mlp.up_proj.weight"] = "ffn_up.weight",
        ["mlp.up_proj.bias"] = "ffn_up.bias",
        ["mlp.down_proj.weight"] = "ffn_down.weight",
        ["mlp.down_proj.bias"] = "ffn_down.bias",
    };

    public override string Name => "llama";

    protected override IReadOnlyDictionary<string, string> Names => AllNames;

    /// <summary>Whether the model turns the halves of a head, and the architecture neighbouring columns.</summary>
    protected virtual bool IsReordered => true;

    /// <summary>Whether the architecture can scale the frequency of each pair of columns by a factor of its own.</summary>
    protected virtual bool HasFrequencyFactors => true;

    /// <summary>The key of the norms' epsilon.</summary>
    protected virtual string EpsilonKey => "rms_norm_eps";

    /// <summary>The angles by which positions turn.</summary>
    protected RotaryAngles Angles => Description.Tables.OfType<RotaryAngles>().Single();

    protected long HiddenSize => Declared.Integer("hidden_size");

    protected long Heads => Declared.Integer("num_attention_heads");

    protected long HeadSize => Declared.Integer("head_dim");

    public override IEnumerable<GgufPair> Sizes() =>
    [
        new("vocab_size", Count(Description.VocabularySize)),
        new("context_length", Count(Description.ContextLength)),
        new("embedding_length", Count(HiddenSize)),
        new("block_count", Count(Description.Layers)),
        new("feed_forward_length", Count(Declared.Integer("intermediate_size"))),
        new("attention.head_count", Count(Heads)),
        new("attention.head_count_kv", Count(Declared.Integer("num_key_value_heads"))),
        new("attention.key_length", Count(HeadSize)),
        new("attention.value_length", Count(HeadSize)),
        new("attention.layer_norm_rms_epsilon", (float)Declared.Number(EpsilonKey)),
        new("rope.dimension_count", Count(Angles.RotatedSize)),
        new("rope.freq_base", (float)Angles.Theta),
        .. Scaling(),
    ];

    public override IEnumerable<GgufTensor> Tensors() => base.Tensors().Concat(FrequencyFactors());

    protected override IEnumerable<Obstacle> Obstacles() =>
    [
        .. Require(Declared.Is("hidden_act", "silu"), "hidden_act", "silu"),
        .. Require(Declared[Window] is null or 0 || Declared.Integer(Window) >= Description.ContextLength, Window, $"no window shorter than the context of {Description.ContextLength}"),
        .. ScalingObstacles(),
    ];

    protected override TensorSource SourceOf(Parameter parameter, string name) =>
        IsReordered && name is "attn_q.weight" or "attn_q.bias" or "attn_k.weight" or "attn_k.bias"
            ? new TensorSource.Reordered(parameter, NeighbourRow)
            : base.SourceOf(parameter, name);

    // What the architecture cannot scale angles by.
    private IEnumerable<Obstacle> ScalingObstacles() => Angles.Scaling switch
    {
        RotaryScaling.Llama3 or RotaryScaling.DynamicNtk when !HasFrequencyFactors => Require(holds: false, "rope_scaling", "the rope_type linear or yarn, or none"),
        RotaryScaling.Yarn yarn when yarn != new RotaryScaling.Yarn(yarn.Factor, yarn.OriginalContextLength) => [new("rope_scaling", $"{yarn}", "the usual values of yarn besides factor and original context")],
        _ => [],
    };

    // Columns 2i and 2i + 1 of a head turn together in the file, i and i + size / 2 in the model.
    private long NeighbourRow(long row)
    {
        var (head, column) = Math.DivRem(row, HeadSize);
        var (pair, half) = Math.DivRem(column, 2);
        return (head * HeadSize) + (half * (HeadSize / 2)) + pair;
    }

    private GgufPair[] Scaling() => Angles.Scaling switch
    {
        RotaryScaling.Linear linear => [new("rope.scaling.type", "linear"), new("rope.scaling.factor", (float)linear.Factor)],
        RotaryScaling.Yarn yarn =>
        [
            new("rope.scaling.type", "yarn"),
            new("rope.scaling.factor", (float)yarn.Factor),
            new("rope.scaling.original_context_length", Count(yarn.OriginalContextLength)),
        ],
        _ => [],
    };

    // llama.cpp divides each pair's frequency by its factor.
    private GgufTensor[] FrequencyFactors()
    {
        if (Angles.Scaling is not (RotaryScaling.Llama3 or RotaryScaling.DynamicNtk))
            return [];

        var scaled = Angles.InverseFrequencies(Description.ContextLength);
        var unscaled = (Angles with { Scaling = null }).InverseFrequencies(Description.ContextLength);
        return [Tensor("rope_freqs.weight", new TensorSource.Constant([.. unscaled.Zip(scaled, (from, to) => (float)(from / to))]))];
    }
}
