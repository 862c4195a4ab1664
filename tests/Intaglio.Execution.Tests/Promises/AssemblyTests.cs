using Xunit;
using Xunit.Abstractions;

namespace Intaglio.ExecutionTests;

/// <summary>What a program on the CPU loads.</summary>
public sealed class AssemblyTests(ITestOutputHelper output)
{
    [Fact]
    public void A_program_on_the_cpu_loads_no_ILGPU_assembly()
    {
        var loaded = Probe.Start(Probe.Assemblies);

        output.WriteLine(string.Join(", ", loaded));
        Assert.Contains("Intaglio", loaded);
        Assert.DoesNotContain(loaded, name => name.StartsWith("ILGPU", StringComparison.Ordinal));
    }
}
