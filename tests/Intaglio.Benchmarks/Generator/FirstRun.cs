using System.CommandLine;
using System.Globalization;
using Intaglio.Generators.Tests;

namespace Intaglio.Benchmarks;

/// <summary>The first run of the generator in a process: a command that prints its milliseconds, and the process that runs it.</summary>
internal static class FirstRun
{
    private const string Name = "generator-first-run";

    /// <summary>For <see cref="InProcessOfItsOwn"/>.</summary>
    public static Command Command
    {
        get
        {
            var command = new Command(Name, "Prints the milliseconds of one first run.") { Hidden = true };
            command.SetAction(_ => Console.WriteLine(Measure().ToString("R", CultureInfo.InvariantCulture)));
            return command;
        }
    }

    /// <summary>The milliseconds of a first run.</summary>
    public static double InProcessOfItsOwn()
    {
        var (code, output) = OwnProcess.Run(Name);
        return code == 0
            ? double.Parse(output, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"'{Name}' exited with {code}; expected 0 and a number of milliseconds.");
    }

    private static double Measure()
    {
        // Reading references and binding declarations is the compiler's own work, and comes first in a build too.
        var compilation = Project.Compile(TenModels.Source);
        foreach (var tree in compilation.SyntaxTrees)
            compilation.GetSemanticModel(tree).GetDiagnostics();

        return Clock.Time(() => Project.Driver().RunGenerators(compilation));
    }
}
