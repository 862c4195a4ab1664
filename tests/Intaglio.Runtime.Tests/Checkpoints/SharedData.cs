using System.Runtime.CompilerServices;
using Xunit;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>Finds reference data that lies beside the repository and is not part of it.</summary>
internal static class SharedData
{
    public static string Find(string name)
    {
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(Here(), "..", "..", "..", "..", "shared", "data", name));
        Skip.IfNot(System.IO.Path.Exists(path), $"{path} is not there");
        return path;
    }

    private static string Here([CallerFilePath] string path = "") => System.IO.Path.GetDirectoryName(path)!;
}
