using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using Xunit;

namespace Intaglio.Generators.Tests;

/// <summary>The package alone is enough: a project outside of the repository that references it compiles without a warning and runs.</summary>
public sealed class PackageTests : IDisposable
{
    private const string ProjectFile =
        """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <GenerateDocumentationFile>true</GenerateDocumentationFile>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Intaglio" Version="VERSION" />
          </ItemGroup>
        </Project>
        """;

    private const string Program =
        """
        using Intaglio;

        Console.WriteLine(Describe<Story>());

        using var device = Device.Cpu(threads: 1);
        using var model = Story.Create(device, seed: 42);
        using var session = model.OpenSession();
        session.Append([1, 2, 3]);
        Console.WriteLine($"Next token is one of 256: {session.Next() is >= 0 and < 256}");

        static string Describe<TModel>() where TModel : LanguageModel, ILanguageModel<TModel> =>
            $"{TModel.Description.Name} has {TModel.Description.Layers} layers, {TModel.Description.Format}";

        /// <summary>Tells stories.</summary>
        [Transformer(HiddenSize = 64)]
        [Decoder(Layers = 2)]
        [Precision(BF16)]
        public sealed partial class Story;
        """;

    // A version that no folder of packages can hold already.
    private readonly string _version = $"0.0.0-test.{DateTime.UtcNow.Ticks}";
    private readonly string _folder = Directory.CreateTempSubdirectory("intaglio-package-").FullName;

    private string Feed => Path.Combine(_folder, "feed");

    [Fact]
    public async Task Project_with_nothing_but_the_package_builds_without_warnings_and_runs()
    {
        await PackAsync();
        AssertContents();

        var user = Directory.CreateDirectory(Path.Combine(_folder, "user")).FullName;
        await File.WriteAllTextAsync(Path.Combine(user, "User.csproj"), ProjectFile.Replace("VERSION", _version, StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(user, "Program.cs"), Program);
        await File.WriteAllTextAsync(Path.Combine(user, "nuget.config"), "<configuration />");

        var (code, output) = await DotNetAsync(user, BuildArguments);
        Assert.True(code == 0 && output.Contains("0 Warning(s)", StringComparison.Ordinal), output);

        AssertDebuggersFindEmittedFiles(Path.Combine(user, "bin", "Debug", "net10.0", "User.pdb"));

        (code, output) = await DotNetAsync(user, Path.Combine("bin", "Debug", "net10.0", "User.dll"));
        Assert.True(code == 0, output);
        Assert.Equal("Story has 2 layers, BF16\nNext token is one of 256: True", output.ReplaceLineEndings("\n").Trim());

        // The analyzer of the package speaks too, and alone.
        await File.WriteAllTextAsync(Path.Combine(user, "Program.cs"), Program.Replace("HiddenSize = 64", "HiddenSize = 0", StringComparison.Ordinal));
        (code, output) = await DotNetAsync(user, [.. BuildArguments, "--no-restore"]);
        Assert.True(code == 1 && output.Contains("error INTG005: HiddenSize is 0", StringComparison.Ordinal) && output.Contains("1 Error(s)", StringComparison.Ordinal), output);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// The feed is an additional source, so that the package's own dependencies come from wherever this machine gets packages; what this machine has
    /// already is not fetched again.
    /// </summary>
    private string[] BuildArguments =>
    [
        "build", "-nodeReuse:false", "-p:UseSharedCompilation=false",
        $"-p:RestoreAdditionalProjectSources={Feed}", $"-p:RestorePackagesPath={Path.Combine(_folder, "packages")}", $"-p:RestoreFallbackFolders={GlobalPackages}",
    ];

    private static string GlobalPackages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private async Task PackAsync()
    {
        // Built already: this project references it, in this configuration.
        var configuration = typeof(PackageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Configuration").Value!;
        var project = Path.Combine(Repository.Root, "src", "Intaglio", "Intaglio.csproj");
        var (code, output) = await DotNetAsync(Repository.Root, "pack", project, "--no-build", "-c", configuration, "-o", Feed, $"-p:Version={_version}", "-nodeReuse:false");
        Assert.True(code == 0, output);
    }

    private void AssertContents()
    {
        using var package = ZipFile.OpenRead(Path.Combine(Feed, $"Intaglio.{_version}.nupkg"));
        var files = package.Entries.Select(entry => entry.FullName).ToHashSet();

        Assert.Superset(
            new HashSet<string> { "lib/net10.0/Intaglio.dll", "lib/net10.0/Intaglio.xml", "analyzers/dotnet/cs/Intaglio.Generators.dll", "build/Intaglio.props", "buildTransitive/Intaglio.props" },
            files);
        Assert.Single(files, file => file.StartsWith("analyzers/", StringComparison.Ordinal));
        Assert.Single(files, file => file.EndsWith(".dll", StringComparison.Ordinal) && file.StartsWith("lib/", StringComparison.Ordinal));
        Assert.All(new[] { "README.md", "LICENSE" }, file => Assert.Equal(File.Exists(Path.Combine(Repository.Root, file)), files.Contains(file)));
    }

    /// <summary>Emitted files are not on disk: their text has to be in the symbols, where debuggers look for it.</summary>
    private static void AssertDebuggersFindEmittedFiles(string symbols)
    {
        var embeddedSource = new Guid("0E8A571B-6926-466E-B4AD-8AB04611F5FE");
        using var file = File.OpenRead(symbols);
        using var provider = MetadataReaderProvider.FromPortablePdbStream(file);
        var reader = provider.GetMetadataReader();
        var emitted = reader.Documents.Where(handle => reader.GetString(reader.GetDocument(handle).Name).Contains("ModelGenerator", StringComparison.Ordinal)).ToList();

        // Of a model that only generates: the surface, parameters, arena, shapes, fusions, kernels and inference.
        Assert.Equal(7, emitted.Count);
        Assert.All(emitted, handle => Assert.Contains(reader.GetCustomDebugInformation(handle), information => reader.GetGuid(reader.GetCustomDebugInformation(information).Kind) == embeddedSource));
    }

    private static async Task<(int Code, string Output)> DotNetAsync(string folder, params string[] arguments)
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

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
