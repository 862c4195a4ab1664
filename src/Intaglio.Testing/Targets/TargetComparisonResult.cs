namespace Intaglio.Testing;

/// <summary>What a <see cref="TargetComparison"/> found.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Devices">The devices; those of one name are numbered.</param>
/// <param name="Differences">Of each device but the first, each quantity.</param>
public sealed record TargetComparisonResult(string Model, IReadOnlyList<string> Devices, IReadOnlyList<TargetDifference> Differences)
{
    /// <summary>Whether every difference is as small as it has to be.</summary>
    public bool Passed => Differences.All(difference => difference.IsAllowed);

    /// <summary>Makes a failed test of a difference that is too large.</summary>
    /// <returns>This result, for its report.</returns>
    /// <exception cref="TargetComparisonException">Devices differ; the message says which, in what and where.</exception>
    public TargetComparisonResult ThrowIfFailed() => Passed ? this : throw new TargetComparisonException(this);

    /// <summary>The report: a line for each device and quantity.</summary>
    public override string ToString() => TextTable.Write(
        $"{Model} on {string.Join(", ", Devices)}: {(Passed ? "devices agree" : "devices differ")}",
        ["device", "against", "quantity", "difference", "allowed", "largest at", ""],
        Differences.Select(difference => (IReadOnlyList<string>)
        [
            difference.Device,
            difference.Against,
            difference.Quantity,
            difference.HasSameBits ? "same bits" : TextTable.Number(difference.Largest),
            difference.Allowed == 0 ? "same bits" : TextTable.Number(difference.Allowed),
            difference.HasSameBits ? "" : difference.Where,
            difference.IsAllowed ? "" : "DIFFERS",
        ]));
}

/// <summary>How far a device is from another in one quantity.</summary>
/// <param name="Device">The device.</param>
/// <param name="Against">What it is held against.</param>
/// <param name="Quantity">What was compared: losses, gradients, logits, tokens, weights.</param>
/// <param name="Largest">The largest difference, in the quantity's own measure (see the tolerances of <see cref="TargetComparisonOptions"/>).</param>
/// <param name="Allowed">How large it may be; 0 where both have to have the same bits.</param>
/// <param name="Where">The step, token or tensor with the largest difference.</param>
/// <param name="HasSameBits">Whether both are the same in every bit.</param>
public sealed record TargetDifference(string Device, string Against, string Quantity, double Largest, double Allowed, string Where, bool HasSameBits)
{
    /// <summary>Whether the difference is as small as it has to be.</summary>
    public bool IsAllowed => HasSameBits || (Allowed > 0 && Largest <= Allowed);
}

/// <summary>Devices compute different things.</summary>
/// <param name="result">What was found.</param>
public sealed class TargetComparisonException(TargetComparisonResult result) : IntaglioException(Describe(result))
{
    /// <summary>What was found.</summary>
    public TargetComparisonResult Result { get; } = result;

    private static string Describe(TargetComparisonResult result) => string.Join(
        "\n",
        [
            .. result.Differences.Where(difference => !difference.IsAllowed).Select(difference =>
                $"{difference.Quantity} on {difference.Device} differ from those on {difference.Against} by {TextTable.Number(difference.Largest)} at {difference.Where}; "
                + (difference.Allowed == 0 ? "they have to have the same bits." : $"{TextTable.Number(difference.Allowed)} is allowed.")),
            $"{result}",
        ]);
}
