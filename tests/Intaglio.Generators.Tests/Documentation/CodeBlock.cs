using Intaglio.Generators.Parsing.Architectures;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Intaglio.Generators.Tests.Documentation;

/// <summary>
/// C# on a page of README, CONTRIBUTING or docs. What stands before a block in a comment, <c>&lt;!-- given: var x = 1; --&gt;</c>, is compiled with it; words after
/// <c>csharp</c> say what else holds of it.
/// </summary>
/// <param name="Page">The page, relative to the repository.</param>
/// <param name="Line">Where the block begins, from 1.</param>
/// <param name="Words">What is behind <c>csharp</c>: <c>emitted</c>, or <c>wrong INTG006</c>.</param>
/// <param name="Given">Code that it takes for granted.</param>
/// <param name="Text">The block.</param>
internal sealed record CodeBlock(string Page, int Line, string[] Words, string Given, string Text)
{
    private const string Fence = "```";
    private const string Opening = "<!-- given:";
    private const string Closing = "-->";

    /// <summary>Names that need no <c>using</c> on a page.</summary>
    private const string Usings =
        """
        global using Intaglio;
        global using Intaglio.Checkpoints;
        global using Intaglio.Data;
        global using Intaglio.Generation;
        global using Intaglio.Objectives;
        global using Intaglio.Tokenizers;
        """;

    // What a test project has besides.
    private static readonly IEnumerable<MetadataReference> TestReferences =
        new[] { typeof(Testing.Snapshots), typeof(Xunit.Assert), typeof(Xunit.FactAttribute) }.Select(type => MetadataReference.CreateFromFile(type.Assembly.Location));

    /// <summary>Whether it shows code that the generator emits.</summary>
    public bool IsEmitted => Words is ["emitted", ..];

    /// <summary>The diagnostic that it shows; null where it is right.</summary>
    public string? Mistake => Words is ["wrong", var id] ? id : null;

    /// <summary>Every block of every page.</summary>
    public static IReadOnlyList<CodeBlock> All { get; } = [.. Pages().SelectMany(Of)];

    /// <summary>The files that blocks name with [Architecture]: a folder of a checkpoint as it is downloaded, one for each model_type.</summary>
    public static TextFile[] Files { get; } =
        [.. ArchitectureTable.All.Keys.Select(type => new TextFile($"{type}/config.json", $$"""{"model_type": "{{type}}"}""")), new("bert-base-uncased/config.json", """{"model_type": "bert"}""")];

    /// <summary>The block as a project, with the generator run on it.</summary>
    public Compilation Compile()
    {
        var source = $"{Given}\n{Text}";
        var isProgram = CSharpSyntaxTree.ParseText(source, Project.ParseOptions).GetCompilationUnitRoot().Members.OfType<GlobalStatementSyntax>().Any();
        var compilation = Project.CompileWithGenerated(Files, source, Usings);

        // A page need not document what it declares.
        var options = compilation.Options.WithSpecificDiagnosticOptions([new("CS1591", ReportDiagnostic.Suppress)]);
        return compilation.AddReferences(TestReferences).WithOptions(options.WithOutputKind(isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Page}:{Line}";

    private static IEnumerable<string> Pages() =>
        Directory.EnumerateFiles(Repository.Root, "*.md").Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md"))
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Where(page => !page.Contains(".received.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static IEnumerable<CodeBlock> Of(string page)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, page));
        var given = "";
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith(Opening, StringComparison.Ordinal))
            {
                var end = Array.FindIndex(lines, i, line => line.EndsWith(Closing, StringComparison.Ordinal));
                given = string.Join('\n', lines[i..(end + 1)])[Opening.Length..^Closing.Length];
                i = end;
                continue;
            }

            if (lines[i].TrimStart().StartsWith(Fence, StringComparison.Ordinal))
            {
                var (indent, info) = (lines[i].Length - lines[i].TrimStart().Length, lines[i].TrimStart()[Fence.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
                var end = Array.FindIndex(lines, i + 1, line => line.Trim() == Fence);
                if (info is ["csharp", .. var words])
                    yield return new(page, i + 1, words, given, string.Join('\n', lines[(i + 1)..end].Select(line => line[Math.Min(indent, line.Length)..])));

                i = end;
            }

            // A comment serves the block that follows it.
            if (lines[i].Length > 0)
                given = "";
        }
    }
}
