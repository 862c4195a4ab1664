using Intaglio.Compiler.Tests;
using Intaglio.ExecutionTests;

namespace Intaglio.RandomModels;

/// <summary>How a draw went.</summary>
/// <param name="Fault">What is wrong; null where nothing is.</param>
/// <param name="Error">The largest error as a share of its tolerance.</param>
/// <param name="IsDelicate">Whether the tolerance had to be found by rounding at random.</param>
internal sealed record Verdict(string? Fault, double Error, bool IsDelicate);

/// <summary>Tries a model on a device against the interpreter.</summary>
internal static class Trial
{
    // A few hundred roundings to 24 bits (6e-8 each) in sums of up to some hundred terms, five layers deep; ten times what was observed at most.
    private const double Tolerance = 1e-5;

    // Behind a norm of one or two columns all gradients nearly cancel, and large activations multiply what rounding leaves of them.
    private const int NarrowNorm = 2;
    private const double NarrowTolerance = 20 * Tolerance;

    // What sums of nothing but rounding come to.
    private const double Zero = 2e-6;

    // Where a model is sure of a token, its loss's gradient is the rounding of a probability near 1 (6e-8) and little else. Products carry that on as they do
    // the gradient of a model that expected other tokens.
    private const double ProbabilityRounding = 1e-6;

    // What each op computes, moved by four units of its last place, shows what rounding does where a norm divides by almost nothing, an argument of a kinked
    // activation is almost zero, or attention's gradient is the difference of two equal sums (Parker, Monte Carlo Arithmetic, 1997). How many times what is seen
    // a result may be off, and how often it is tried.
    private const double Rounding = 1.0 / (1 << 22);
    private const double Sensitivity = 10;
    private const int Tries = 6;

    public static Verdict Run(Type model, Draw draw, Device device)
    {
        try
        {
            var reference = new Reference(Declared.Spec(model, draw.Declaration.Layers), draw);
            var (actual, weights) = reference.Run(model, device);
            var expected = reference.Compute(weights);
            if (!expected.Names.Order(StringComparer.Ordinal).SequenceEqual(actual.Names.Order(StringComparer.Ordinal)))
                return new($"computes {string.Join(", ", actual.Names)} instead of {string.Join(", ", expected.Names)}", double.PositiveInfinity, false);

            var relative = reference.NarrowestNorm > NarrowNorm ? Tolerance : NarrowTolerance;
            var tolerances = expected.Names.ToDictionary(name => name, name => (relative * expected.Scale(name)) + Zero);
            var verdict = Compare(actual, expected, tolerances);
            if (verdict.Fault is null)
                return verdict;

            var surprised = reference.Compute(weights, isSurprised: true);
            Results[] rounded = [.. Enumerable.Range(1, Tries).Select(seed => reference.Compute(weights, rounding: Round(new(seed))))];
            foreach (var name in expected.Names)
            {
                var sureness = name.StartsWith(Results.GradientPrefix, StringComparison.Ordinal) ? ProbabilityRounding * surprised.Scale(name) : 0;
                tolerances[name] += sureness + (Sensitivity * rounded.Max(other => other.DistanceTo(expected, name)));
            }

            return Compare(actual, expected, tolerances) with { IsDelicate = true };
        }
        catch (Exception fault)
        {
            return new($"{fault}", double.PositiveInfinity, false);
        }
    }

    private static Func<double, double> Round(Numbers numbers) => value => value * (1 + (Rounding * numbers.Normal()));

    private static Verdict Compare(Results actual, Results expected, Dictionary<string, double> tolerances)
    {
        var (name, share) = expected.Names.Select(name => (name, actual.DistanceTo(expected, name) / Math.Max(tolerances[name], double.Epsilon))).MaxBy(pair => pair.Item2);
        var fault = share <= 1 ? null : $"{name} is off by {actual.DistanceTo(expected, name):0.0e+0}, of {expected.Scale(name):0.0e+0}; tolerated is {tolerances[name]:0.0e+0}";
        return new(fault, share, false);
    }
}
