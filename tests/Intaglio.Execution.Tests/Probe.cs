using System.Diagnostics;
using Intaglio.Generation;
using Xunit;

namespace Intaglio.ExecutionTests;

/// <summary>This assembly as a program: for what can only be asked of a whole process.</summary>
internal static class Probe
{
    /// <summary>Trains, saves, loads and generates on the CPU; prints each assembly that was loaded.</summary>
    public const string Assemblies = "assemblies";

    /// <summary>Makes a step of a model of 500 MB; prints the bytes planned and the bytes by which the process grew.</summary>
    public const string Memory = "memory";

    /// <summary>Prints the time of emitted activations per lane operation.</summary>
    public const string ActivationTimes = "activations";

    /// <summary>Runs the program in a process of its own.</summary>
    /// <returns>The lines that it printed.</returns>
    public static string[] Start(string what)
    {
        // The host that runs the tests need not be dotnet itself.
        using var process = Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(Probe).Assembly.Location, what])
        {
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case [Assemblies]:
                TrainAndGenerate();
                foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
                    Console.WriteLine(assembly.GetName().Name);
                return 0;

            case [Memory]:
                MeasureMemory();
                return 0;

            case [ActivationTimes]:
                ActivationTiming.Print();
                return 0;

            default:
                Console.Error.WriteLine($"Expected {Assemblies}, {Memory} or {ActivationTimes}; the tests start this program.");
                return 2;
        }
    }

    private static void TrainAndGenerate()
    {
        using var device = Device.Cpu();
        var directory = Directory.CreateTempSubdirectory("intaglio-");
        try
        {
            using (var trained = Plain.Create(device))
            {
                using (var trainer = new Trainer<Plain>(trained, new() { BatchSize = 2 }))
                    trainer.Step(Corpora.Learnable(Plain.VocabularySize));
                trained.Save(directory.FullName);
            }

            using var model = Plain.Load(directory.FullName, device);
            using var session = model.OpenSession();
            session.Append([1]);
            session.Next();
            session.Next(default(Greedy));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static void MeasureMemory()
    {
        var before = ResidentBytes();
        using var device = Device.Cpu(threads: 2);
        using var model = Wide.Create(device);
        using var trainer = new Trainer<Wide>(model, new() { BatchSize = 8 });
        trainer.Step(Corpora.Learnable(Wide.VocabularySize));
        Console.WriteLine(trainer.PlannedBytes);
        Console.WriteLine(ResidentBytes() - before);
    }

    private static long ResidentBytes()
    {
        // "VmRSS:      1234 kB"
        var line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024;
    }
}
