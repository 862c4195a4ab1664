using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Parsing;

/// <summary>The attributes that a declaration is made of, matched by metadata name. Each is a trigger: one without a stack is a mistake, but keeps its surface.</summary>
internal static class ModelAttributes
{
    public const string Transformer = nameof(Transformer);
    public const string Encoder = nameof(Encoder);
    public const string Decoder = nameof(Decoder);
    public const string Attention = nameof(Attention);
    public const string FeedForward = nameof(FeedForward);
    public const string Normalization = nameof(Normalization);
    public const string PositionEncoding = nameof(PositionEncoding);
    public const string Embedding = nameof(Embedding);
    public const string LanguageModelingHead = nameof(LanguageModelingHead);
    public const string MaskedLanguageModelingHead = nameof(MaskedLanguageModelingHead);
    public const string SequenceClassification = nameof(SequenceClassification);
    public const string TokenClassification = nameof(TokenClassification);
    public const string QuestionAnswering = nameof(QuestionAnswering);
    public const string SentenceEmbedding = nameof(SentenceEmbedding);
    public const string CausalLanguageModeling = nameof(CausalLanguageModeling);
    public const string MaskedLanguageModeling = nameof(MaskedLanguageModeling);
    public const string SpanCorruption = nameof(SpanCorruption);
    public const string Denoising = nameof(Denoising);
    public const string Precision = nameof(Precision);
    public const string BasedOn = nameof(BasedOn);
    public const string Architecture = nameof(Architecture);
    public const string Bert = nameof(Bert);
    public const string Roberta = nameof(Roberta);
    public const string Gpt2 = nameof(Gpt2);
    public const string Bloom = nameof(Bloom);
    public const string Llama = nameof(Llama);
    public const string T5 = nameof(T5);
    public const string FlanT5 = nameof(FlanT5);
    public const string Bart = nameof(Bart);

    private const string Namespace = "Intaglio";

    /// <summary>Metadata names in <see cref="Namespace"/>, with the names that users write.</summary>
    private static readonly Dictionary<string, string> Names = new()
    {
        ["TransformerAttribute"] = Transformer,
        ["EncoderAttribute"] = Encoder,
        ["DecoderAttribute"] = Decoder,
        ["AttentionAttribute"] = Attention,
        ["FeedForwardAttribute"] = FeedForward,
        ["NormalizationAttribute"] = Normalization,
        ["PositionEncodingAttribute"] = PositionEncoding,
        ["EmbeddingAttribute"] = Embedding,
        ["LanguageModelingHeadAttribute"] = LanguageModelingHead,
        ["MaskedLanguageModelingHeadAttribute"] = MaskedLanguageModelingHead,
        ["SequenceClassificationAttribute"] = SequenceClassification,
        ["SequenceClassificationAttribute`1"] = SequenceClassification,
        ["TokenClassificationAttribute"] = TokenClassification,
        ["TokenClassificationAttribute`1"] = TokenClassification,
        ["QuestionAnsweringAttribute"] = QuestionAnswering,
        ["SentenceEmbeddingAttribute"] = SentenceEmbedding,
        ["CausalLanguageModelingAttribute"] = CausalLanguageModeling,
        ["MaskedLanguageModelingAttribute"] = MaskedLanguageModeling,
        ["SpanCorruptionAttribute"] = SpanCorruption,
        ["DenoisingAttribute"] = Denoising,
        ["PrecisionAttribute"] = Precision,
        ["BasedOnAttribute`1"] = BasedOn,
        ["ArchitectureAttribute"] = Architecture,
        ["BertAttribute"] = Bert,
        ["RobertaAttribute"] = Roberta,
        ["Gpt2Attribute"] = Gpt2,
        ["BloomAttribute"] = Bloom,
        ["LlamaAttribute"] = Llama,
        ["T5Attribute"] = T5,
        ["FlanT5Attribute"] = FlanT5,
        ["BartAttribute"] = Bart,
    };

    /// <summary>Those that say what is made of the last hidden state; a model has one.</summary>
    public static readonly string[] Heads = [LanguageModelingHead, MaskedLanguageModelingHead, SequenceClassification, TokenClassification, QuestionAnswering, SentenceEmbedding];

    /// <summary>Those that say what the model is trained to predict; a model has one at most.</summary>
    public static readonly string[] Objectives = [CausalLanguageModeling, MaskedLanguageModeling, SpanCorruption, Denoising];

    /// <summary>The attributes' full metadata names.</summary>
    public static IEnumerable<string> MetadataNames => Names.Keys.Select(name => $"{Namespace}.{name}");

    /// <summary>What an attribute is called where it is written, such as <c>Decoder</c>; null where it is not part of a declaration.</summary>
    public static string? NameOf(AttributeData attribute) =>
        attribute.AttributeClass is { ContainingNamespace: { Name: Namespace, ContainingNamespace.IsGlobalNamespace: true } } type && Names.TryGetValue(type.MetadataName, out var name)
            ? name
            : null;

    /// <summary>The attributes of a class that declare a model, in the order in which they are written.</summary>
    public static IEnumerable<AttributeData> Of(INamedTypeSymbol type) => type.GetAttributes().Where(attribute => NameOf(attribute) is not null);

    /// <summary>Whether a class carries any of the attributes. What is no class cannot, and the compiler says so (CS0592).</summary>
    public static bool AreOn(INamedTypeSymbol type) => type.TypeKind == TypeKind.Class && Of(type).Any();

    /// <summary>Whether a found attribute is the first of its class: a class that carries several is found once for each.</summary>
    public static bool IsFirstOf(GeneratorAttributeSyntaxContext found)
    {
        var first = Of((INamedTypeSymbol)found.TargetSymbol).FirstOrDefault()?.ApplicationSyntaxReference;
        return first is not null && found.Attributes.Any(attribute => attribute.ApplicationSyntaxReference is { } written && written.SyntaxTree == first.SyntaxTree && written.Span == first.Span);
    }
}
