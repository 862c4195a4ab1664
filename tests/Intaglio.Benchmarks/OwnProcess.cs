using System.Diagnostics;

namespace Intaglio.Benchmarks;

/// <summary>This program in a process of its own: for what only a process that has done nothing yet can show.</summary>
internal static class OwnProcess
{
    /// <returns>Its exit code, and what it printed.</returns>
    public static (int ExitCode, string Output) Run(params string[] arguments)
    {
        // The host that runs this need not be dotnet itself: tests have their own.
        using var process = Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(OwnProcess).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
