using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;

namespace Intaglio.Generators.Tests.Fixes;

/// <summary>A user's files, in which <c>{|INTG006:...|}</c> marks what the analyzer reports.</summary>
internal sealed class Analysis : CSharpAnalyzerTest<ModelAnalyzer, DefaultVerifier>
{
    public Analysis(params string[] sources) => References.AddTo(this, TestState, sources);

    protected override ParseOptions CreateParseOptions() => Project.ParseOptions;
}

/// <summary>A user's files before and after a fix: chosen for one place after the other, and for all places at once, with the same end.</summary>
internal sealed class Fixing<TFix> : CSharpCodeFixTest<ModelAnalyzer, TFix, DefaultVerifier>
    where TFix : CodeFixProvider, new()
{
    public Fixing(IEnumerable<string> before, IEnumerable<string> after)
    {
        References.AddTo(this, TestState, before);
        References.AddTo(this, FixedState, after);
    }

    protected override ParseOptions CreateParseOptions() => Project.ParseOptions;
}

file static class References
{
    /// <summary>The framework that runs in the place of reference assemblies, which would be downloaded.</summary>
    public static void AddTo(AnalyzerTest<DefaultVerifier> test, SolutionState state, IEnumerable<string> sources)
    {
        test.ReferenceAssemblies = new("net10.0");
        state.AdditionalReferences.AddRange(Project.References);
        foreach (var source in sources)
            state.Sources.Add("using Intaglio;\n" + source);
        state.Sources.Add(("GlobalUsings.cs", Project.GlobalUsings));
    }
}
