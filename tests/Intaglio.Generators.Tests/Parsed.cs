using Intaglio.Compiler;
using Intaglio.Generators.Parsing;
using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Tests;

/// <summary>What the parser makes of source text.</summary>
internal static class Parsed
{
    public static ParsedModel Model(string source, string name = "Story") =>
        Model(Project.Compile(source), name);

    public static ParsedModel Model(Compilation compilation, string name) =>
        ModelParser.Parse(new WrittenClass(compilation.GetTypeByMetadataName(name)!, compilation, CancellationToken.None), CancellationToken.None).Model!;

    public static ModelSpec Spec(string source, string name = "Story") => Model(source, name).Spec!;
}
