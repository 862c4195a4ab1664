namespace Intaglio.Mutations;

/// <summary>In the choice of the next token.</summary>
internal static class SamplingMutants
{
    private const string Sampling = "src/Intaglio/Generation/Sampling/";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        In("Stages.cs", "(candidate.Logit - largest) / Value", "(candidate.Logit - largest) * Value"),
        In("Stages.cs", "candidates.Keep(Count);", "candidates.Keep(Count - 1);"),
        In("Stages.cs", "mass >= Mass * total", "mass >= (1 - Mass) * total"),
        In("Stages.cs", "random.Uniform(0) * total", "random.Uniform(0) + total"),
        In("Candidates.cs", "Token.CompareTo(other.Token)", "other.Token.CompareTo(Token)"),
        In("ISampler.cs", "logits[token] > logits[best]", "logits[token] >= logits[best]"),
    ];

    private static Mutant In(string file, string original, string mutated) => new(Sampling + file, original, mutated, TestRun.Sampling);
}
