using System.Globalization;

namespace Intaglio.Testing;

/// <summary>What a <see cref="GradientCheck"/> found.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Device">The device.</param>
/// <param name="Loss">The loss at the weights that were checked, nats a target.</param>
/// <param name="Noise">The standard deviation of the loss's rounding, as measured.</param>
/// <param name="Tensors">Each tensor, in the order of the weights.</param>
public sealed record GradientCheckResult(string Model, string Device, double Loss, double Noise, IReadOnlyList<TensorGradient> Tensors)
{
    /// <summary>Whether every tensor agrees, and at least one has a gradient that losses show.</summary>
    public bool Passed => Tensors.All(tensor => tensor.Agrees) && !Tensors.All(tensor => tensor.IsBelowRounding);

    /// <summary>Makes a failed test of a wrong gradient.</summary>
    /// <returns>This result, for its report.</returns>
    /// <exception cref="GradientCheckException">A gradient differs; the message names each tensor with both slopes.</exception>
    public GradientCheckResult ThrowIfFailed() => Passed ? this : throw new GradientCheckException(this);

    private string Verdict =>
        Passed ? "gradients agree with differences of losses" : Tensors.All(tensor => tensor.Agrees) ? "losses show no gradient of any tensor, so nothing was checked" : "gradients are wrong";

    /// <summary>The report: a line for each tensor.</summary>
    public override string ToString()
    {
        var heading = string.Create(CultureInfo.InvariantCulture, $"{Model} on {Device}: {Verdict}; loss {Loss:0.0000}, rounded by {Noise:0.0e+0}");
        return TextTable.Write(
            heading,
            ["tensor", "norm", "slope of losses", "gradient's slope", "error", "seen from", ""],
            Tensors.Select(tensor => (IReadOnlyList<string>)
            [
                tensor.Name, TextTable.Number(tensor.Norm), TextTable.Slope(tensor.Worst.Expected), TextTable.Slope(tensor.Worst.Actual), TextTable.Number(tensor.Error), TextTable.Number(tensor.SeenFrom), tensor.Remark,
            ]));
    }
}

/// <summary>One tensor's gradient, held against differences of losses.</summary>
/// <param name="Name">The tensor's name in a checkpoint.</param>
/// <param name="Norm">√Σ gradient², as the trainer has it.</param>
/// <param name="Slopes">Along each direction.</param>
/// <param name="Tolerance">The largest <see cref="Error"/> that passes where the slopes have no uncertainty.</param>
public sealed record TensorGradient(string Name, double Norm, IReadOnlyList<DirectionalSlope> Slopes, double Tolerance)
{
    // Kinks of activations leave up to four tolerances uncertain; a gradient that jumps more is not excused by it.
    private const double MostJumps = 10;

    /// <summary>What errors are relative to: the gradient's norm, as the trainer has it or as differences have it (their root mean square), whichever is larger.</summary>
    public double Scale => Math.Max(Norm, Math.Sqrt(Slopes.Average(slope => slope.Expected * slope.Expected)));

    /// <summary>The direction in which the gradient is furthest from agreeing.</summary>
    public DirectionalSlope Worst => Slopes.MaxBy(Excess);

    /// <summary>The difference of both slopes in that direction, relative to <see cref="Scale"/>.</summary>
    public double Error => Scale == 0 ? 0 : Math.Abs(Worst.Expected - Worst.Actual) / Scale;

    /// <summary>From which relative error on that direction would have failed: the tolerance and what is uncertain of the slopes.</summary>
    public double SeenFrom => Scale == 0 ? double.PositiveInfinity : Uncertainty(Worst) / Scale;

    /// <summary>Whether the gradient is the slope of the losses, in every direction.</summary>
    public bool Agrees => Slopes.All(slope => Excess(slope) <= 0);

    /// <summary>Whether the losses show no slope in any direction, since it is zero or below their rounding: then agreement says little.</summary>
    public bool IsBelowRounding => Slopes.All(slope => Math.Abs(slope.Expected) <= slope.Rounding);

    /// <summary>What a reader has to know of the line.</summary>
    internal string Remark => !Agrees ? "WRONG" : IsBelowRounding ? "below rounding" : "";

    private double Uncertainty(DirectionalSlope slope) => slope.Rounding + (Tolerance * Scale) + Math.Min(slope.Jumps, MostJumps * Tolerance * Scale);

    // What is no number is as wrong as can be.
    private double Excess(DirectionalSlope slope) =>
        double.IsFinite(slope.Expected) && double.IsFinite(slope.Actual) ? Math.Abs(slope.Expected - slope.Actual) - Uncertainty(slope) : double.PositiveInfinity;
}

/// <summary>How fast the loss changes along a direction.</summary>
/// <param name="Expected">By the difference of two losses.</param>
/// <param name="Actual">By gradients: the mean of Σ gradient · direction on the way from the one loss to the other.</param>
/// <param name="Rounding">How far both may be apart by the rounding of losses.</param>
/// <param name="Jumps">How far both may be apart by jumps of the slope, where an activation has a kink.</param>
public readonly record struct DirectionalSlope(double Expected, double Actual, double Rounding, double Jumps);

/// <summary>A gradient is not the slope of the loss.</summary>
/// <param name="result">What was found.</param>
public sealed class GradientCheckException(GradientCheckResult result) : IntaglioException(Describe(result))
{
    /// <summary>What was found.</summary>
    public GradientCheckResult Result { get; } = result;

    private static string Describe(GradientCheckResult result) => string.Join(
        "\n",
        [
            .. result.Tensors.Where(tensor => !tensor.Agrees).Select(tensor => string.Create(
                CultureInfo.InvariantCulture,
                $"The gradient of {tensor.Name} is wrong: along a random direction the loss changes by {tensor.Worst.Expected:0.0000e+0} a unit (expected), the gradient says {tensor.Worst.Actual:0.0000e+0} (actual).")),
            $"{result}",
        ]);
}
