using System.Diagnostics;
using System.Globalization;

namespace Intaglio.Crashes;

/// <summary>This program in a process of its own.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts it.</summary>
    /// <param name="command">What it does.</param>
    /// <param name="shell">Commands of a shell that come first and hold for it too, such as limits.</param>
    public Child(TrainCommand command, string? shell = null)
    {
        // The host that runs the tests need not be dotnet itself.
        string[] line = [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", typeof(Child).Assembly.Location, .. command.Arguments];
        _process = Process.Start(shell is null
            ? new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true }
            : new ProcessStartInfo("bash", ["-c", $"{shell}; exec \"$@\"", "bash", .. line]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    /// <summary>The last step of which it said that a checkpoint stands; 0 before.</summary>
    public long Saved { get; private set; }

    /// <summary>Reads what it says until it has begun.</summary>
    /// <returns>The step after which it goes on; null where it ended instead.</returns>
    public long? WaitForBeginning() => WaitFor(TrainCommand.Begins, 0);

    /// <summary>Reads what it says until a step is made.</summary>
    /// <returns>The step; null where it ended instead.</returns>
    public long? WaitForStep(long step) => WaitFor(TrainCommand.Made, step);

    /// <summary>Reads what it says until it has noticed that it is to end, without ending.</summary>
    public void WaitForInterruption() => WaitFor(TrainCommand.Interrupted, 0);

    /// <summary>Ends it as a power cut does.</summary>
    public void Kill()
    {
        _process.Kill();
        Finish();
    }

    /// <summary>Sends it a signal.</summary>
    /// <param name="signal">Its name without SIG.</param>
    public void Send(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code, and what it said of faults.</returns>
    public (int ExitCode, string Error) Finish()
    {
        WaitFor("nothing that it says", 0);
        var error = _process.StandardError.ReadToEnd();
        _process.WaitForExit();
        return (_process.ExitCode, error.Trim());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private long? WaitFor(string what, long least)
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            var at = line.LastIndexOf(' ');
            var (word, step) = (line[..at], long.Parse(line.AsSpan(at + 1), CultureInfo.InvariantCulture));
            if (word == TrainCommand.Saved)
                Saved = step;
            if (word == what && step >= least)
                return step;
        }

        return null;
    }
}
