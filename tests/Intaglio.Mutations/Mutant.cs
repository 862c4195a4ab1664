namespace Intaglio.Mutations;

/// <summary>One wrong sign, constant or condition, and the tests that have to notice.</summary>
/// <param name="File">The file, from the repository's root.</param>
/// <param name="Original">A text that occurs in it once.</param>
/// <param name="Mutated">What stands there instead.</param>
/// <param name="Tests">Who should fail.</param>
internal sealed record Mutant(string File, string Original, string Mutated, TestRun Tests)
{
    /// <summary>Whether what is to be mutated is there, once.</summary>
    /// <param name="repository">The repository's root.</param>
    public bool AppliesIn(string repository) =>
        Path.Combine(repository, File) is var file && System.IO.File.Exists(file) && System.IO.File.ReadAllText(file).Split(Original).Length == 2;

    /// <inheritdoc/>
    public override string ToString() => $"{File}: {Original.ReplaceLineEndings(" ")} -> {Mutated.ReplaceLineEndings(" ")}";
}
