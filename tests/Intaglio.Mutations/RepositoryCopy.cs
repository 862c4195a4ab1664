using System.Diagnostics;

namespace Intaglio.Mutations;

/// <summary>A copy of the repository in which mistakes do no harm.</summary>
internal sealed class RepositoryCopy : IDisposable
{
    private static readonly string[] NotCopied = ["bin", "obj", ".git", "runs", "artifacts"];

    // Tests look for data beside the repository.
    private const string SharedName = "shared";

    private readonly string _parent = Directory.CreateTempSubdirectory("intaglio-mutants-").FullName;
    private readonly string _path;

    /// <summary>What the last command printed.</summary>
    public string Output { get; private set; } = "";

    public RepositoryCopy()
    {
        var root = Root();
        _path = Path.Combine(_parent, "repository");
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(root, file);
            if (relative.Split(Path.DirectorySeparatorChar).Any(NotCopied.Contains))
                continue;

            var target = Path.Combine(_path, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        var shared = Path.Combine(Path.GetDirectoryName(root)!, SharedName);
        if (Directory.Exists(shared))
            Directory.CreateSymbolicLink(Path.Combine(_parent, SharedName), shared);
    }

    /// <summary>What tests say once the mistake is made.</summary>
    public Outcome Try(Mutant mutant)
    {
        var path = Path.Combine(_path, mutant.File);
        var source = File.ReadAllText(path);
        File.WriteAllText(path, source.Replace(mutant.Original, mutant.Mutated, StringComparison.Ordinal));
        try
        {
            return Run(mutant.Tests);
        }
        finally
        {
            File.WriteAllText(path, source);
        }
    }

    /// <summary>What tests say of the copy as it is.</summary>
    public Outcome Run(TestRun tests)
    {
        if (Run("build", tests.Project, "-c", "Release", "-v", "q") is not 0)
            return Outcome.DoesNotBuild;

        return Run("test", tests.Project, "-c", "Release", "--no-build", "--filter", tests.Filter) is 0 ? Outcome.Survived : Outcome.Killed;
    }

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    private int Run(params string[] arguments)
    {
        // Tests that skip elsewhere fail in CI, so that none is taken for one that noticed nothing.
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = _path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["CI"] = "true" },
        })!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        Output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>The repository that this was built from.</summary>
    public static string Root()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Dsl.sln")))
                return directory.FullName;
        }

        throw new InvalidOperationException("Dsl.sln is nowhere above the program.");
    }
}
