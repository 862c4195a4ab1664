namespace Intaglio.Benchmarks;

/// <summary>What is measured of a benchmark.</summary>
/// <param name="Runs">How often each case is run; null for as often as its median needs to be steady.</param>
/// <param name="Part">Of the names of the cases that are measured; null for all.</param>
internal sealed record Choice(int? Runs = null, string? Part = null)
{
    public bool Has(string name) => Part is null || name.Contains(Part, StringComparison.Ordinal);
}
