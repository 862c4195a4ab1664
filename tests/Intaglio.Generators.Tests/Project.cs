using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Intaglio.Generators.Tests;

/// <summary>A user's project in memory: its files, the package's global usings, the runtime and the framework; every warning on and an error.</summary>
internal static class Project
{
    public static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp14, DocumentationMode.Diagnose);

    /// <summary>What the SDK and the package's props add to a project.</summary>
    public const string GlobalUsings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using static Intaglio.NumberFormat;
        """;

    /// <summary>The framework that runs, and the runtime.</summary>
    public static readonly ImmutableArray<MetadataReference> References = [.. ReferencedFiles().Select(file => MetadataReference.CreateFromFile(file))];

    /// <summary>Before the generator has run.</summary>
    public static CSharpCompilation Compile(params string[] sources) => CSharpCompilation.Create(
        "User",
        sources.Select((source, index) => CSharpSyntaxTree.ParseText(source, ParseOptions, $"File{index}.cs")).Append(CSharpSyntaxTree.ParseText(GlobalUsings, ParseOptions, "GlobalUsings.cs")),
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, generalDiagnosticOption: ReportDiagnostic.Error, warningLevel: 9999));

    public static CSharpGeneratorDriver Driver(params TextFile[] files) => CSharpGeneratorDriver.Create(
        [new ModelGenerator().AsSourceGenerator()],
        files,
        parseOptions: ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>The files emitted for a project.</summary>
    public static IReadOnlyList<(string HintName, string Text)> Generate(params string[] sources)
    {
        var result = Driver().RunGenerators(Compile(sources)).GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        return [.. result.GeneratedSources.Select(source => (source.HintName, source.SourceText.ToString()))];
    }

    /// <summary>After the generator has run.</summary>
    public static Compilation CompileWithGenerated(params string[] sources) => CompileWithGenerated([], sources);

    /// <summary>After the generator has run on a project with additional files.</summary>
    public static Compilation CompileWithGenerated(TextFile[] files, params string[] sources)
    {
        Driver(files).RunGeneratorsAndUpdateCompilation(Compile(sources), out var compilation, out var diagnostics);

        // The generator reports nothing itself; what could be here is its failure, CS8785.
        Assert.Empty(diagnostics);
        return compilation;
    }

    /// <summary>All errors and warnings of a build: the compiler's and the analyzer's.</summary>
    public static Task<IReadOnlyList<Diagnostic>> BuildAsync(params string[] sources) => BuildAsync([], sources);

    /// <summary>All errors and warnings of a build of a project with additional files.</summary>
    public static async Task<IReadOnlyList<Diagnostic>> BuildAsync(TextFile[] files, params string[] sources)
    {
        var analyzed = CompileWithGenerated(files, sources).WithAnalyzers([new ModelAnalyzer()], new AnalyzerOptions([.. files]));
        var diagnostics = await analyzed.GetAllDiagnosticsAsync();
        Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Id == "AD0001");
        return [.. diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && !diagnostic.IsSuppressed)];
    }

    /// <summary>All that the analyzer says, hints too.</summary>
    public static Task<IReadOnlyList<Diagnostic>> AnalyzeAsync(params string[] sources) => AnalyzeAsync([], sources);

    /// <summary>All that the analyzer says of a project with additional files.</summary>
    public static async Task<IReadOnlyList<Diagnostic>> AnalyzeAsync(TextFile[] files, params string[] sources) =>
        await CompileWithGenerated(files, sources).WithAnalyzers([new ModelAnalyzer()], new AnalyzerOptions([.. files])).GetAnalyzerDiagnosticsAsync();

    /// <summary>Runs generator and analyzer alone, whatever the compiler thinks of the code.</summary>
    public static async Task RunAsync(params string[] sources)
    {
        Assert.DoesNotContain(await AnalyzeAsync(sources), diagnostic => diagnostic.Id == "AD0001");
    }

    /// <summary>The first few.</summary>
    public static string Describe(IEnumerable<Diagnostic> diagnostics) =>
        string.Join("\n", diagnostics.Take(10).Select(diagnostic => $"{diagnostic.Location.GetLineSpan()}: {diagnostic.Id} {diagnostic.GetMessage(CultureInfo.InvariantCulture)}"));

    private static IEnumerable<string> ReferencedFiles()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        return trusted.Split(Path.PathSeparator).Where(file =>
            Path.GetDirectoryName(file) == framework || Path.GetFileNameWithoutExtension(file) is "Intaglio" or "ILGPU" or "ILGPU.Algorithms");
    }
}
