using Intaglio.Numerics;

namespace Intaglio.Checkpoints;

/// <summary>llama.cpp's <c>gpt2</c>: weights [out, in], of which the model's are [in, out], and biases and positions that are there, be they zero.</summary>
internal sealed class GgufGpt2(ModelDescription description) : GgufArchitecture(description)
{
    private const string Position = "wpe.weight";

    private static readonly Dictionary<string, string> AllNames = new(StringComparer.Ordinal)
    {
        ["wte.weight"] = "token_embd.weight",
        [Position] = "position_embd.weight",
        ["ln_f.weight"] = "output_norm.weight",
        ["ln_f.bias"] = "output_norm.bias",
        ["lm_head.weight"] = "output.weight",
        ["ln_1.weight"] = "attn_norm.weight",
        ["ln_1.bias"] = "attn_norm.bias",
        ["attn.c_attn.weight"] = "attn_qkv.weight",
        ["attn.c_attn.bias"] = "attn_qkv.bias",
        ["attn.c_proj.weight"] = "attn_output.weight",
        ["attn.c_proj.bias"] = "attn_output.bias",
        ["ln_2.weight"] = "ffn_norm.weight",
        ["ln_2.bias"] = "ffn_norm.bias",
        ["mlp.c_fc.weight"] = "ffn_up.weight",
        ["mlp.c_fc.bias"] = "ffn_up.bias",
        ["mlp.c_proj.weight"] = "ffn_down.weight",
        ["mlp.c_proj.bias"] = "ffn_down.bias",
    };

    public override string Name => "gpt2";

    protected override IReadOnlyDictionary<string, string> Names => AllNames;

    private long HiddenSize => Declared.Integer("n_embd");

    private long IntermediateSize => Declared.Integer("n_inner");

    public override IEnumerable<GgufPair> Sizes() =>
    [
        new("context_length", Count(Description.ContextLength)),
        new("embedding_length", Count(HiddenSize)),
        new("block_count", Count(Description.Layers)),
        new("feed_forward_length", Count(IntermediateSize)),
        new("attention.head_count", Count(Declared.Integer("n_head"))),
        new("attention.layer_norm_epsilon", (float)Declared.Number("layer_norm_epsilon")),
    ];

    public override IEnumerable<GgufTensor> Tensors()
    {
        GgufTensor[] own = [.. base.Tensors()];
        return own.Concat(Required().Where(required => Array.TrueForAll(own, tensor => tensor.Name != required.Name)));
    }

    protected override IEnumerable<Obstacle> Obstacles() => Require(Declared.Is("activation_function", "gelu_new"), "activation_function", "gelu_new");

    // Vectors, and embeddings, are stored as they are.
    protected override TensorSource SourceOf(Parameter parameter, string name) =>
        name is "attn_qkv.weight" or "attn_output.weight" or "ffn_up.weight" or "ffn_down.weight" ? new TensorSource.Transposed(parameter) : base.SourceOf(parameter, name);

    // What models without biases or positions leave out.
    private IEnumerable<GgufTensor> Required()
    {
        yield return Zeros("position_embd.weight", Description.ContextLength, HiddenSize);
        yield return Zeros("output_norm.bias", HiddenSize);
        for (var layer = 0; layer < Description.Layers; layer++)
        {
            yield return Zeros($"blk.{layer}.attn_norm.bias", HiddenSize);
            yield return Zeros($"blk.{layer}.attn_qkv.bias", 3 * HiddenSize);
            yield return Zeros($"blk.{layer}.attn_output.bias", HiddenSize);
            yield return Zeros($"blk.{layer}.ffn_norm.bias", HiddenSize);
            yield return Zeros($"blk.{layer}.ffn_up.bias", IntermediateSize);
            yield return Zeros($"blk.{layer}.ffn_down.bias", HiddenSize);
        }
    }

    private static GgufTensor Zeros(string name, params long[] sides) => Tensor(name, new TensorSource.Zeros(sides));
}
