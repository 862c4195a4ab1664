using System.Reflection;
using Intaglio.Compiler;

namespace Intaglio.ExecutionTests;

/// <summary>The spec that a class's attributes stand for, read from the attributes themselves: a second reading beside the generator's parser.</summary>
internal static class Declared
{
    public static ModelSpec Spec(Type model)
    {
        var set = Arguments(model);
        T Get<T>(string key, T otherwise) => set.TryGetValue(key, out var value) ? (T)value : otherwise;

        var hidden = Get("Transformer.HiddenSize", 384);
        return new()
        {
            Declaration = new(model.Namespace!, EquatableArray<ContainingTypeSpec>.Empty, model.Name),
            HiddenSize = hidden,
            ContextLength = Get("Transformer.ContextLength", 256),
            VocabularySize = Get("Transformer.VocabularySize", 256),
            ResidualDropout = Get("Transformer.Dropout", 0f),
            Layers = Get("Decoder.Layers", 6),
            Attention = new(
                Get("Attention.Heads", hidden % 64 == 0 ? hidden / 64 : 1),
                Get("Attention.QueryKeyValueBias", true),
                Get("Attention.OutputBias", true),
                Get("Attention.Dropout", 0f)),
            FeedForward = new DenseFeedForwardSpec(
                Get("FeedForward.IntermediateSize", 4 * hidden),
                (Compiler.Activation)Get("FeedForward.Activation", 0),
                Get("FeedForward.Bias", true),
                Get("FeedForward.Dropout", 0f)),
            Normalization = new(
                (Compiler.NormalizationKind)Get("Normalization.kind", 0),
                Get("Normalization.Epsilon", 1e-5f),
                Get("Normalization.Bias", true)),
            PositionEncoding = (Compiler.PositionEncodingKind)Get("PositionEncoding.kind", 0),
            Embedding = new(Get("Embedding.TieWordEmbeddings", true), Get("Embedding.Dropout", 0f)),
            Format = (Compiler.NumberFormat)Get("Precision.format", 0),
        };
    }

    // Named arguments as Attention.Heads, the constructor's as Precision.format; the class's own over those of the model that it is based on.
    private static Dictionary<string, object> Arguments(Type model)
    {
        var attributes = model.GetCustomAttributesData().Where(attribute => attribute.AttributeType.Namespace == nameof(Intaglio)).ToList();
        var basedOn = attributes.FirstOrDefault(attribute => attribute.AttributeType.IsGenericType);
        var set = basedOn is null ? [] : Arguments(basedOn.AttributeType.GenericTypeArguments[0]);
        foreach (var attribute in attributes.Where(attribute => attribute != basedOn))
        {
            var name = attribute.AttributeType.Name[..^nameof(Attribute).Length];
            foreach (var (parameter, argument) in attribute.Constructor.GetParameters().Zip(attribute.ConstructorArguments))
                set[$"{name}.{parameter.Name}"] = argument.Value!;

            foreach (var argument in attribute.NamedArguments)
                set[$"{name}.{argument.MemberName}"] = argument.TypedValue.Value!;
        }

        return set;
    }
}
