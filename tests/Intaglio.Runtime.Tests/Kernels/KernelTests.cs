using Intaglio.Numerics;
using Xunit;
using Xunit.Abstractions;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>Every algorithm on every target against plain loops in double precision.</summary>
public sealed class KernelTests(Targets targets, ITestOutputHelper output) : IClassFixture<Targets>
{
    private static readonly KernelCase[] Cases =
    [
        .. MatMulCases.All,
        .. NormCases.All,
        .. EmbeddingCases.All,
        .. RowCases.All,
        .. SequenceCases.All,
        .. RelativeBiasCases.All,
        .. AttentionCases.All,
        .. HeadCases.All,
        .. OptimizerCases.All,
    ];

    public static TheoryData<string, string> TargetsAndCases()
    {
        var data = new TheoryData<string, string>();
        foreach (var target in Targets.Names)
        {
            foreach (var one in Cases)
                data.Add(target, one.Name);
        }

        return data;
    }

    [SkippableTheory]
    [MemberData(nameof(TargetsAndCases))]
    public void Results_are_those_of_the_reference(string target, string name)
    {
        var one = Cases.Single(candidate => candidate.Name == name);
        var error = one.Error(targets.Open(target));
        output.WriteLine($"{target}, {name}: largest error {error:0.0e+0}, tolerance {one.Tolerance:0.0e+0}");
        Assert.True(error <= one.Tolerance, $"largest error {error:0.0e+0} > {one.Tolerance:0.0e+0}");
    }

    [Fact]
    public void Every_launch_has_a_case()
    {
        using var device = new Watched(Device.Cpu());
        foreach (var one in Cases)
            one.Error(device);

        Assert.Empty(typeof(ITarget).GetMethods().Select(method => method.Name).Except(device.Launched()));
    }

    /// <summary>A device whose executions are remembered.</summary>
    private sealed class Watched(Device device) : Device
    {
        private readonly List<Execution> _executions = [];

        public override string Id => device.Id;

        public override string Name => device.Name;

        public override long WorkspaceBytes => device.WorkspaceBytes;

        public IEnumerable<string> Launched() => _executions.SelectMany(execution => execution.LaunchCounts).Where(count => count.Value > 0).Select(count => count.Key);

        public override DeviceBuffer Allocate(long bytes) => device.Allocate(bytes);

        public override Execution CreateExecution(Type kernels)
        {
            var execution = device.CreateExecution(kernels);
            _executions.Add(execution);
            return execution;
        }

        public override void Dispose() => device.Dispose();
    }
}
