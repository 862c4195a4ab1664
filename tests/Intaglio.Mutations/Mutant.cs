namespace Intaglio.Mutations;

/// <summary>One wrong sign or constant, and the tests that have to notice.</summary>
/// <param name="File">The file, from the repository's root.</param>
/// <param name="Original">A text that occurs in it once.</param>
/// <param name="Mutated">What stands there instead.</param>
/// <param name="Tests">Who should fail.</param>
internal sealed record Mutant(string File, string Original, string Mutated, TestRun Tests);

/// <summary>A part of the tests.</summary>
/// <param name="Project">The project, from the repository's root.</param>
/// <param name="Filter">Which of its tests.</param>
internal sealed record TestRun(string Project, string Filter)
{
    /// <summary>Gradient rules and whole models against finite differences, passes against each other, formulas.</summary>
    public static TestRun Compiler { get; } = new("tests/Intaglio.Compiler.Tests", "FullyQualifiedName~Gradients|FullyQualifiedName~Passes|FullyQualifiedName~Formulas");

    /// <summary>Every kernel on every target against loops in double precision.</summary>
    public static TestRun Kernels { get; } = new("tests/Intaglio.Runtime.Tests", "FullyQualifiedName~KernelTests");
}
