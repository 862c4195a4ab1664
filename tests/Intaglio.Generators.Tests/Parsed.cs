using Intaglio.Compiler;
using Intaglio.Generators.Parsing;

namespace Intaglio.Generators.Tests;

/// <summary>What the parser makes of source text.</summary>
internal static class Parsed
{
    public static ParsedModel Model(string source, string name = "Story") =>
        ModelParser.Parse(new WrittenClass(Project.Compile(source).GetTypeByMetadataName(name)!, CancellationToken.None), CancellationToken.None).Model!;

    public static ModelSpec Spec(string source, string name = "Story") => Model(source, name).Spec!;
}
