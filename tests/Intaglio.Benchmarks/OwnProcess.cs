using System.Diagnostics;

namespace Intaglio.Benchmarks;

/// <summary>This program in a process of its own: for what only a process that has done nothing yet can show, and for what is to disturb this one.</summary>
internal static class OwnProcess
{
    /// <returns>Its exit code, and what it printed.</returns>
    public static (int ExitCode, string Output) Run(params string[] arguments) => Run(new ProcessStartInfo(), arguments);

    /// <param name="settings">Of the process, but for its program and arguments.</param>
    /// <param name="arguments">The program's.</param>
    /// <returns>Its exit code, and what it printed.</returns>
    public static (int ExitCode, string Output) Run(ProcessStartInfo settings, params string[] arguments)
    {
        using var process = Start(settings, arguments);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    /// <summary>Starts it; what it prints is the caller's to read.</summary>
    /// <param name="settings">Of the process, but for its program and arguments.</param>
    /// <param name="arguments">The program's.</param>
    public static Process Start(ProcessStartInfo settings, params string[] arguments)
    {
        // The host that runs this need not be dotnet itself: tests have their own.
        settings.FileName = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        settings.RedirectStandardOutput = true;
        foreach (var argument in (string[])[typeof(OwnProcess).Assembly.Location, .. arguments])
            settings.ArgumentList.Add(argument);
        return Process.Start(settings)!;
    }
}
