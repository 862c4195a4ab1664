using System.Globalization;
using System.Text.RegularExpressions;
using Intaglio.Compiler;

namespace Intaglio.RandomModels;

/// <summary>Makes a draw that fails as simple as it can be and still fail.</summary>
internal static partial class Simpler
{
    // Without these a model is not smaller: their defaults are.
    private static readonly string[] Sizes = ["Transformer.HiddenSize", "Transformer.ContextLength", "Transformer.VocabularySize", "Encoder.Layers", "Decoder.Layers"];

    [GeneratedRegex(@"\b(CS|INTG)\d+")]
    private static partial Regex DiagnosticId();

    public static Failure Reduce(Failure failure)
    {
        using var device = Device.Parse(failure.Device == "compiler" ? "cpu" : failure.Device);
        while (Candidates(failure.Draw).Select(draw => FaultOf(draw, failure, device) is { } fault ? failure with { Draw = draw, Fault = fault } : null).FirstOrDefault(simpler => simpler is not null) is { } simpler)
            failure = simpler;

        return failure;
    }

    // A draw that does not compile is illegal, unless just that is the failure.
    private static string? FaultOf(Draw draw, Failure failure, Device device)
    {
        try
        {
            using var models = new LoadedModels([draw.Declaration]);
            return failure.Device == "compiler" ? null : Trial.Run(models.Types[0], draw, device).Fault;
        }
        catch (InvalidDataException fault)
        {
            return failure.Device == "compiler" && DiagnosticId().Match(fault.Message).Value == DiagnosticId().Match(failure.Fault).Value ? fault.Message : null;
        }
    }

    private static IEnumerable<Draw> Candidates(Draw draw)
    {
        if (draw.Batch > 1)
            yield return draw with { Batch = 1 };

        foreach (var time in Smaller(draw.Time))
            yield return draw with { Time = time };

        foreach (var time in Smaller(draw.SourceTime))
            yield return draw with { SourceTime = time };

        foreach (var attribute in draw.Declaration.Arguments.Select(argument => argument.Attribute).Where(attribute => attribute != "Transformer").Distinct())
            yield return draw with { Declaration = draw.Declaration.WithoutAttribute(attribute) };

        foreach (var (part, layer) in draw.Declaration.Layers)
        {
            foreach (var simpler in Layers(layer).Prepend(null))
                yield return draw with { Declaration = draw.Declaration.With(part, simpler) };
        }

        foreach (var argument in draw.Declaration.Arguments)
        {
            if (!Sizes.Contains(argument.Key))
                yield return draw with { Declaration = draw.Declaration.Without(argument.Key) };

            if (!int.TryParse(argument.Value, CultureInfo.InvariantCulture, out var number))
                continue;

            foreach (var smaller in Smaller(number).Where(smaller => argument.Key != "Transformer.ContextLength" || smaller >= Math.Max(draw.Time, draw.SourceTime)))
                yield return draw with { Declaration = draw.Declaration.With(argument with { Value = smaller.ToString(CultureInfo.InvariantCulture) }) };
        }
    }

    private static IEnumerable<int> Smaller(int number) => new[] { 1, 2, number / 2, number - 2, number - 1 }.Where(smaller => smaller > 0 && smaller < number).Distinct();

    // Each part in turn made one of its own parts.
    private static IEnumerable<BlockSpec?> Layers(BlockSpec layer) =>
        from part in layer.Result.All()
        from inner in part.Parts()
        select BlockTrees.Of(layer, layer.Result.Replace(expression => ReferenceEquals(expression, part) || expression == part ? inner : expression));
}
