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
        var heads = Get("Attention.Heads", hidden % 64 == 0 ? hidden / 64 : 1);
        var headSize = Get("Attention.HeadSize", hidden / heads);
        return new()
        {
            Declaration = new(model.Namespace!, EquatableArray<ContainingTypeSpec>.Empty, model.Name),
            HiddenSize = hidden,
            ContextLength = Get("Transformer.ContextLength", 256),
            VocabularySize = Get("Transformer.VocabularySize", 256),
            ResidualDropout = Get("Transformer.Dropout", 0f),
            Layers = Get("Decoder.Layers", 6),
            Attention = new()
            {
                Heads = heads,
                KeyValueHeads = Get("Attention.KeyValueHeads", heads),
                HeadSize = headSize,
                Scale = Get("Attention.Scale", 0f) is var scale and not 0 ? scale : 1 / Math.Sqrt(headSize),
                SlidingWindow = Get("Attention.SlidingWindow", 0),
                LogitSoftCap = Get("Attention.LogitSoftCap", 0f),
                QueryKeyValueBias = Get("Attention.QueryKeyValueBias", true),
                OutputBias = Get("Attention.OutputBias", true),
                Dropout = Get("Attention.Dropout", 0f),
            },
            FeedForward = new DenseFeedForwardSpec(
                Get("FeedForward.IntermediateSize", 4 * hidden),
                Get("FeedForward.ActivationMethod", "") is { Length: > 0 } method
                    ? new(method, OwnActivations.ConfigurationNames[method], OwnActivations.Formulas[method]) { IsOwn = true }
                    : Compiler.Activations.Of((Compiler.Activation)Get("FeedForward.Activation", 0)),
                Get("FeedForward.Gated", false),
                Get("FeedForward.Bias", true),
                Get("FeedForward.Dropout", 0f)),
            Normalization = new(
                (Compiler.NormalizationKind)Get("Normalization.kind", 0),
                Get("Normalization.Epsilon", 1e-5f),
                Get("Normalization.Bias", Get("Normalization.kind", 0) == 0)),
            PositionEncoding = new(
                (Compiler.PositionEncodingKind)Get("PositionEncoding.kind", 0),
                Get("PositionEncoding.RotaryTheta", 10_000f),
                (Compiler.RotaryLayout)Get("PositionEncoding.Layout", 0)),
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
