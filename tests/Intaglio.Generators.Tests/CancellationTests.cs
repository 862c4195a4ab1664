using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Intaglio.Generators.Tests;

public sealed class CancellationTests
{
    private const string Source = "using Intaglio; [Decoder] partial class Story;";

    [Fact]
    public void Cancelled_generator_throws_the_cancellation()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => Project.Driver().RunGenerators(Project.Compile(Source), cancellation.Token));
    }

    [Fact]
    public void Cancellation_reaches_the_compiler()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        var spec = Parsed.Spec(Source);
        Assert.Throws<OperationCanceledException>(() => Compiler.Compiler.Compile(spec, cancellation.Token));
    }

    [Fact]
    public async Task Cancelled_analysis_throws_the_cancellation()
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Project.Compile(Source).WithAnalyzers([new ModelAnalyzer()]).GetAnalyzerDiagnosticsAsync(cancellation.Token));
    }

    [Fact]
    public void Generator_that_was_cancelled_works_when_it_runs_again()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        GeneratorDriver driver = Project.Driver();
        Assert.Throws<OperationCanceledException>(() => driver.RunGenerators(Project.Compile(Source), cancellation.Token));
        Assert.NotEmpty(driver.RunGenerators(Project.Compile(Source)).GetRunResult().GeneratedTrees);
    }
}
