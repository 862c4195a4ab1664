using System.CommandLine;
using System.Diagnostics;

namespace Intaglio.Benchmarks;

/// <summary>A process that keeps one core busy until it is disposed of. It ends when its standard input does, and so outlives nobody who started it.</summary>
internal sealed class BusyProcess : IDisposable
{
    private const string Name = "busy-core";
    private const string Ready = "busy";

    private readonly Process _process = OwnProcess.Start(new() { RedirectStandardInput = true }, Name);

    /// <summary>Returns once it spins.</summary>
    public BusyProcess()
    {
        if (_process.StandardOutput.ReadLine() == Ready)
            return;

        Dispose();
        throw new InvalidOperationException($"'{Name}' ended before it was busy.");
    }

    /// <summary>What the process runs.</summary>
    public static Command Command
    {
        get
        {
            var command = new Command(Name, "Keeps one core busy until the standard input ends.") { Hidden = true };
            command.SetAction(_ => SpinUntilInputEnds());
            return command;
        }
    }

    /// <summary>The process's number.</summary>
    public int Id => _process.Id;

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static void SpinUntilInputEnds()
    {
        // A thread in the background does not keep the process.
        var spins = new ManualResetEventSlim();
        new Thread(() => Spin(spins)) { IsBackground = true }.Start();
        spins.Wait();
        Console.WriteLine(Ready);
        Console.In.ReadToEnd();
    }

    private static void Spin(ManualResetEventSlim spins)
    {
        spins.Set();
        while (true)
        {
        }
    }
}
