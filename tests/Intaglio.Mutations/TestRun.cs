namespace Intaglio.Mutations;

/// <summary>A part of the tests, as small as a mutant's place allows: the run takes as long as all of them together.</summary>
/// <param name="Project">The project, from the repository's root.</param>
/// <param name="Filter">Which of its tests.</param>
internal sealed record TestRun(string Project, string Filter)
{
    private const string CompilerTests = "tests/Intaglio.Compiler.Tests";
    private const string GeneratorTests = "tests/Intaglio.Generators.Tests";
    private const string RuntimeTests = "tests/Intaglio.Runtime.Tests";

    /// <summary>Gradient rules and whole models against finite differences.</summary>
    public static TestRun Gradients { get; } = new(CompilerTests, "FullyQualifiedName~Gradients");

    /// <summary>Expressions and their derivatives against finite differences, fusions against the interpreter.</summary>
    public static TestRun Formulas { get; } = new(CompilerTests, "FullyQualifiedName~Formulas");

    /// <summary>Each pass against the one before it.</summary>
    public static TestRun Passes { get; } = new(CompilerTests, "FullyQualifiedName~Passes");

    /// <summary>Memory plans, replayed.</summary>
    public static TestRun Plans { get; } = new(CompilerTests, "FullyQualifiedName~Plans");

    /// <summary>What is said of wrong declarations.</summary>
    public static TestRun Diagnostics { get; } = new(GeneratorTests, "FullyQualifiedName~DiagnosticTests|FullyQualifiedName~HintTests");

    /// <summary>Checkpoints, hostile ones too.</summary>
    public static TestRun Checkpoints { get; } = new(RuntimeTests, "FullyQualifiedName~Runtime.Tests.Checkpoints");

    /// <summary>Choosing the next token.</summary>
    public static TestRun Sampling { get; } = new(RuntimeTests, "FullyQualifiedName~SamplingTests");

    /// <summary>The processor's attention over several blocks of keys, which the kernels' cases are too short for.</summary>
    public static TestRun LongAttention { get; } = new(RuntimeTests, "FullyQualifiedName~CpuAttentionTests.Attention_and_its_gradients");

    /// <summary>The processor's products, by each algorithm.</summary>
    public static TestRun Products { get; } = new(RuntimeTests, "FullyQualifiedName~CpuMatMulTests");

    /// <summary>How threads share the items of a launch.</summary>
    public static TestRun Workers { get; } = new(RuntimeTests, "FullyQualifiedName~WorkerPoolTests");

    /// <summary>Kernels on one kind of target against loops in double precision.</summary>
    /// <param name="target">A part of the target's name.</param>
    /// <param name="kernel">A part of the case's name.</param>
    public static TestRun Kernels(string target, string kernel) => new(RuntimeTests, $"FullyQualifiedName~KernelTests&DisplayName~{target}&DisplayName~{kernel}");
}
