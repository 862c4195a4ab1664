using Xunit;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>Tests that count what the whole process allocates: no other test runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection : ICollectionFixture<Targets>
{
    /// <summary>What classes name to belong to it.</summary>
    public const string Name = "Alone";
}
