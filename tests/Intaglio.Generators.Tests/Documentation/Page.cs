using System.Runtime.CompilerServices;
using Intaglio.Testing;

namespace Intaglio.Generators.Tests.Documentation;

/// <summary>Pages of docs that tests write, so that they cannot say what is no longer so.</summary>
internal static class Page
{
    private static readonly string Docs = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "docs"));

    /// <summary>Compares a page with what it should be, which lies beside it as <c>name.received.md</c> where they differ: rename that to accept it.</summary>
    /// <param name="name">The file's name in docs, without its extension.</param>
    /// <param name="text">What it should be.</param>
    /// <exception cref="SnapshotException">The page is another.</exception>
    public static void Verify(string name, string text)
    {
        var file = Path.Combine(Docs, $"{name}.md");
        var received = Path.ChangeExtension(file, ".received.md");
        if (File.Exists(file) && File.ReadAllText(file).ReplaceLineEndings("\n") == text)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, text);
        throw new SnapshotException($"docs/{name}.md is out of date. What it should be is in {received}; rename that if it is right.");
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
