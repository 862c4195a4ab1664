namespace Intaglio.Mutations;

/// <summary>The mistakes that a tired person makes, spread over everything that computes or decides.</summary>
internal static class AllMutants
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        .. GradientMutants.All,
        .. ExpressionMutants.All,
        .. PassMutants.All,
        .. CpuMutants.All,
        .. GpuMutants.All,
        .. DiagnosticMutants.All,
        .. CheckpointMutants.All,
        .. SamplingMutants.All,
    ];
}
