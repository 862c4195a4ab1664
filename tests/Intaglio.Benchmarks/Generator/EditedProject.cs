using Intaglio.Generators;
using Intaglio.Generators.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Intaglio.Benchmarks;

/// <summary>The project with ten models, open in an editor: the generator has run, then a file is edited, and it runs again.</summary>
internal sealed class EditedProject
{
    private const string Program = "public static class Program { public static int Main() => 0; }";
    private const string Edited = "Decoder(Layers = 12)";

    private CSharpCompilation _compilation = Project.Compile(TenModels.Source, Program);
    private GeneratorDriver _driver = Project.Driver();
    private int _edits;

    // The second run is the first whose steps can be reused.
    public EditedProject()
    {
        Generate();
        EditProgram();
        Generate();
    }

    /// <summary>Gives one of the models another number of layers, one that it never had.</summary>
    public void EditModel() => Replace(0, TenModels.Source.Replace(Edited, $"Decoder(Layers = {12 + ++_edits})", StringComparison.Ordinal));

    /// <summary>Changes the file that declares no model.</summary>
    public void EditProgram() => Replace(1, Program.Replace("0", $"{++_edits}", StringComparison.Ordinal));

    /// <summary>Runs the generator.</summary>
    public void Generate() => _driver = _driver.RunGenerators(_compilation);

    /// <summary>The project with what is generated for it.</summary>
    public Compilation WithGenerated()
    {
        _driver = _driver.RunGeneratorsAndUpdateCompilation(_compilation, out var compilation, out _);
        return compilation;
    }

    /// <summary>The steps of the last run whose results were not all reused, with the reason.</summary>
    public IEnumerable<string> StepsNotReused() =>
        from step in _driver.GetRunResult().Results.Single().TrackedSteps
        where TrackingNames.All.Contains(step.Key)
        from output in step.Value.SelectMany(run => run.Outputs)
        where output.Reason is not (IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged)
        select $"{step.Key} is {output.Reason}, not Cached or Unchanged";

    private void Replace(int file, string source)
    {
        var tree = _compilation.SyntaxTrees[file];
        _compilation = _compilation.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(source, Project.ParseOptions, tree.FilePath));
    }
}
