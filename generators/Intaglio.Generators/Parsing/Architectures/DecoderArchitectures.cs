using Intaglio.Compiler;
using Intaglio.Generators.Parsing.Json;

namespace Intaglio.Generators.Parsing.Architectures;

/// <summary>GPT-2 and BLOOM: transformers' GPT2Config and BloomConfig, key by key with their defaults.</summary>
internal static class DecoderArchitectures
{
    public static void ReadGpt2(Configuration file)
    {
        file.Alias("n_embd", "hidden_size");
        file.Alias("n_layer", "num_hidden_layers");
        file.Alias("n_head", "num_attention_heads");
        file.Alias("n_positions", "max_position_embeddings", "n_ctx");
        file.Size("vocab_size", 50257, Keys.VocabularySize);
        file.Size("n_positions", 1024, Keys.ContextLength);
        file.Size("n_embd", 768, Keys.HiddenSize);
        file.Size("n_layer", 12, Keys.Layers);
        file.Size("n_head", 12, Keys.Heads);
        file.OptionalSize("n_inner", Keys.IntermediateSize);
        file.Activation("activation_function", "gelu_new", Keys.Activation);
        file.Number("layer_norm_epsilon", 1e-5f, Keys.Epsilon);
        file.Flag("tie_word_embeddings", true, Keys.TieWordEmbeddings);
        file.Rate("resid_pdrop", 0.1f, Keys.ResidualDropout);
        file.Rate("embd_pdrop", 0.1f, Keys.EmbeddingDropout);
        file.Rate("attn_pdrop", 0.1f, Keys.AttentionDropout);
        file.Only("scale_attn_weights", true);
        file.Only("scale_attn_by_inverse_layer_idx", false);
        file.Only("add_cross_attention", false);

        // Of an order of rounding, and of heads that these classes have not.
        file.Ignore("reorder_and_upcast_attn", "pad_token_id", "summary_type", "summary_use_proj", "summary_activation", "summary_proj_to_labels", "summary_first_dropout");
        file.Head(Only("GPT2LMHeadModel", "GPT2Model"));
    }

    public static void ReadBloom(Configuration file)
    {
        file.Alias("hidden_size", "n_embed");
        file.Alias("n_layer", "num_hidden_layers");
        file.Alias("n_head", "num_attention_heads");
        file.Size("vocab_size", 250880, Keys.VocabularySize);
        file.Size("hidden_size", 64, Keys.HiddenSize);
        file.Size("n_layer", 2, Keys.Layers);
        file.Size("n_head", 8, Keys.Heads);
        file.Size("seq_length", 2048, Keys.ContextLength);
        file.Number("layer_norm_epsilon", 1e-5f, Keys.Epsilon);
        file.Flag("tie_word_embeddings", true, Keys.TieWordEmbeddings);
        file.Rate("hidden_dropout", 0, Keys.ResidualDropout);
        file.Rate("attention_dropout", 0, Keys.AttentionDropout);
        file.Only("apply_residual_connection_post_layernorm", false);

        // Parallelism and orders of rounding; n_inner is not read by transformers, the width is always four times the hidden size.
        file.Ignore(
            "pretraining_tp", "slow_but_exact", "n_inner", "pad_token_id", "offset_alibi", "skip_bias_add", "skip_bias_add_qkv", "attention_softmax_in_fp32", "masked_softmax_fusion",
            "bias_dropout_fusion");
        file.Head(Only("BloomForCausalLM", "BloomModel"));
    }

    /// <summary>The classes whose tensors a decoder with a head has; without one, where that is the embedding.</summary>
    public static IReadOnlyDictionary<string, string> Only(params string[] architectures) => architectures.ToDictionary(name => name, _ => ModelAttributes.LanguageModelingHead);
}
