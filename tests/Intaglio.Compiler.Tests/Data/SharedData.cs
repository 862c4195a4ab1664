using Xunit;

namespace Intaglio.Compiler.Tests.Data;

/// <summary>Finds reference data that lies beside the repository and is not part of it.</summary>
internal static class SharedData
{
    /// <summary>The path of a file or folder. Its absence skips the test; in CI it fails it.</summary>
    public static string Find(string name)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root.Parent is { } parent && !File.Exists(Path.Combine(root.FullName, "Directory.Build.props")))
            root = parent;

        var path = Path.GetFullPath(Path.Combine(root.FullName, "..", "shared", "data", name));
        if (!Path.Exists(path))
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"{path} is not there, and CI has to have it.");
            Skip.If(true, $"{path} is not there");
        }

        return path;
    }
}
