namespace Intaglio.ExecutionTests;

/// <summary>What a family's attribute stands for, sizes aside, from the families' papers and configurations.</summary>
internal static class DeclaredFamilies
{
    private static readonly Dictionary<string, object> None = [];

    private static readonly Dictionary<string, object> Bert = Own(encoder: true, decoder: false, ("Normalization.Placement", 1), ("Normalization.Epsilon", 1e-12f), ("FeedForward.Activation", 1), ("Embedding.Normalize", true), ("Embedding.TokenTypes", 2), ("Embedding.PaddingToken", 0));

    private static readonly Dictionary<string, object> Gpt2 = Own(encoder: false, decoder: true);

    private static readonly Dictionary<string, object> T5 = Own(
        encoder: true,
        decoder: true,
        ("Attention.Scale", 1f),
        ("Attention.HeadSize", 64),
        ("Attention.QueryKeyValueBias", false),
        ("Attention.OutputBias", false),
        ("FeedForward.Activation", 2),
        ("FeedForward.Bias", false),
        ("Normalization.kind", 1),
        ("Normalization.Epsilon", 1e-6f),
        ("PositionEncoding.kind", 5));

    private static readonly Dictionary<string, Dictionary<string, object>> Families = new()
    {
        ["Bert"] = Bert,
        ["Roberta"] = With(Bert, ("Normalization.Epsilon", 1e-5f), ("Embedding.TokenTypes", 1), ("Embedding.PaddingToken", 1), ("PositionEncoding.Offset", 2)),
        ["Gpt2"] = Gpt2,
        ["Bloom"] = With(Gpt2, ("PositionEncoding.kind", 4), ("Embedding.Normalize", true)),
        ["Llama"] = Own(
            encoder: false,
            decoder: true,
            ("Attention.QueryKeyValueBias", false),
            ("Attention.OutputBias", false),
            ("FeedForward.Activation", 5),
            ("FeedForward.Gated", true),
            ("FeedForward.Bias", false),
            ("Normalization.kind", 1),
            ("Normalization.Epsilon", 1e-6f),
            ("PositionEncoding.kind", 2),
            ("Embedding.TieWordEmbeddings", false)),
        ["T5"] = T5,
        ["FlanT5"] = With(T5, ("FeedForward.Activation", 0), ("FeedForward.Gated", true), ("Embedding.TieWordEmbeddings", false)),
        ["Bart"] = Own(
            encoder: true,
            decoder: true,
            ("Normalization.Placement", 1),
            ("FeedForward.Activation", 1),
            ("Embedding.Normalize", true),
            ("Embedding.PaddingToken", 1),
            ("PositionEncoding.Offset", 2),
            ("LanguageModelingHead.Bias", true)),
    };

    public static IReadOnlyCollection<string> Names => Families.Keys;

    /// <summary>The arguments that a family's attribute sets; none of an empty name.</summary>
    public static IReadOnlyDictionary<string, object> Of(string family) => Families.GetValueOrDefault(family, None);

    private static Dictionary<string, object> Own(bool encoder, bool decoder, params (string Key, object Value)[] arguments)
    {
        var stacks = new Dictionary<string, object>();
        if (encoder)
            stacks["Encoder"] = true;
        if (decoder)
            stacks["Decoder"] = true;
        return With(stacks, arguments);
    }

    private static Dictionary<string, object> With(Dictionary<string, object> family, params (string Key, object Value)[] arguments)
    {
        var changed = new Dictionary<string, object>(family);
        foreach (var (key, value) in arguments)
            changed[key] = value;
        return changed;
    }
}
