namespace Intaglio.Mutations;

/// <summary>In what is checked of declarations.</summary>
internal static class DiagnosticMutants
{
    private const string Parsing = "generators/Intaglio.Generators/Parsing/";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        In("SpecParser.cs", "if (value < 1)", "if (value < 0)"),
        In("SpecParser.cs", "spec.HiddenSize % heads == 0", "spec.HiddenSize % heads != 0"),
        In("SpecParser.cs", "heads % keyValueHeads == 0", "keyValueHeads % heads == 0"),
        In("SpecParser.cs", "size > 0 && size % 2 != 0", "size > 0 && size % 2 == 0"),
        In("SpecParser.cs", "if (!(value > 0) || float.IsInfinity(value))", "if (value < 0 || float.IsInfinity(value))"),
        In("SpecParser.cs", "{ Kind: Compiler.NormalizationKind.RmsNorm, Bias: true }", "{ Kind: Compiler.NormalizationKind.RmsNorm, Bias: false }"),
        In("SpecParser.cs", "!(rate >= 0 && rate < 1)", "!(rate >= 0 && rate <= 1)"),
        In("SpecParser.cs", "if (!(epsilon > 0) || float.IsInfinity(epsilon))", "if (!(epsilon > 0))"),
        In("SpecParser.cs", "spec.Format is NumberFormat.FP16 or NumberFormat.INT8", "spec.Format is NumberFormat.INT8"),
        In("Divisors.cs", "if (divisor != number / divisor)", "if (divisor == number / divisor)"),
    ];

    private static Mutant In(string file, string original, string mutated) => new(Parsing + file, original, mutated, TestRun.Diagnostics);
}
