using System.Globalization;
using System.Runtime.Loader;
using Intaglio.Generators;
using Intaglio.Generators.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Intaglio.RandomModels;

/// <summary>Declarations compiled as a user's project is, by the generator and with every warning an error, and loaded until disposed of.</summary>
internal sealed class LoadedModels : IDisposable
{
    private readonly AssemblyLoadContext _context = new("drawn", isCollectible: true);

    /// <exception cref="InvalidDataException">The analyzer or the compiler objects.</exception>
    public LoadedModels(IReadOnlyList<Declaration> declarations)
    {
        string[] sources = [.. declarations.Select((declaration, index) => $"using Intaglio;\nnamespace Drawn;\n{declaration.Source(Name(index))}")];
        var compilation = (CSharpCompilation)Project.CompileWithGenerated(sources);
        Require(compilation.WithAnalyzers([new ModelAnalyzer()]).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult());

        // Optimized, as it is used: a fusion of a debug build is not inlined into the library's loops.
        using var image = new MemoryStream();
        Require(compilation.WithOptions(compilation.Options.WithOptimizationLevel(OptimizationLevel.Release)).Emit(image).Diagnostics);
        image.Position = 0;
        var assembly = _context.LoadFromStream(image);
        Types = [.. declarations.Select((_, index) => assembly.GetType($"Drawn.{Name(index)}", throwOnError: true)!)];
    }

    /// <summary>The models' classes, in the order of their declarations.</summary>
    public IReadOnlyList<Type> Types { get; }

    public void Dispose() => _context.Unload();

    private static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"Model{index}");

    private static void Require(IEnumerable<Diagnostic> diagnostics)
    {
        var errors = diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).ToList();
        if (errors.Count > 0)
            throw new InvalidDataException(Project.Describe(errors));
    }
}
