using System.Globalization;

namespace Intaglio.RandomModels;

/// <summary>Makes a draw that fails as simple as it can be and still fail.</summary>
internal static class Simpler
{
    // Without these a model is not smaller: their defaults are.
    private static readonly string[] Sizes = ["Transformer.HiddenSize", "Transformer.ContextLength", "Transformer.VocabularySize", "Decoder.Layers"];

    public static Failure Reduce(Failure failure)
    {
        using var device = Device.Parse(failure.Device == "compiler" ? "cpu" : failure.Device);
        while (Candidates(failure.Draw).Select(draw => FaultOf(draw, failure.Device, device) is { } fault ? failure with { Draw = draw, Fault = fault } : null).FirstOrDefault(simpler => simpler is not null) is { } simpler)
            failure = simpler;

        return failure;
    }

    // A draw that does not compile is illegal, unless that is the failure.
    private static string? FaultOf(Draw draw, string where, Device device)
    {
        try
        {
            using var models = new LoadedModels([draw.Declaration]);
            return where == "compiler" ? null : Trial.Run(models.Types[0], draw, device).Fault;
        }
        catch (InvalidDataException fault)
        {
            return where == "compiler" && !fault.Message.Contains("INTG", StringComparison.Ordinal) ? fault.Message : null;
        }
    }

    private static IEnumerable<Draw> Candidates(Draw draw)
    {
        if (draw.Batch > 1)
            yield return draw with { Batch = 1 };

        foreach (var time in Smaller(draw.Time))
            yield return draw with { Time = time };

        foreach (var argument in draw.Declaration.Arguments)
        {
            if (!Sizes.Contains(argument.Key))
                yield return draw with { Declaration = draw.Declaration.Without(argument.Key) };

            if (!int.TryParse(argument.Value, CultureInfo.InvariantCulture, out var number))
                continue;

            foreach (var smaller in Smaller(number).Where(smaller => argument.Key != "Transformer.ContextLength" || smaller >= draw.Time))
                yield return draw with { Declaration = draw.Declaration.With(argument with { Value = smaller.ToString(CultureInfo.InvariantCulture) }) };
        }
    }

    private static IEnumerable<int> Smaller(int number) => new[] { 1, 2, number / 2, number - 2, number - 1 }.Where(smaller => smaller > 0 && smaller < number).Distinct();

}
