using System.Diagnostics;
using System.Reflection;
using System.Xml.Linq;
using Xunit;

namespace Intaglio.Generators.Tests;

/// <summary>The packages, packed as they are here into a folder, and projects outside of the repository that use them.</summary>
public sealed class PackageFeed : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("intaglio-package-").FullName;

    /// <summary>Where the packages are.</summary>
    public string Folder => Path.Combine(_root, "feed");

    /// <summary>A version that no folder of packages can hold already, and above the one that packages name as what they depend on.</summary>
    public string Version { get; } = $"1000.0.0-test.{DateTime.UtcNow.Ticks}";

    /// <summary>
    /// The feed is an additional source, so that the package's own dependencies come from wherever this machine gets packages; what this machine has
    /// already is not fetched again.
    /// </summary>
    public string[] BuildArguments =>
    [
        "build", "-nodeReuse:false", "-p:UseSharedCompilation=false",
        $"-p:RestoreAdditionalProjectSources={Folder}", $"-p:RestorePackagesPath={Path.Combine(_root, "packages")}", $"-p:RestoreFallbackFolders={GlobalPackages}",
    ];

    private static string GlobalPackages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Packs.</summary>
    public async Task InitializeAsync()
    {
        // Built already: this project references both, in this configuration.
        var configuration = typeof(PackageFeed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Configuration").Value!;
        foreach (var name in new[] { "Intaglio", "Intaglio.Testing" })
        {
            var project = Path.Combine(Repository.Root, "src", name, $"{name}.csproj");
            var (code, output) = await DotNetAsync(Repository.Root, "pack", project, "--no-build", "-c", configuration, "-o", Folder, $"-p:Version={Version}", "-nodeReuse:false");
            Assert.True(code == 0, output);
        }
    }

    /// <inheritdoc/>
    public Task DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>A user's project. Its packages get the versions that are packed or used here.</summary>
    /// <returns>Its folder.</returns>
    public async Task<string> CreateProjectAsync(string name, string project, string source)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
        var pinned = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion").ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value);
        var document = XDocument.Parse(project);
        foreach (var package in document.Descendants("PackageReference"))
            package.SetAttributeValue("Version", pinned.GetValueOrDefault(package.Attribute("Include")!.Value, Version));

        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.csproj"), $"{document}");
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), source);
        await File.WriteAllTextAsync(Path.Combine(folder, "nuget.config"), "<configuration />");
        return folder;
    }

    /// <summary>Runs dotnet.</summary>
    public static async Task<(int Code, string Output)> DotNetAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What the build that runs this test says to its own processes is not for this one.
        foreach (var variable in start.Environment.Keys.Where(key => key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(variable);
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DiffEngine_Disabled"] = "true";

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
