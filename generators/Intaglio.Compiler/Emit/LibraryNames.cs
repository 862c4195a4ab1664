using System.Text.RegularExpressions;

namespace Intaglio.Compiler;

/// <summary>
/// The names of the runtime that emitted code mentions. They are written short, with usings, for the reader's sake; where a user's own namespace has a type of
/// that name, which would win, this name alone is written in full.
/// </summary>
internal static class LibraryNames
{
    private const string Root = "Intaglio";
    private const string Numerics = "Intaglio.Numerics";
    private const string Gpu = "Intaglio.Numerics.Gpu";

    /// <summary>Each name and its namespace.</summary>
    public static IReadOnlyDictionary<string, string> Namespaces { get; } = new (string Namespace, string[] Names)[]
    {
        ("System", ["Math"]),
        ("System.Runtime.CompilerServices", ["MethodImpl", "MethodImplOptions"]),
        (Root, ["Device", "IEncoder", "ILanguageModel", "IModel", "ISequenceToSequence", "ITrainable", "LanguageModel", "ModelDescription", "ModelResult", "NumberFormat", "Pooling", "ResultKind"]),
        (Root + ".Objectives",
        [
            "CausalLanguageModeling", "Denoising", "DenoisingOptions", "ISequenceSource", "MaskedLanguageModeling", "MaskedLanguageModelingOptions", "SpanCorruption", "SpanCorruptionOptions",
        ]),
        (Numerics,
        [
            "AlibiTable", "BatchLayout", "BatchShape", "BFloat16", "BucketTable", "CacheLayout", "CausalMask", "Float32", "FullMask", "IAttentionShape", "IEmbeddingShape", "IFusion", "IGate", "IGateShape", "IHeadShape", "ILane", "IMapShape", "IMask",
            "IMatMulShape", "INormShape", "IRelativeBiasShape", "IRotaryShape", "IScoreModifier", "ITarget", "Identity", "LayerStack",
            "ParameterGroup", "ParameterTable", "Place", "PositionTable", "Region", "RelativeBias", "RotaryAngles", "RotaryScaling", "Segment", "SinusoidTable",
        ]),
        (Gpu,
        [
            "AttentionArguments", "CachedAttentionArguments", "EmbedArguments", "GateArguments", "GpuAttention", "GpuBFloat16", "GpuEmbedding", "GpuFloat32", "GpuGate", "GpuMap",
            "GpuMatMul", "GpuNormalize", "GpuTiledAttention", "GpuTiledMatMul", "NormalizeBackwardArguments", "MapArguments", "MatMulArguments",
        ]),
    }.SelectMany(group => group.Names.Select(name => (name, group.Namespace))).ToDictionary(pair => pair.name, pair => pair.Namespace);

    /// <summary>Writes the given names in full wherever code, not a comment, mentions them.</summary>
    public static string Qualify(string text, IReadOnlyCollection<string> names)
    {
        if (names.Count == 0)
            return text;

        // What is assigned to is a property of that name.
        var pattern = new Regex($@"(?<![\w.""])(?:{string.Join("|", names)})(?!\w| = )", RegexOptions.CultureInvariant);
        return string.Join("\n", text.Split('\n').Select(line => line.TrimStart().StartsWith("//", StringComparison.Ordinal)
            ? line
            : pattern.Replace(line, match => $"global::{Namespaces[match.Value]}.{match.Value}")));
    }
}
