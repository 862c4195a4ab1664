using System.Runtime.CompilerServices;

namespace Intaglio.Generators.Tests;

/// <summary>Where the repository's files are.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
