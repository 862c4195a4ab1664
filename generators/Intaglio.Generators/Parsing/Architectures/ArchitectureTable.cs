using System.Collections.Immutable;

namespace Intaglio.Generators.Parsing.Architectures;

/// <summary>An architecture of transformers.</summary>
/// <param name="Family">The attribute whose arguments it has, sizes aside.</param>
/// <param name="Read">Reads its keys.</param>
/// <param name="IsEncoderDecoder">Whether it has two stacks.</param>
internal sealed record ArchitectureEntry(string Family, Action<Configuration> Read, bool IsEncoderDecoder = false);

/// <summary>The architectures that a config.json can be of, and the keys that no architecture minds.</summary>
internal static class ArchitectureTable
{
    /// <summary>By model_type.</summary>
    public static IReadOnlyDictionary<string, ArchitectureEntry> All { get; } = new Dictionary<string, ArchitectureEntry>(StringComparer.Ordinal)
    {
        ["bert"] = new(ModelAttributes.Bert, EncoderArchitectures.ReadBert),
        ["roberta"] = new(ModelAttributes.Roberta, EncoderArchitectures.ReadRoberta),
        ["gpt2"] = new(ModelAttributes.Gpt2, DecoderArchitectures.ReadGpt2),
        ["bloom"] = new(ModelAttributes.Bloom, DecoderArchitectures.ReadBloom),
        ["llama"] = new(ModelAttributes.Llama, LlamaArchitectures.ReadLlama),
        ["qwen2"] = new(ModelAttributes.Llama, LlamaArchitectures.ReadQwen2),
        ["mistral"] = new(ModelAttributes.Llama, LlamaArchitectures.ReadMistral),
        ["gemma2"] = new(ModelAttributes.Llama, LlamaArchitectures.ReadGemma2),
        ["t5"] = new(ModelAttributes.T5, SequenceArchitectures.ReadT5, IsEncoderDecoder: true),
        ["bart"] = new(ModelAttributes.Bart, SequenceArchitectures.ReadBart, IsEncoderDecoder: true),
    };

    /// <summary>Keys of transformers' PretrainedConfig that change no result of a forward pass: about files, training, and how text is generated.</summary>
    public static ImmutableArray<string> WithoutEffect { get; } =
    [
        "model_type", "architectures", "transformers_version", "torch_dtype", "dtype", "use_cache", "initializer_range", "gradient_checkpointing", "attn_implementation", "auto_map", "tokenizer_class",
        "id2label", "label2id", "num_labels", "problem_type", "finetuning_task", "task_specific_params", "prefix", "name_or_path", "license", "directionality",
        "bos_token_id", "eos_token_id", "unk_token_id", "sep_token_id", "cls_token_id", "mask_token_id", "decoder_start_token_id", "forced_bos_token_id", "forced_eos_token_id",
        "pooler_fc_size", "pooler_num_attention_heads", "pooler_num_fc_layers", "pooler_size_per_head", "pooler_type", "classifier_dropout",
        "return_dict", "output_hidden_states", "output_attentions", "output_scores", "return_dict_in_generate", "remove_invalid_values", "torchscript", "use_bfloat16", "tf_legacy_loss",
        "chunk_size_feed_forward", "cross_attention_hidden_size", "tie_encoder_decoder", "is_decoder", "add_cross_attention", "output_past", "past",
        "max_length", "min_length", "max_new_tokens", "do_sample", "early_stopping", "num_beams", "num_beam_groups", "diversity_penalty", "temperature", "top_k", "top_p", "typical_p",
        "repetition_penalty", "length_penalty", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size", "bad_words_ids", "num_return_sequences", "suppress_tokens", "begin_suppress_tokens",
        "exponential_decay_length_penalty",
    ];
}
