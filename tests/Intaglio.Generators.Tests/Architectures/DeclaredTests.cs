using Intaglio.Compiler;
using Intaglio.Generators.Parsing.Architectures;
using Xunit;

namespace Intaglio.Generators.Tests.Architectures;

/// <summary>Every checkpoint of the shared data that transformers has an architecture for: its config.json declares what attributes say, and is what such a model saves.</summary>
public sealed class DeclaredTests
{
    private const string Encoder =
        """
        [Transformer(HiddenSize = 32, ContextLength = 24, VocabularySize = 99, Dropout = 0.1f), Encoder(Layers = 2), Attention(Heads = 4, Dropout = 0.1f), FeedForward(IntermediateSize = 64, Activation = Activation.Gelu)]
        [Normalization(NormalizationKind.LayerNorm, Placement = NormalizationPlacement.Post, Epsilon = 1e-12f), Embedding(Normalize = true, TokenTypes = 2, PaddingToken = 0, Dropout = 0.1f)]
        """;

    private const string Rotary =
        """
        [Transformer(HiddenSize = 32, ContextLength = 64, VocabularySize = 97), Decoder(Layers = 2), Normalization(NormalizationKind.RmsNorm, Epsilon = 1e-5f)]
        [FeedForward(IntermediateSize = 44, Activation = Activation.Silu, Gated = true, Bias = false), Embedding(TieWordEmbeddings = false), PositionEncoding(PositionEncodingKind.Rotary)]
        """;

    private const string Grouped = "[Attention(Heads = 4, KeyValueHeads = 2, QueryKeyValueBias = false, OutputBias = false)]";

    private const string T5 =
        """
        [Transformer(HiddenSize = 32, ContextLength = 512, VocabularySize = 94, Dropout = 0.1f), Encoder(Layers = 2), Decoder(Layers = 2)]
        [Attention(Heads = 4, HeadSize = 8, Scale = 1, QueryKeyValueBias = false, OutputBias = false, Dropout = 0.1f), Normalization(NormalizationKind.RmsNorm, Epsilon = 1e-6f)]
        [PositionEncoding(PositionEncodingKind.RelativeBuckets, Buckets = 8, MaxDistance = 12)]
        """;

    public static TheoryData<string, string> Declarations => new()
    {
        { "bert-a", Encoder },
        { "bert-seqcls-a", Encoder + "[SequenceClassification(3, Dropout = 0.1f)]" },
        { "bert-tokcls-a", Encoder + "[TokenClassification(5, Dropout = 0.1f)]" },
        {
            "roberta-a",
            """
            [Transformer(HiddenSize = 32, ContextLength = 18, VocabularySize = 99, Dropout = 0.1f), Encoder(Layers = 2), Attention(Heads = 4, Dropout = 0.1f), FeedForward(IntermediateSize = 64, Activation = Activation.Gelu)]
            [Normalization(NormalizationKind.LayerNorm, Placement = NormalizationPlacement.Post, Epsilon = 1e-5f), Embedding(Normalize = true, TokenTypes = 1, PaddingToken = 1, Dropout = 0.1f)]
            [PositionEncoding(PositionEncodingKind.Learned, Offset = 2)]
            """
        },
        {
            "gpt2-a",
            "[Transformer(HiddenSize = 32, ContextLength = 32, VocabularySize = 96, Dropout = 0.1f), Decoder(Layers = 2), Attention(Heads = 4, Dropout = 0.1f), Embedding(Dropout = 0.1f)]"
        },
        {
            "bloom-a",
            "[Transformer(HiddenSize = 32, ContextLength = 2048, VocabularySize = 98), Decoder(Layers = 2), Attention(Heads = 4), PositionEncoding(PositionEncodingKind.Alibi), Embedding(Normalize = true)]"
        },
        { "llama-a", Rotary + Grouped },
        {
            "llama3-a",
            """
            [Transformer(HiddenSize = 32, ContextLength = 512, VocabularySize = 97), Decoder(Layers = 2), Normalization(NormalizationKind.RmsNorm, Epsilon = 1e-6f)]
            [FeedForward(IntermediateSize = 44, Activation = Activation.Silu, Gated = true, Bias = false), Attention(Heads = 4, KeyValueHeads = 2, QueryKeyValueBias = false, OutputBias = false)]
            [PositionEncoding(PositionEncodingKind.Rotary, Scaling = RotaryScalingKind.Llama3, ScalingFactor = 8, OriginalContextLength = 64, LowFrequencyFactor = 1, HighFrequencyFactor = 4)]
            """
        },
        { "mistral-a", Rotary + "[Attention(Heads = 4, KeyValueHeads = 2, SlidingWindow = 5, QueryKeyValueBias = false, OutputBias = false)]" },
        {
            "qwen2-a",
            """
            [Transformer(HiddenSize = 32, ContextLength = 64, VocabularySize = 97), Decoder(Layers = 2), Normalization(NormalizationKind.RmsNorm, Epsilon = 1e-6f)]
            [FeedForward(IntermediateSize = 44, Activation = Activation.Silu, Gated = true, Bias = false), Attention(Heads = 4, KeyValueHeads = 2, OutputBias = false)]
            [PositionEncoding(PositionEncodingKind.Rotary, RotaryTheta = 1e6f)]
            """
        },
        {
            "gemma2-a",
            """
            [Transformer(HiddenSize = 32, ContextLength = 64, VocabularySize = 97), Decoder(Layers = 2)]
            [Attention(Heads = 4, KeyValueHeads = 2, HeadSize = 8, Scale = 0.408248290464f, SlidingWindow = 4, LogitSoftCap = 5, QueryKeyValueBias = false, OutputBias = false), Attention(EveryNthLayer = 2, SlidingWindow = 0)]
            [FeedForward(IntermediateSize = 44, Activation = Activation.GeluTanh, Gated = true, Bias = false)]
            [Normalization(NormalizationKind.RmsNorm, Placement = NormalizationPlacement.Sandwich, UnitOffset = true, Epsilon = 1e-6f)]
            [PositionEncoding(PositionEncodingKind.Rotary), Embedding(Scale = 5.656854249f, PaddingToken = 0), LanguageModelingHead(LogitSoftCap = 8)]
            """
        },
        { "t5-a", T5 + "[FeedForward(IntermediateSize = 50, Activation = Activation.Relu, Bias = false, Dropout = 0.1f), Embedding(Dropout = 0.1f), LanguageModelingHead(Scale = 0.1767766953f)]" },
        { "t5v11-a", T5 + "[FeedForward(IntermediateSize = 46, Activation = Activation.GeluTanh, Gated = true, Bias = false, Dropout = 0.1f), Embedding(TieWordEmbeddings = false, Dropout = 0.1f)]" },
        {
            "bart-a",
            """
            [Transformer(HiddenSize = 32, ContextLength = 24, VocabularySize = 91, Dropout = 0.1f), Encoder(Layers = 2), Decoder(Layers = 2)]
            [Attention(Heads = 4, Dropout = 0.1f), FeedForward(IntermediateSize = 48, Activation = Activation.Gelu, Dropout = 0.1f), Normalization(NormalizationKind.LayerNorm, Placement = NormalizationPlacement.Post)]
            [PositionEncoding(PositionEncodingKind.Learned, Offset = 2), Embedding(Normalize = true, PaddingToken = 1, Dropout = 0.1f), LanguageModelingHead(Bias = true)]
            """
        },
    };

    [SkippableTheory]
    [MemberData(nameof(Declarations))]
    public async Task File_declares_what_attributes_say(string fixture, string attributes)
    {
        var file = HfTiny.File(fixture);
        var source = $"using Intaglio; {HfTiny.Declaration}";

        Assert.Empty(await Project.BuildAsync([file], source));
        var declared = Parsed.Spec($"using Intaglio; {attributes} public partial class Story;");
        var read = Parsed.Spec(source, file);
        Assert.Equal(declared, read with { ModelType = "", Declaration = declared.Declaration });
        Assert.Equal(HfTiny.ModelType(fixture), read.ModelType);
    }

    [SkippableTheory]
    [MemberData(nameof(Declarations))]
    public async Task Model_saves_a_file_that_declares_the_same_model(string fixture, string attributes)
    {
        Assert.NotEmpty(attributes);
        var spec = Parsed.Spec(HfTiny.Source, HfTiny.File(fixture));
        var saved = HfTiny.File("config.json", Family.Of(spec).Configuration(spec));

        Assert.Empty(await Project.BuildAsync([saved], HfTiny.Source));
        Assert.Equal(spec, Parsed.Spec(HfTiny.Source, saved));
    }

    [Theory]
    [InlineData("""{"model_type": "bert", "hidden_size": 64, "num_attention_heads": 4, "hidden_act": "quick_gelu", "type_vocab_size": 3, "architectures": ["BertForSequenceClassification"], "classifier_dropout": 0.3, "id2label": {"0": "no", "1": "yes, \u00e9"}}""")]
    [InlineData("""{"model_type": "bert", "architectures": ["BertForQuestionAnswering"], "hidden_dropout_prob": 0}""")]
    [InlineData("""{"model_type": "bert", "architectures": ["BertModel"], "layer_norm_eps": 1e-6}""")]
    [InlineData("""{"model_type": "roberta", "pad_token_id": 4, "max_position_embeddings": 517, "hidden_act": "relu"}""")]
    [InlineData("""{"model_type": "gpt2", "n_inner": 100, "activation_function": "relu2", "tie_word_embeddings": false, "embd_pdrop": 0.2, "resid_pdrop": 0.3, "attn_pdrop": 0.4}""")]
    [InlineData("""{"model_type": "bloom", "hidden_dropout": 0.1, "attention_dropout": 0.2, "seq_length": 77, "layer_norm_epsilon": 1e-4}""")]
    [InlineData("""{"model_type": "llama", "pad_token_id": -1, "attention_bias": true, "mlp_bias": true, "head_dim": 64, "num_key_value_heads": 4, "rope_scaling": {"type": "yarn", "factor": 2.5, "original_max_position_embeddings": 1000}}""")]
    [InlineData("""{"model_type": "llama", "rope_parameters": {"rope_type": "linear", "factor": 2, "rope_theta": 20000}, "hidden_act": "gelu_fast"}""")]
    [InlineData("""{"model_type": "mistral", "sliding_window": null, "rope_theta": 1e6, "attention_dropout": 0.1}""")]
    [InlineData("""{"model_type": "gemma2", "query_pre_attn_scalar": 144, "hidden_size": 3584, "num_attention_heads": 16, "num_key_value_heads": 8, "pad_token_id": 7, "final_logit_softcapping": 12.5}""")]
    [InlineData("""{"model_type": "t5", "feed_forward_proj": "gated-silu", "num_layers": 3, "num_decoder_layers": 4, "dropout_rate": 0.2, "tie_word_embeddings": false}""")]
    [InlineData("""{"model_type": "bart", "d_model": 64, "scale_embedding": true, "encoder_layers": 1, "encoder_ffn_dim": 96, "encoder_attention_heads": 4, "decoder_attention_heads": 8, "decoder_ffn_dim": 80, "tie_word_embeddings": false}""")]
    public void Unusual_values_come_back_from_what_is_saved(string json)
    {
        var spec = Parsed.Spec(HfTiny.Source, new TextFile("config.json", json));
        Assert.Equal(spec.ModelType, Family.Of(spec).ModelType);
        Assert.Equal(spec, Parsed.Spec(HfTiny.Source, HfTiny.File("config.json", Family.Of(spec).Configuration(spec))));
    }

    [Fact]
    public void Every_architecture_has_a_family_that_writes_its_name()
    {
        Assert.All(ArchitectureTable.All.Keys, type =>
        {
            var spec = Parsed.Spec(HfTiny.Source, new TextFile("config.json", $$"""{"model_type": "{{type}}"}"""));
            Assert.Equal(type, Family.Of(spec).ModelType);
        });
    }
}
