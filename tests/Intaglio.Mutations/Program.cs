using System.Diagnostics;
using Intaglio.Mutations;

// Flips one sign or constant at a time in a copy of the repository, and shows that a test fails each time. By hand, since it takes a quarter of an hour:
//     dotnet run -c Release --project tests/Intaglio.Mutations [first mutant]
var first = args.Length > 0 && int.TryParse(args[0], out var number) ? number : 1;
var root = Root();
var copy = Directory.CreateTempSubdirectory("intaglio-mutants-").FullName;
try
{
    CopySources(root, copy);
    var baseline = Mutants.All.Skip(first - 1).Select(mutant => mutant.Tests).Distinct().FirstOrDefault(tests => Fails(copy, tests));
    if (baseline is not null)
    {
        Console.Error.WriteLine($"{baseline.Project} fails before anything is mutated.");
        return 2;
    }

    var survivors = 0;
    for (var index = first - 1; index < Mutants.All.Count; index++)
    {
        var mutant = Mutants.All[index];
        var isKilled = IsKilled(copy, mutant);
        survivors += isKilled ? 0 : 1;
        Console.WriteLine($"{index + 1,2} {(isKilled ? "killed  " : "SURVIVED")} {mutant.File}: {mutant.Original.ReplaceLineEndings(" ")} -> {mutant.Mutated.ReplaceLineEndings(" ")}");
    }

    Console.WriteLine($"{Mutants.All.Count - first + 1 - survivors} killed, {survivors} survived");
    return survivors == 0 ? 0 : 1;
}
finally
{
    Directory.Delete(copy, recursive: true);
}

static bool IsKilled(string copy, Mutant mutant)
{
    var path = Path.Combine(copy, mutant.File);
    var source = File.ReadAllText(path);
    if (source.Split(mutant.Original).Length != 2)
        throw new InvalidOperationException($"{mutant.File} does not have exactly one '{mutant.Original}'.");

    File.WriteAllText(path, source.Replace(mutant.Original, mutant.Mutated, StringComparison.Ordinal));
    try
    {
        return Fails(copy, mutant.Tests);
    }
    finally
    {
        File.WriteAllText(path, source);
    }
}

// A mutant that does not compile would be no evidence: the build has to succeed, and then a test has to fail.
static bool Fails(string copy, TestRun tests)
{
    if (Run(copy, "build", tests.Project, "-c", "Release", "-v", "q") is not 0)
        throw new InvalidOperationException($"{tests.Project} does not build.");

    return Run(copy, "test", tests.Project, "-c", "Release", "--no-build", "--filter", tests.Filter) is not 0;
}

static int Run(string directory, params string[] arguments)
{
    using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true })!;
    process.ErrorDataReceived += static (_, _) => { };
    process.BeginErrorReadLine();
    process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return process.ExitCode;
}

static void CopySources(string root, string copy)
{
    foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
    {
        var relative = Path.GetRelativePath(root, file);
        if (relative.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or ".git" or "runs" or "artifacts"))
            continue;

        var target = Path.Combine(copy, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(file, target);
    }
}

static string Root()
{
    for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
    {
        if (File.Exists(Path.Combine(directory.FullName, "Dsl.sln")))
            return directory.FullName;
    }

    throw new InvalidOperationException("Dsl.sln is nowhere above the program.");
}
