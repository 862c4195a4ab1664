using Intaglio.Compiler;

namespace Intaglio.Generators.Parsing;

/// <summary>What the model is trained to predict.</summary>
internal static class ObjectiveParser
{
    /// <summary>The options that each objective's attribute can set, in the order in which they are emitted.</summary>
    private static readonly Dictionary<string, string[]> Options = new()
    {
        [ModelAttributes.CausalLanguageModeling] = ["PadToken"],
        [ModelAttributes.MaskedLanguageModeling] = ["MaskToken", "PadToken", "MaskingRate", "MaskTokenShare", "RandomTokenShare"],
        [ModelAttributes.SpanCorruption] = ["Sentinels", "EndToken", "PadToken", "DecoderStartToken", "NoiseDensity", "MeanSpanLength", "FinalSentinel"],
        [ModelAttributes.Denoising] = ["MaskToken", "StartToken", "EndToken", "PadToken", "DecoderStartToken", "MaskingRate", "MeanSpanLength"],
    };

    /// <summary>The arguments that are tokens.</summary>
    public static readonly string[] Tokens = ["MaskToken", "PadToken", "EndToken", "StartToken", "DecoderStartToken"];

    /// <returns>The objective; null where none is declared.</returns>
    public static ObjectiveSpec? Parse(Settings settings)
    {
        var name = settings.Get(Keys.Objective, "");
        if (!Enum.TryParse<ObjectiveKind>(name, out var kind))
            return null;

        return new(kind, new(Required(settings, kind).Concat(Options[name].Where(option => settings.IsSet($"{name}.{option}")).Select(option => $"{option} = {Value(settings, $"{name}.{option}")}"))));
    }

    // What has no default in the runtime.
    private static IEnumerable<string> Required(Settings settings, ObjectiveKind kind)
    {
        if (kind == ObjectiveKind.CausalLanguageModeling)
            yield break;

        var size = settings.Get($"{kind}.VocabularySize", 0);
        yield return size > 0 ? $"VocabularySize = {Words.Number(size)}" : "VocabularySize = VocabularySize";
        if (kind == ObjectiveKind.MaskedLanguageModeling && !settings.IsSet($"{kind}.PadToken"))
            yield return "PadToken = 0";
    }

    private static string Value(Settings settings, string key) =>
        settings.Get(key, (object?)null) switch
        {
            bool flag => flag ? "true" : "false",
            int number => Words.Number(number),
            double number => Literal.Double(number),
            var other => $"{other}",
        };
}
