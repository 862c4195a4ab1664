using System.Diagnostics;
using Xunit;

namespace Intaglio.Benchmarks.Tests;

/// <summary>That the process which is to disturb does, and ends.</summary>
public sealed class BusyProcessTests
{
    [Fact]
    public void Process_is_busy_until_it_is_disposed_of()
    {
        var busy = new BusyProcess();
        var id = busy.Id;
        try
        {
            // More than its start takes: it goes on.
            var started = ProcessorTime(id);
            Assert.True(SpinWait.SpinUntil(() => ProcessorTime(id) > started + TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(60)));
        }
        finally
        {
            busy.Dispose();
        }

        Assert.Throws<ArgumentException>(() => Process.GetProcessById(id));
    }

    [Fact]
    public void Process_ends_with_its_input_as_when_its_parent_has_died()
    {
        using var process = OwnProcess.Start(new() { RedirectStandardInput = true }, "busy-core");
        Assert.Equal("busy", process.StandardOutput.ReadLine());
        Assert.False(process.HasExited);

        process.StandardInput.Close();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
    }

    private static TimeSpan ProcessorTime(int id)
    {
        using var process = Process.GetProcessById(id);
        return process.TotalProcessorTime;
    }
}
