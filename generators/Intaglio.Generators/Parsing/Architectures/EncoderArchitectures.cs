using Intaglio.Generators.Parsing.Json;

namespace Intaglio.Generators.Parsing.Architectures;

/// <summary>BERT and RoBERTa: transformers' BertConfig and RobertaConfig, key by key with their defaults.</summary>
internal static class EncoderArchitectures
{
    private static readonly Dictionary<string, string> BertHeads = new(StringComparer.Ordinal)
    {
        ["BertForMaskedLM"] = ModelAttributes.MaskedLanguageModelingHead,
        ["BertForPreTraining"] = ModelAttributes.MaskedLanguageModelingHead,
        ["BertForSequenceClassification"] = ModelAttributes.SequenceClassification,
        ["BertForTokenClassification"] = ModelAttributes.TokenClassification,
        ["BertForQuestionAnswering"] = ModelAttributes.QuestionAnswering,
        ["BertModel"] = ModelAttributes.SentenceEmbedding,
    };

    private static readonly Dictionary<string, string> RobertaHeads = new(StringComparer.Ordinal)
    {
        ["RobertaForMaskedLM"] = ModelAttributes.MaskedLanguageModelingHead,
        ["RobertaForSequenceClassification"] = ModelAttributes.SequenceClassification,
        ["RobertaForTokenClassification"] = ModelAttributes.TokenClassification,
        ["RobertaForQuestionAnswering"] = ModelAttributes.QuestionAnswering,
        ["RobertaModel"] = ModelAttributes.SentenceEmbedding,
    };

    public static void ReadBert(Configuration file)
    {
        ReadShared(file, vocabulary: 30522, padding: 0);
        file.Size("max_position_embeddings", 512, Keys.ContextLength);
        file.Head(BertHeads);
    }

    public static void ReadRoberta(Configuration file)
    {
        var padding = ReadShared(file, vocabulary: 50265, padding: 1) ?? 0;

        // Positions are counted from one after the padding token on; the table has rows for those before, too.
        var offset = padding + 1;
        var rows = file.Size("max_position_embeddings", 512);
        if (rows > offset)
            file.Set(Keys.ContextLength, rows - offset, file.Find("max_position_embeddings"));
        else if (file.Find("max_position_embeddings") is { } member)
            file.Contradict(member, "pad_token_id", $"the first {Words.Number(offset)} positions stand for padding, and none is left");

        file.Set(Keys.PositionOffset, offset, file.Find("pad_token_id"));

        // RobertaLMHead has GELU whatever hidden_act says.
        file.Set(Keys.MaskedActivation, (int)ActivationNames.Table["gelu"]);
        file.Head(RobertaHeads);
    }

    /// <returns>The padding token.</returns>
    private static int? ReadShared(Configuration file, int vocabulary, int padding)
    {
        vocabulary = file.Size("vocab_size", vocabulary, Keys.VocabularySize);
        file.Size("hidden_size", 768, Keys.HiddenSize);
        file.Size("num_hidden_layers", 12, Keys.EncoderLayers);
        file.Size("num_attention_heads", 12, Keys.Heads);
        file.Size("intermediate_size", 3072, Keys.IntermediateSize);
        file.Activation("hidden_act", "gelu", Keys.Activation);
        file.Size("type_vocab_size", 2, Keys.TokenTypes);
        file.Number("layer_norm_eps", 1e-12f, Keys.Epsilon);
        var dropout = file.Rate("hidden_dropout_prob", 0.1f, Keys.EmbeddingDropout, Keys.ResidualDropout);
        file.Rate("attention_probs_dropout_prob", 0.1f, Keys.AttentionDropout);
        file.OptionalRate("classifier_dropout", dropout, Keys.SequenceDropout, Keys.TokenDropout);
        file.Only("position_embedding_type", "absolute");
        file.Only("is_decoder", false);
        file.Only("add_cross_attention", false);
        file.Only("tie_word_embeddings", true);
        return file.PaddingToken(padding, vocabulary);
    }

    /// <summary>padding_idx: of a negative number as PyTorch has it, from the vocabulary's end.</summary>
    /// <returns>The token; null for none.</returns>
    public static int? PaddingToken(this Configuration file, int? otherwise, int vocabulary)
    {
        var token = file.Token("pad_token_id", otherwise);
        var row = token < 0 ? token + vocabulary : token;
        if (row < 0 || row >= vocabulary)
            row = file.Wrong(file.Find("pad_token_id") ?? new JsonMember("pad_token_id", default, new JsonNumber(Words.Number(otherwise!.Value), default)), $"below vocab_size, {Words.Number(vocabulary)}", (int?)null);

        file.Set(Keys.PaddingToken, row ?? -1, file.Find("pad_token_id"));
        return row;
    }
}
