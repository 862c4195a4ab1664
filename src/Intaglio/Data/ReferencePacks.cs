namespace Intaglio.Data;

/// <summary>Finds the XML documentation that the .NET SDK installs beside its reference assemblies.</summary>
internal static class ReferencePacks
{
    /// <summary>The places where an SDK may be, the likeliest first.</summary>
    public static IEnumerable<string> DotnetRoots()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root)
            yield return root;

        // <root>/shared/Microsoft.NETCore.App/<version>/System.Private.CoreLib.dll; empty in a single-file application.
        if (Path.GetDirectoryName(typeof(object).Assembly.Location) is { Length: > 0 } runtime)
            yield return Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));

        if (DotnetOnPath() is { } dotnet)
            yield return dotnet;
    }

    /// <summary>The XML files of the newest version of each pack, in an order that does not depend on the file system.</summary>
    public static IReadOnlyList<string> DocumentationFiles(string dotnetRoot)
    {
        var packs = new DirectoryInfo(Path.Combine(dotnetRoot, "packs"));
        if (!packs.Exists)
            return [];

        return
        [
            .. packs.EnumerateDirectories("*.Ref")
                .Select(Newest)
                .OfType<DirectoryInfo>()
                .Select(version => new DirectoryInfo(Path.Combine(version.FullName, "ref")))
                .Where(references => references.Exists)
                .SelectMany(references => references.EnumerateDirectories())
                .SelectMany(framework => framework.EnumerateFiles("*.xml"))
                .Select(file => file.FullName)
                .Order(StringComparer.Ordinal),
        ];
    }

    // Versions of one pack say almost the same, and what is almost the same leaks from training to held-out text.
    private static DirectoryInfo? Newest(DirectoryInfo pack) =>
        pack.EnumerateDirectories()
            .OrderBy(version => Version.TryParse(version.Name.Split('-')[0], out var number) ? number : new Version())
            .ThenBy(version => version.Name, StringComparer.Ordinal)
            .LastOrDefault();

    private static string? DotnetOnPath()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var command = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => new FileInfo(Path.Combine(directory, name)))
            .FirstOrDefault(file => file.Exists);
        return (command?.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? command)?.DirectoryName;
    }
}
