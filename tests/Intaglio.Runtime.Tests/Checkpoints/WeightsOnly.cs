using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>A GPT-2 that is weights alone: all that checkpoints see of a model.</summary>
internal sealed class WeightsOnly(Device device, ModelDescription description) : LanguageModel(device, description)
{
    public static WeightsOnly Create(Device device, ModelDescription description, ulong seed = 0)
    {
        var model = new WeightsOnly(device, description);
        model.Initialize(seed);
        return model;
    }

    public static WeightsOnly Load(string directory, Device device, ModelDescription description)
    {
        var model = new WeightsOnly(device, description);
        model.Read(directory);
        return model;
    }

    /// <summary>The description that the generator gives a GPT-2 of these sizes, laid out with gaps of 16 elements to show that padding stays zero.</summary>
    public static ModelDescription Gpt2(
        int vocabulary = 20, int context = 8, int width = 16, int layers = 2, int heads = 2, int? inner = null, NumberFormat format = NumberFormat.FP32, bool isTied = true)
    {
        var intermediate = inner ?? 4 * width;
        var next = 0L;

        ParameterEntry Entry(string name, int[] shape, Segment segment, float mean = 0, float deviation = 0)
        {
            var entry = new ParameterEntry(name, next, shape, segment, deviation > 0 ? ParameterGroup.Decayed : ParameterGroup.NotDecayed, new(mean, deviation));
            next += ((entry.Count + 15) & ~15) + 16;
            return entry;
        }

        ParameterEntry[] embeddings =
        [
            Entry("wte.weight", [vocabulary, width], Segment.Embedding, deviation: 0.02f),
            Entry("wpe.weight", [context, width], Segment.Embedding, deviation: 0.02f),
        ];
        var layersStart = next;
        next = 0;
        ParameterEntry[] layer =
        [
            Entry("h.{layer}.ln_1.weight", [width], Segment.Layer, mean: 1),
            Entry("h.{layer}.ln_1.bias", [width], Segment.Layer),
            Entry("h.{layer}.attn.c_attn.weight", [width, 3 * width], Segment.Layer, deviation: 0.02f),
            Entry("h.{layer}.attn.c_attn.bias", [3 * width], Segment.Layer),
            Entry("h.{layer}.attn.c_proj.weight", [width, width], Segment.Layer, deviation: 0.02f),
            Entry("h.{layer}.attn.c_proj.bias", [width], Segment.Layer),
            Entry("h.{layer}.ln_2.weight", [width], Segment.Layer, mean: 1),
            Entry("h.{layer}.ln_2.bias", [width], Segment.Layer),
            Entry("h.{layer}.mlp.c_fc.weight", [width, intermediate], Segment.Layer, deviation: 0.02f),
            Entry("h.{layer}.mlp.c_fc.bias", [intermediate], Segment.Layer),
            Entry("h.{layer}.mlp.c_proj.weight", [intermediate, width], Segment.Layer, deviation: 0.02f),
            Entry("h.{layer}.mlp.c_proj.bias", [width], Segment.Layer),
        ];
        var layerSize = next;
        next = layersStart + (layers * layerSize);
        ParameterEntry[] head =
        [
            Entry("ln_f.weight", [width], Segment.Head, mean: 1),
            Entry("ln_f.bias", [width], Segment.Head),
            .. isTied ? Array.Empty<ParameterEntry>() : [Entry("lm_head.weight", [vocabulary, width], Segment.Head, deviation: 0.02f)],
        ];

        return new()
        {
            Name = "Gpt2",
            VocabularySize = vocabulary,
            ContextLength = context,
            Layers = layers,
            CacheBytesPerTokenAndLayer = 2 * width * sizeof(float),
            Format = format,
            Parameters = new([new(Segment.Layer, layers, layersStart, layerSize)], next, [.. embeddings, .. layer, .. head]),
            Configuration =
            [
                new("activation_function", "gelu_new", IsFact: true, Default: "gelu_new"),
                new("architectures", new[] { "GPT2LMHeadModel" }, IsFact: false),
                new("layer_norm_epsilon", 1e-05, IsFact: true, Default: 1e-05),
                new("model_type", "gpt2", IsFact: true),
                new("n_embd", width, IsFact: true, Default: 768),
                new("n_head", heads, IsFact: true, Default: 12),
                new("n_inner", intermediate, IsFact: true, Default: 4 * width),
                new("n_layer", layers, IsFact: true, Default: 12),
                new("n_positions", context, IsFact: true, Default: 1024),
                new("scale_attn_by_inverse_layer_idx", false, IsFact: true, Default: false),
                new("tie_word_embeddings", isTied, IsFact: true, Default: true),
                new("vocab_size", vocabulary, IsFact: true, Default: 50257),
            ],
            CheckpointPrefix = "transformer.",
            UnprefixedTensors = ["lm_head.weight"],
            IgnoredTensors = [.. isTied ? ["lm_head.weight"] : Array.Empty<string>(), "h.{layer}.attn.bias", "h.{layer}.attn.masked_bias"],
            Kernels = typeof(WeightsOnly),
        };
    }
}
