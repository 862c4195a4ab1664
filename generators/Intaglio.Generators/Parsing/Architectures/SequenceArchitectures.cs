using Intaglio.Compiler;
using Intaglio.Generators.Parsing.Json;

namespace Intaglio.Generators.Parsing.Architectures;

/// <summary>T5, FLAN-T5 and BART: transformers' T5Config and BartConfig, key by key with their defaults.</summary>
internal static class SequenceArchitectures
{
    public static void ReadT5(Configuration file)
    {
        file.Alias("d_model", "hidden_size");
        file.Alias("d_kv", "head_dim");
        file.Alias("num_layers", "num_hidden_layers");
        file.Alias("num_heads", "num_attention_heads");
        file.Size("vocab_size", 32128, Keys.VocabularySize);
        file.Size("d_model", 512, Keys.HiddenSize);
        file.Size("d_kv", 64, Keys.HeadSize);
        file.Size("d_ff", 2048, Keys.IntermediateSize);
        var layers = file.Size("num_layers", 6, Keys.EncoderLayers);
        if (file.OptionalSize("num_decoder_layers", Keys.Layers) is null)
            file.Set(Keys.Layers, layers);

        file.Size("num_heads", 8, Keys.Heads);
        file.Size("relative_attention_num_buckets", 32, Keys.Buckets);
        file.Size("relative_attention_max_distance", 128, Keys.MaxDistance);
        file.Size("n_positions", 512, Keys.ContextLength);
        file.Number("layer_norm_epsilon", 1e-6f, Keys.Epsilon);
        file.Flag("tie_word_embeddings", true, Keys.TieWordEmbeddings);
        file.Rate("dropout_rate", 0.1f, Keys.EmbeddingDropout, Keys.ResidualDropout, Keys.AttentionDropout, Keys.FeedForwardDropout);
        ReadFeedForward(file);

        // The embedding has no padding_idx.
        file.Ignore("pad_token_id", "classifier_dropout", "initializer_factor", "output_past");
        file.Head(DecoderArchitectures.Only("T5ForConditionalGeneration"));
    }

    public static void ReadBart(Configuration file)
    {
        file.Alias("d_model", "hidden_size");
        var vocabulary = file.Size("vocab_size", 50265, Keys.VocabularySize);
        file.Size("max_position_embeddings", 1024, Keys.ContextLength);
        var hidden = file.Size("d_model", 1024, Keys.HiddenSize);
        file.Size("encoder_layers", 12, Keys.EncoderLayers);
        file.Size("decoder_layers", 12, Keys.Layers);
        ReadParts(file, "encoder_ffn_dim", "decoder_ffn_dim", 4096, Keys.IntermediateSize);
        var heads = ReadParts(file, "encoder_attention_heads", "decoder_attention_heads", 16, Keys.Heads);
        if (hidden % heads != 0 && file.Find("encoder_attention_heads") is { } member)
            file.Contradict(member, "d_model", $"{Words.Number(heads)} heads do not divide {Words.Number(hidden)} columns; use {Divisors.Describe(hidden, heads)}");

        file.Activation("activation_function", "gelu", Keys.Activation);
        file.Rate("dropout", 0.1f, Keys.EmbeddingDropout, Keys.ResidualDropout);
        file.Rate("attention_dropout", 0, Keys.AttentionDropout);
        file.Rate("activation_dropout", 0, Keys.FeedForwardDropout);
        file.Flag("tie_word_embeddings", true, Keys.TieWordEmbeddings);
        if (file.Flag("scale_embedding", false))
            file.Set(Keys.EmbeddingScale, (float)Math.Sqrt(hidden), file.Find("scale_embedding"));

        file.PaddingToken(1, vocabulary);
        file.Only("encoder_layerdrop", 0);
        file.Only("decoder_layerdrop", 0);

        // Other models of the same repository of old (mBART, Marian), written into BART's files.
        file.Only("normalize_before", false);
        file.Only("add_final_layer_norm", false);
        file.Only("normalize_embedding", true);
        file.Only("static_position_embeddings", false);
        file.Ignore("num_hidden_layers", "num_attention_heads", "classifier_dropout", "classif_dropout", "add_bias_logits", "extra_pos_embeddings", "force_bos_token_to_be_generated", "init_std", "output_past");
        file.Head(new Dictionary<string, string>
        {
            ["BartForConditionalGeneration"] = ModelAttributes.LanguageModelingHead,

            // What facebook/bart-base says of the same tensors.
            ["BartModel"] = ModelAttributes.LanguageModelingHead,
        });
    }

    // relu, or gated- and an activation; a gate of "gelu" is the tanh form (transformers, configuration_t5.py, for the files of T5 1.1).
    private static void ReadFeedForward(Configuration file)
    {
        const string Gate = "gated-";
        var member = file.Find("feed_forward_proj");
        var text = member?.Value is JsonString said ? said.Value : "relu";
        var isGated = text.StartsWith(Gate, StringComparison.Ordinal);
        var name = text == Gate + "gelu" ? "gelu_new" : isGated ? text.Substring(Gate.Length) : text;
        if (member is { Value: not JsonString } || !ActivationNames.Table.TryGetValue(name, out var activation))
        {
            file.Wrong(member!, $"{ActivationNames.Expected}, or one of them after gated-", 0);
            activation = Activation.Relu;
        }

        file.Set(Keys.Activation, (int)activation, member);
        file.Set(Keys.Gated, isGated, member);
        if (file.Find("is_gated_act") is { Value: JsonBoolean gated } flag && gated.Value != isGated)
            file.Contradict(flag, "feed_forward_proj", $"that is \"{text}\"");
        if (file.Find("dense_act_fn") is { Value: JsonString dense } function && (!ActivationNames.Table.TryGetValue(dense.Value, out var other) || other != activation))
            file.Contradict(function, "feed_forward_proj", $"that is \"{text}\"");
    }

    // One number for both stacks where they agree, so that an attribute of the class can say another for both.
    private static int ReadParts(Configuration file, string ofEncoder, string ofDecoder, int otherwise, string target)
    {
        var decoder = file.Size(ofDecoder, otherwise, target);
        var encoder = file.Size(ofEncoder, otherwise);
        if (encoder != decoder)
            file.Set(Keys.In(target, AppliesTo.EncoderSelf), encoder, file.Find(ofEncoder));

        return encoder;
    }
}
