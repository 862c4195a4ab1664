namespace Intaglio.Mutations;

/// <summary>In what is checked of declarations.</summary>
internal static class DiagnosticMutants
{
    private const string Parsing = "generators/Intaglio.Generators/Parsing/";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        In("SpecChecker.cs", "if (value < 1)", "if (value < 0)"),
        In("SpecChecker.cs", "spec.HiddenSize % heads != 0", "spec.HiddenSize % heads == 0"),
        In("SpecChecker.cs", "heads % keyValueHeads != 0", "keyValueHeads % heads != 0"),
        In("SpecChecker.cs", "size > 0 && size % 2 != 0", "size > 0 && size % 2 == 0"),
        In("SpecChecker.cs", "value > 0 && !float.IsInfinity(value)", "value >= 0 && !float.IsInfinity(value)"),
        In("SpecChecker.cs", "value > 0 && !float.IsInfinity(value)", "value > 0"),
        In("SpecChecker.cs", "{ Kind: NormalizationKind.RmsNorm, Bias: true }", "{ Kind: NormalizationKind.RmsNorm, Bias: false }"),
        In("SpecChecker.cs", "!(rate >= 0 && rate < 1)", "!(rate >= 0 && rate <= 1)"),
        In("SpecChecker.cs", "spec.Format is NumberFormat.FP16 or NumberFormat.INT8", "spec.Format is NumberFormat.INT8"),
        In("Hints.cs", "size % VocabularyTile != 0", "size % VocabularyTile == 0"),
        In("Hints.cs", "columns != hidden", "columns == hidden"),
        In("Divisors.cs", "if (divisor != number / divisor)", "if (divisor == number / divisor)"),
    ];

    private static Mutant In(string file, string original, string mutated) => new(Parsing + file, original, mutated, TestRun.Diagnostics);
}
