using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace Intaglio.Generators.Tests;

/// <summary>Packages alone are enough: a project outside of the repository that references them compiles without a warning and runs.</summary>
public sealed partial class PackageTests(PackageFeed feed) : IClassFixture<PackageFeed>
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
            <PackageReference Include="Intaglio" />
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

    [Fact]
    public async Task Project_with_nothing_but_the_package_builds_without_warnings_and_runs()
    {
        AssertContents("Intaglio", "analyzers/dotnet/cs/Intaglio.CodeFixes.dll", "analyzers/dotnet/cs/Intaglio.Generators.dll", "build/Intaglio.props", "build/Intaglio.targets", "buildTransitive/Intaglio.props", "buildTransitive/Intaglio.targets", "tools/netstandard2.0/Intaglio.Build.dll", "README.md");
        var user = await feed.CreateProjectAsync("User", ProjectFile, Program);

        var (code, output) = await PackageFeed.DotNetAsync(user, feed.BuildArguments);
        Assert.True(code == 0 && output.Contains("0 Warning(s)", StringComparison.Ordinal), output);

        (code, output) = await PackageFeed.DotNetAsync(user, Path.Combine("bin", "Debug", "net10.0", "User.dll"));
        Assert.True(code == 0, output);
        Assert.Equal("Story has 2 layers, BF16\nNext token is one of 256: True", output.ReplaceLineEndings("\n").Trim());

        // The analyzer of the package speaks too, and alone.
        await File.WriteAllTextAsync(Path.Combine(user, "Program.cs"), Program.Replace("HiddenSize = 64", "HiddenSize = 0", StringComparison.Ordinal));
        (code, output) = await PackageFeed.DotNetAsync(user, [.. feed.BuildArguments, "--no-restore"]);
        Assert.True(code == 1 && output.Contains("error INTG005: HiddenSize is 0", StringComparison.Ordinal) && output.Contains("1 Error(s)", StringComparison.Ordinal), output);

        // So do its code fixes: what an editor offers, a command applies.
        await File.WriteAllTextAsync(Path.Combine(user, "Program.cs"), Program.Replace("HiddenSize = 64", "HiddenSize = 64, VocabularySize = 2000", StringComparison.Ordinal));
        (code, output) = await PackageFeed.DotNetAsync(user, "format", "analyzers", "--diagnostics", "INTG040", "--severity", "info", "--no-restore");
        Assert.True(code == 0, output);
        Assert.Contains("[Transformer(HiddenSize = 64, VocabularySize = 2048)]", await File.ReadAllTextAsync(Path.Combine(user, "Program.cs")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Checkpoint_among_the_additional_files_is_checked_by_the_build_and_by_the_editor_s()
    {
        const string Declaration = "using Intaglio; using var model = Story.Create(Device.Cpu(threads: 1)); [Architecture(\"model/config.json\")] sealed partial class Story;";
        var user = await feed.CreateProjectAsync("Checked", ProjectFile.Replace("</ItemGroup>", "<AdditionalFiles Include=\"model/*\" /></ItemGroup>", StringComparison.Ordinal), Declaration);
        var weights = Path.Combine(Directory.CreateDirectory(Path.Combine(user, "model")).FullName, "model.safetensors");
        await File.WriteAllTextAsync(Path.Combine(user, "model", "config.json"), """{"model_type": "gpt2", "vocab_size": 8, "n_positions": 4, "n_embd": 4, "n_head": 1, "n_layer": 1}""");
        await WriteCheckpointAsync(weights, width: 4);

        var (code, output) = await PackageFeed.DotNetAsync(user, feed.BuildArguments);
        Assert.True(code == 0 && output.Contains("0 Warning(s)", StringComparison.Ordinal), output);
        var index = Assert.Single(Directory.GetFiles(Path.Combine(user, "obj", "Debug", "net10.0", "intaglio")));
        var written = File.GetLastWriteTimeUtc(index);

        // An editor asks for the compiler's arguments alone, whether or not there is something to compile. It gets the text in the checkpoint's place, and nothing is written that has not changed.
        (code, output) = await PackageFeed.DotNetAsync(user, "msbuild", "-nodeReuse:false", "-t:Compile", "-p:DesignTimeBuild=true", "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true", "-p:NonExistentFile=none/none", "-getItem:CscCommandLineArgs");
        Assert.True(code == 0 && output.Contains($"/additionalfile:{Path.GetRelativePath(user, index)}\"", StringComparison.Ordinal) && !output.Contains("model.safetensors\"", StringComparison.Ordinal), output);
        Assert.Equal(written, File.GetLastWriteTimeUtc(index));

        // Another one, which may be older than the last build.
        await WriteCheckpointAsync(weights, width: 5);
        File.SetLastWriteTimeUtc(weights, new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        (code, output) = await PackageFeed.DotNetAsync(user, [.. feed.BuildArguments, "--no-restore"]);
        Assert.True(code == 1 && output.Contains("error INTG063: ", StringComparison.Ordinal) && output.Contains("transformer.wte.weight is [8, 5]; the model has [8, 4]", StringComparison.Ordinal), output);
    }

    /// <summary>
    /// The compiler has no workspaces, so that its own part must not need them (RS1038); and an assembly of ours that the other needed would be looked for in vain
    /// where a host loads them apart.
    /// </summary>
    [Fact]
    public void Analyzer_and_code_fixes_need_nothing_that_their_host_has_not()
    {
        Assert.DoesNotContain(References(typeof(ModelAnalyzer)), name => name.Contains("Workspaces", StringComparison.Ordinal) || name.StartsWith("Intaglio", StringComparison.Ordinal));
        Assert.All(References(typeof(CodeFixes.ModelFixProvider)), name => Assert.True(name == "netstandard" || name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) || name.StartsWith("System.", StringComparison.Ordinal), name));

        static IEnumerable<string> References(Type type) => type.Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);
    }

    [Fact]
    public async Task Test_project_of_the_documentation_fails_until_its_snapshots_are_accepted()
    {
        AssertContents("Intaglio.Testing", "build/Intaglio.Testing.props", "build/Intaglio.Testing.targets", "buildTransitive/Intaglio.Testing.props", "buildTransitive/Intaglio.Testing.targets", "testing.md");
        var documentation = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "testing.md"));
        var tests = await feed.CreateProjectAsync("Tests", Block(documentation, "xml"), Block(documentation, "csharp"));

        // As a build server builds it, which would rather write other paths than the real ones.
        string[] build = [.. feed.BuildArguments, "-p:ContinuousIntegrationBuild=true", "-warnaserror"];
        var (code, output) = await PackageFeed.DotNetAsync(tests, build);
        Assert.True(code == 0 && output.Contains("0 Warning(s)", StringComparison.Ordinal), output);

        (code, output) = await PackageFeed.DotNetAsync(tests, "test", "--no-build");
        Assert.True(code == 1 && Totals().Match(output).Value == "Failed:     1, Passed:     2", output);
        Assert.Contains("Nothing is accepted yet for", output, StringComparison.Ordinal);

        // Code that is accepted is not compiled a second time.
        var received = Directory.GetFiles(tests, "Program.Generated_code_is_as_reviewed#Storyteller.*received.cs");
        Assert.Contains(received, file => file.EndsWith("#Storyteller.Backward.g.received.cs", StringComparison.Ordinal));
        foreach (var file in received)
            File.Move(file, file.Replace(".received.", ".verified.", StringComparison.Ordinal));
        (code, output) = await PackageFeed.DotNetAsync(tests, [.. build, "--no-restore"]);
        Assert.True(code == 0, output);
        (code, output) = await PackageFeed.DotNetAsync(tests, "test", "--no-build");
        Assert.True(code == 0 && Totals().Match(output).Value == "Failed:     0, Passed:     3", output);
    }

    // One layer of GPT-2.
    private static async Task WriteCheckpointAsync(string path, int width)
    {
        var (header, end) = (new JsonObject(), 0);
        Add("wte.weight", 8, width);
        Add("wpe.weight", 4, width);
        foreach (var norm in new[] { "h.0.ln_1", "h.0.ln_2", "ln_f" })
            AddPair(norm, width);
        AddPair("h.0.attn.c_attn", width, 3 * width);
        AddPair("h.0.attn.c_proj", width, width);
        AddPair("h.0.mlp.c_fc", width, 4 * width);
        AddPair("h.0.mlp.c_proj", 4 * width, width);

        var json = Encoding.UTF8.GetBytes(header.ToJsonString());
        await File.WriteAllBytesAsync(path, [.. BitConverter.GetBytes((ulong)json.Length), .. json, .. new byte[end]]);

        void AddPair(string name, params int[] shape)
        {
            Add($"{name}.weight", shape);
            Add($"{name}.bias", shape[^1]);
        }

        void Add(string name, params int[] shape)
        {
            var start = end;
            end += sizeof(float) * shape.Aggregate(1, (count, side) => count * side);
            header.Add($"transformer.{name}", new JsonObject { ["dtype"] = "F32", ["shape"] = new JsonArray([.. shape.Select(side => (JsonNode?)side)]), ["data_offsets"] = new JsonArray(start, end) });
        }
    }

    private void AssertContents(string name, params string[] others)
    {
        using var package = ZipFile.OpenRead(Path.Combine(feed.Folder, $"{name}.{feed.Version}.nupkg"));
        var files = package.Entries.Select(entry => entry.FullName).ToHashSet();

        Assert.Superset(new HashSet<string> { $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml", "LICENSE" }, files);
        Assert.Superset(others.ToHashSet(), files);
        Assert.Equal(others.Where(file => file.StartsWith("analyzers/", StringComparison.Ordinal)), files.Where(file => file.StartsWith("analyzers/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Single(files, file => file.EndsWith(".dll", StringComparison.Ordinal) && file.StartsWith("lib/", StringComparison.Ordinal));
    }

    // The first one of its language.
    private static string Block(string markdown, string language) => Regex.Match(markdown, $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    [GeneratedRegex(@"Failed: +\d+, Passed: +\d+")]
    private static partial Regex Totals();
}
