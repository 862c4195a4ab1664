namespace Intaglio.Mutations;

/// <summary>One wrong sign, constant or condition, and the tests that have to notice.</summary>
/// <param name="File">The file, from the repository's root.</param>
/// <param name="Original">A text that occurs in it once.</param>
/// <param name="Mutated">What stands there instead.</param>
/// <param name="Tests">Who should fail.</param>
internal sealed record Mutant(string File, string Original, string Mutated, TestRun Tests)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}: {Original.ReplaceLineEndings(" ")} -> {Mutated.ReplaceLineEndings(" ")}";
}
