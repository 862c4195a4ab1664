using Intaglio.Compiler;
using Intaglio.Generators.Parsing;
using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Tests;

/// <summary>What the parser makes of source text.</summary>
internal static class Parsed
{
    public static ParsedModel Model(string source, string name = "Story") =>
        Model(Project.Compile(source), name);

    public static ParsedModel Model(Compilation compilation, string name, params TextFile[] files) =>
        ModelParser.Parse(new WrittenClass(compilation.GetTypeByMetadataName(name)!, compilation, [.. files], CancellationToken.None), CancellationToken.None).Model!;

    /// <summary>A model that a config.json declares.</summary>
    public static ModelSpec Spec(string source, TextFile file, string name = "Story") => Model(Project.Compile(source), name, file).Spec!;

    public static ModelSpec Spec(string source, string name = "Story") => Model(source, name).Spec!;
}
