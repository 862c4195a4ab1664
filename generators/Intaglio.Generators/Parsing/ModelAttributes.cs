using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Parsing;

/// <summary>The attributes that a declaration is made of, matched by metadata name. Each is a trigger: one without a stack is a mistake, but keeps its surface.</summary>
internal static class ModelAttributes
{
    public const string Transformer = nameof(Transformer);
    public const string Decoder = nameof(Decoder);
    public const string Attention = nameof(Attention);
    public const string FeedForward = nameof(FeedForward);
    public const string Normalization = nameof(Normalization);
    public const string PositionEncoding = nameof(PositionEncoding);
    public const string Embedding = nameof(Embedding);
    public const string Precision = nameof(Precision);
    public const string BasedOn = nameof(BasedOn);

    private const string Namespace = "Intaglio";

    /// <summary>Metadata names in <see cref="Namespace"/>, with the names that users write.</summary>
    private static readonly Dictionary<string, string> Names = new()
    {
        ["TransformerAttribute"] = Transformer,
        ["DecoderAttribute"] = Decoder,
        ["AttentionAttribute"] = Attention,
        ["FeedForwardAttribute"] = FeedForward,
        ["NormalizationAttribute"] = Normalization,
        ["PositionEncodingAttribute"] = PositionEncoding,
        ["EmbeddingAttribute"] = Embedding,
        ["PrecisionAttribute"] = Precision,
        ["BasedOnAttribute`1"] = BasedOn,
    };

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
