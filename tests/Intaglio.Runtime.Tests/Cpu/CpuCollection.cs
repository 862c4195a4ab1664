using Xunit;

namespace Intaglio.Runtime.Tests.Cpu;

/// <summary>Tests whose shapes are static variables run one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class CpuCollection
{
    public const string Name = "Cpu";
}
