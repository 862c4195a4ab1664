using Intaglio.Compiler;
using Intaglio.Generators.Parsing.Json;

namespace Intaglio.Generators.Parsing.Architectures;

/// <summary>LLaMA and what follows it: transformers' LlamaConfig, Qwen2Config, MistralConfig and Gemma2Config, key by key with their defaults.</summary>
internal static class LlamaArchitectures
{
    public static void ReadLlama(Configuration file)
    {
        ReadShared(file, vocabulary: 32000, hidden: 4096, intermediate: 11008, layers: 32, heads: 32, keyValueHeads: null, context: 2048);
        ReadActivation(file);
        var bias = file.Flag("attention_bias", false, Keys.QueryKeyValueBias, Keys.OutputBias);
        file.Flag("mlp_bias", false, Keys.FeedForwardBias);
        file.Flag("tie_word_embeddings", false, Keys.TieWordEmbeddings);

        // How a product is cut changes no more than an order of rounding.
        file.Ignore("pretraining_tp");
        file.Head(DecoderArchitectures.Only("LlamaForCausalLM"));
    }

    public static void ReadQwen2(Configuration file)
    {
        ReadShared(file, vocabulary: 151936, hidden: 4096, intermediate: 22016, layers: 32, heads: 32, keyValueHeads: 32, context: 32768);
        ReadActivation(file);
        file.Set(Keys.QueryKeyValueBias, true);
        file.Flag("tie_word_embeddings", false, Keys.TieWordEmbeddings);

        // A window in the upper layers alone.
        file.Only("use_sliding_window", false);
        file.Ignore("sliding_window", "max_window_layers");
        file.Only("use_mrope", false);
        ReadLayerTypes(file, _ => "full_attention");
        file.Head(DecoderArchitectures.Only("Qwen2ForCausalLM"));
    }

    public static void ReadMistral(Configuration file)
    {
        ReadShared(file, vocabulary: 32000, hidden: 4096, intermediate: 14336, layers: 32, heads: 32, keyValueHeads: 8, context: 131072);
        ReadActivation(file);
        ReadWindow(file);
        file.Flag("tie_word_embeddings", false, Keys.TieWordEmbeddings);
        file.Head(DecoderArchitectures.Only("MistralForCausalLM"));
    }

    public static void ReadGemma2(Configuration file)
    {
        var hidden = ReadShared(file, vocabulary: 256000, hidden: 2304, intermediate: 9216, layers: 26, heads: 8, keyValueHeads: 4, context: 8192, headSize: 256, padding: 0);
        file.Set(Keys.Placement, (int)NormalizationPlacement.Sandwich);
        file.Set(Keys.UnitOffset, true);

        // Gemma 2 multiplies embeddings by √HiddenSize, and scores by 1 / √query_pre_attn_scalar.
        file.Set(Keys.EmbeddingScale, (float)Math.Sqrt(hidden));
        file.Set(Keys.Scale, (float)(1 / Math.Sqrt(file.Size("query_pre_attn_scalar", 256))), file.Find("query_pre_attn_scalar"));
        file.Number("attn_logit_softcapping", 50, Keys.LogitSoftCap);
        file.Number("final_logit_softcapping", 30, Keys.FinalLogitSoftCap);
        file.Size("sliding_window", 4096, Keys.SlidingWindow);
        file.Set(Keys.EveryNthLayer, 2);
        file.Set(Keys.EveryNthSlidingWindow, 0);
        ReadLayerTypes(file, layer => layer % 2 == 0 ? "sliding_attention" : "full_attention");
        file.Only("hidden_activation", null, "gelu_pytorch_tanh");
        file.Set(Keys.Activation, (int)Activation.GeluTanh);
        file.Only("attention_bias", false);
        file.Flag("tie_word_embeddings", true, Keys.TieWordEmbeddings);

        // hidden_act is what the first files said, and is not read; the caches are another matter.
        file.Ignore("hidden_act", "cache_implementation");
        file.Head(DecoderArchitectures.Only("Gemma2ForCausalLM"));
    }

    /// <returns>The hidden size.</returns>
    private static int ReadShared(
        Configuration file, int vocabulary, int hidden, int intermediate, int layers, int heads, int? keyValueHeads, int context, int? headSize = null, int? padding = null)
    {
        vocabulary = file.Size("vocab_size", vocabulary, Keys.VocabularySize);
        hidden = file.Size("hidden_size", hidden, Keys.HiddenSize);
        file.Size("intermediate_size", intermediate, Keys.IntermediateSize);
        file.Size("num_hidden_layers", layers, Keys.Layers);
        heads = file.Size("num_attention_heads", heads, Keys.Heads);
        if (file.Find("num_key_value_heads") is null or { Value: not JsonNull })
            file.Size("num_key_value_heads", keyValueHeads ?? heads, Keys.KeyValueHeads);

        context = file.Size("max_position_embeddings", context, Keys.ContextLength);
        if (file.OptionalSize("head_dim", Keys.HeadSize) is null && headSize is { } usual)
            file.Set(Keys.HeadSize, usual);

        file.Number("rms_norm_eps", 1e-6f, Keys.Epsilon);
        file.Rate("attention_dropout", 0, Keys.AttentionDropout);
        file.Rotary(context);
        file.PaddingToken(padding, vocabulary);
        return hidden;
    }

    private static void ReadActivation(Configuration file) => file.Activation("hidden_act", "silu", Keys.Activation);

    // Null is no window; an absent key is transformers' usual one.
    private static void ReadWindow(Configuration file)
    {
        if (file.Find("sliding_window") is null or { Value: not JsonNull })
            file.Size("sliding_window", 4096, Keys.SlidingWindow);
    }

    // Written from transformers 4.53 on: which attention each layer has, which the other keys say too.
    private static void ReadLayerTypes(Configuration file, Func<int, string> expected)
    {
        if (file.Find("layer_types") is not { Value: not JsonNull } member)
            return;

        if (member.Value is not JsonArray types)
            file.Wrong(member, "an array of text or null", 0);
        else if (types.Items.Where((type, layer) => type is not JsonString name || name.Value != expected(layer)).FirstOrDefault() is { } other)
            file.NotSupported(member with { Value = other }, $"\"{expected(0)}\"{(expected(1) == expected(0) ? "" : $" and \"{expected(1)}\" in turn")}");
        else if (file.Values.TryGetValue(Keys.Layers, out var layers) && types.Items.Count != (int)layers)
            file.Contradict(member, "num_hidden_layers", $"it has {Words.Number(types.Items.Count)} layers");
    }
}
