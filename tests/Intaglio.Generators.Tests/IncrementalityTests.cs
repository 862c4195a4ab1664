using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Intaglio.Generators.Tests;

/// <summary>What an edit costs: steps whose outcome cannot have changed do not run again, or end where they ended before.</summary>
public sealed class IncrementalityTests
{
    private const string Model =
        """
        using Intaglio;

        namespace App;

        /// <summary>Tells stories.</summary>
        [Transformer(HiddenSize = 64, ContextLength = 32)]
        [Decoder(Layers = 2)]
        public sealed partial class Story
        {
            private static int Twice(int number) => number * 2;
        }
        """;

    private const string Program = "public static class Program { public static int Main() => 0; }";

    [Theory]
    [InlineData("namespace App;", "// A comment.\nnamespace App;")]
    [InlineData("[Decoder(Layers = 2)]", "[Decoder(\n    Layers   =   2)] // six would be better")]
    [InlineData("Tells stories.", "Tells long stories.")]
    [InlineData("public sealed partial class Story\n", "\n\n\npublic sealed partial class Story // hello\n")]
    [InlineData("number * 2", "2 * number")]
    [InlineData("Layers = 2", "Layers = 1 + 1")]
    public void Edit_that_means_nothing_leaves_every_step_cached_or_unchanged(string before, string after)
    {
        var reasons = ReasonsAfter(before, after);
        Assert.Equal(TrackingNames.All.Length, reasons.Count);
        Assert.All(reasons, step => Assert.All(step.Value, reason => Assert.True(IsReused(reason), $"{step.Key}: {reason}")));
    }

    [Fact]
    public void Edit_in_another_file_leaves_every_step_cached_or_unchanged()
    {
        var reasons = ReasonsAfter("=> 0;", "=> 1;");
        Assert.Equal(TrackingNames.All.Length, reasons.Count);
        Assert.All(reasons, step => Assert.All(step.Value, reason => Assert.True(IsReused(reason), $"{step.Key}: {reason}")));
    }

    [Fact]
    public void Edit_that_means_nothing_emits_nothing_anew()
    {
        var outputs = Run("namespace App;", "// A comment.\nnamespace App;").TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs);
        Assert.All(outputs, output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }

    [Theory]
    [InlineData("HiddenSize = 64", "HiddenSize = 128")]
    [InlineData("Layers = 2", "Layers = 3")]
    [InlineData("[Decoder(Layers = 2)]", "[Decoder(Layers = 2), Embedding(TieWordEmbeddings = false)]")]
    public void Edit_of_an_attribute_runs_every_step(string before, string after)
    {
        var reasons = ReasonsAfter(before, after);
        Assert.All(TrackingNames.All, name => Assert.Contains(IncrementalStepRunReason.Modified, reasons[name]));
    }

    [Theory]
    [InlineData("x * x", "x * x * x", IncrementalStepRunReason.Modified)]
    [InlineData("x * x", "x  *  x /* squared */", IncrementalStepRunReason.Unchanged)]
    [InlineData("=> 0", "=> 1", IncrementalStepRunReason.Unchanged)]
    public void Edit_of_a_pointwise_method_in_another_file_runs_every_step_where_the_formula_changes(string before, string after, IncrementalStepRunReason reason)
    {
        const string Shared = "using Intaglio; internal static class Shared { [Pointwise] internal static float Square(float x) => x * x; internal static int Other() => 0; }";
        var compilation = Project.Compile("using Intaglio; [Decoder, FeedForward(ActivationMethod = nameof(F))] partial class Story { [Pointwise] static float F(float x) => Shared.Square(x); }", Shared);
        var driver = Project.Driver().RunGenerators(compilation);
        var edited = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[1], Parse(Shared.Replace(before, after, StringComparison.Ordinal), "File1.cs"));
        var steps = driver.RunGenerators(edited).GetRunResult().Results.Single().TrackedSteps;

        Assert.All(steps[TrackingNames.Parse].SelectMany(step => step.Outputs).Where(output => output.Value is not null), output => Assert.Equal(reason, output.Reason));
        var files = steps[TrackingNames.Files].SelectMany(step => step.Outputs).Select(output => output.Reason);
        Assert.Equal(reason == IncrementalStepRunReason.Modified, files.Contains(IncrementalStepRunReason.Modified));
    }

    [Fact]
    public void Edit_of_one_model_does_not_compile_another_anew()
    {
        var before = "using Intaglio; [Decoder(Layers = 1)] partial class First; [Decoder(Layers = 1)] partial class Second;";
        var compilation = Project.Compile(before);
        var driver = Project.Driver().RunGenerators(compilation);
        var edited = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[0], Parse(before.Replace("Layers = 1)] partial class First", "Layers = 2)] partial class First", StringComparison.Ordinal)));
        var steps = driver.RunGenerators(edited).GetRunResult().Results.Single().TrackedSteps[TrackingNames.Files];

        var reasons = steps.SelectMany(step => step.Outputs).Select(output => output.Reason).Order();
        Assert.Equal([IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached], reasons);
    }

    [Fact]
    public void Edit_of_a_configuration_compiles_the_model_alone_that_it_declares()
    {
        const string Source = "using Intaglio; [Architecture(\"a.json\")] partial class First; [Architecture(\"b.json\")] partial class Second; [Decoder(Layers = 1)] partial class Third;";
        var (first, second) = (Configuration("a.json", layers: 1), Configuration("b.json", layers: 1));
        var compilation = Project.Compile(Source);
        var driver = Project.Driver(first, second).RunGenerators(compilation);

        var edited = driver.ReplaceAdditionalText(first, Configuration("a.json", layers: 2)).RunGenerators(compilation).GetRunResult().Results.Single().TrackedSteps[TrackingNames.Files];
        var reasons = edited.SelectMany(step => step.Outputs).Select(output => output.Reason).Order();
        Assert.Equal([IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached, IncrementalStepRunReason.Cached], reasons);
    }

    [Fact]
    public void Edit_of_anything_else_leaves_a_model_of_a_configuration_cached_or_unchanged()
    {
        var file = Configuration("config.json", layers: 1);
        var notes = new TextFile("notes.txt", "before");
        var compilation = Project.Compile("using Intaglio; [Architecture(\"config.json\")] partial class Story;", Program);
        var driver = Project.Driver(file, notes).RunGenerators(compilation);

        var edited = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[1], Parse(Program.Replace("=> 0", "=> 1", StringComparison.Ordinal), "File1.cs"));
        foreach (var result in new[] { driver.RunGenerators(edited), driver.ReplaceAdditionalText(notes, new TextFile("notes.txt", "after")).RunGenerators(compilation) })
        {
            var steps = result.GetRunResult().Results.Single().TrackedSteps;
            Assert.All(TrackingNames.All.Append(TrackingNames.Configurations).SelectMany(name => steps[name]).SelectMany(step => step.Outputs), output => Assert.True(IsReused(output.Reason), $"{output.Reason}"));
        }
    }

    [Fact]
    public void What_steps_hand_on_holds_nothing_of_the_compiler()
    {
        var steps = Project.Driver().RunGenerators(Project.Compile(Model)).GetRunResult().Results.Single().TrackedSteps;
        var values = TrackingNames.All.SelectMany(name => steps[name]).SelectMany(step => step.Outputs).Select(output => output.Value);
        Assert.All(values, value => AssertPlain(value, []));
    }

    private static void AssertPlain(object? value, HashSet<object> seen)
    {
        if (value is null or string || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value))
            return;

        Assert.False(value is ISymbol or SyntaxNode or Microsoft.CodeAnalysis.Compilation or Location or SyntaxTree or SemanticModel, value.GetType().FullName);
        if (value is System.Collections.IEnumerable items)
        {
            foreach (var item in items)
                AssertPlain(item, seen);
            return;
        }

        foreach (var property in value.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0))
            AssertPlain(property.GetValue(value), seen);
    }

    private static bool IsReused(IncrementalStepRunReason reason) => reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged;

    private static Dictionary<string, IncrementalStepRunReason[]> ReasonsAfter(string before, string after)
    {
        var steps = Run(before, after).TrackedSteps;
        return TrackingNames.All.Where(steps.ContainsKey).ToDictionary(name => name, name => steps[name].SelectMany(step => step.Outputs).Select(output => output.Reason).ToArray());
    }

    /// <summary>Runs the generator, edits the file that contains a text, and runs it again.</summary>
    private static GeneratorRunResult Run(string before, string after)
    {
        var compilation = Project.Compile(Model, Program);
        var driver = Project.Driver().RunGenerators(compilation);
        var file = compilation.SyntaxTrees.First(tree => tree.ToString().Contains(before, StringComparison.Ordinal));
        var edited = compilation.ReplaceSyntaxTree(file, Parse(file.ToString().Replace(before, after, StringComparison.Ordinal), file.FilePath));
        return driver.RunGenerators(edited).GetRunResult().Results.Single();
    }

    private static TextFile Configuration(string path, int layers) => new(path, $$"""{"model_type": "gpt2", "n_embd": 64, "n_head": 1, "n_layer": {{layers}}}""");

    private static SyntaxTree Parse(string source, string path = "File0.cs") => CSharpSyntaxTree.ParseText(source, Project.ParseOptions, path);
}
