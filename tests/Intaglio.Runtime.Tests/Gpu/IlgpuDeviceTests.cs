using Intaglio.Numerics;
using Intaglio.Numerics.Gpu;
using Intaglio.Runtime.Tests.Kernels;
using Xunit;

namespace Intaglio.Runtime.Tests.Gpu;

/// <summary>Buffers, kernels and executions of the devices that ILGPU reaches.</summary>
public sealed class IlgpuDeviceTests(Targets targets) : IClassFixture<Targets>
{
    [SkippableTheory]
    [InlineData("opencl:0")]
    [InlineData("simulated")]
    public void Buffers_are_zero_counted_and_checked(string target)
    {
        var device = targets.Open(target);
        var before = device.AllocatedBytes;
        var buffer = device.Allocate(1_000_003);
        Assert.Equal(1_000_003, buffer.Bytes);
        Assert.Equal(before + 1_000_003, device.AllocatedBytes);
        Assert.True(device.PeakBytes >= device.AllocatedBytes);

        var bytes = new byte[1_000_003];
        bytes.AsSpan().Fill(1);
        buffer.Read(bytes.AsSpan());
        Assert.DoesNotContain(bytes, value => value != 0);

        buffer.Write<int>([1, 2, 3], 8);
        var values = new int[4];
        buffer.Read(values.AsSpan(), 4);
        Assert.Equal([0, 1, 2, 3], values);

        buffer.Clear();
        buffer.Read(values.AsSpan(), 4);
        Assert.Equal([0, 0, 0, 0], values);

        Assert.Throws<ArgumentException>(() => buffer.Write<int>([1], 1_000_000));
        Assert.Throws<ArgumentException>(() => buffer.Read(new byte[2].AsSpan(), 1_000_002));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Write<int>([1], -4));

        buffer.Dispose();
        buffer.Dispose();
        Assert.Equal(before, device.AllocatedBytes);
        Assert.Throws<ObjectDisposedException>(() => buffer.Write<int>([1]));
    }

    [SkippableTheory]
    [InlineData("opencl:0")]
    [InlineData("simulated")]
    public void Empty_buffers_are_allowed(string target)
    {
        using var buffer = targets.Open(target).Allocate(0);
        Assert.Equal(0, buffer.Bytes);
        buffer.Write<int>([]);
        buffer.Read(Span<int>.Empty);
        buffer.Clear();
    }

    [SkippableTheory]
    [InlineData("opencl:0")]
    [InlineData("simulated")]
    public void Memory_that_the_device_has_not_is_refused(string target)
    {
        var device = targets.Open(target);
        var before = device.AllocatedBytes;
        Assert.Contains(target, Assert.Throws<DeviceException>(() => device.Allocate(1L << 50)).Message, StringComparison.Ordinal);
        Assert.Equal(before, device.AllocatedBytes);
    }

    [SkippableTheory]
    [InlineData("opencl:0")]
    [InlineData("simulated")]
    public void Execution_takes_the_workspace_that_the_device_states(string target)
    {
        var device = targets.Open(target);
        var before = device.AllocatedBytes;
        using (device.CreateExecution(typeof(TestKernels)))
            Assert.Equal(before + device.WorkspaceBytes, device.AllocatedBytes);
        Assert.Equal(before, device.AllocatedBytes);
    }

    [SkippableTheory]
    [InlineData("opencl:0")]
    [InlineData("simulated")]
    public void Buffers_of_another_device_are_refused(string target)
    {
        using var other = Device.Simulated();
        using var buffer = other.Allocate(16);
        using var execution = targets.Open(target).CreateExecution(typeof(TestKernels));
        Assert.Throws<ArgumentException>(() => execution.Bind(Region.Arena, buffer));
    }

    [SkippableTheory]
    [InlineData("opencl:0")]
    [InlineData("simulated")]
    public void Missing_entry_point_is_named(string target)
    {
        using var bench = new Workbench(targets.Open(target));
        var x = bench.Add(new float[21]);
        var error = Assert.Throws<DeviceException>(() => bench.Run(on => on.Map<MapOf21<AddRow>, AddRow>(x, x, Place.None, x, Place.None, rows: 1)));
        Assert.Contains("MapAddRow", error.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("opencl:0")]
    [InlineData("simulated")]
    public void Kernels_are_compiled_once_and_announced(string target)
    {
        using var device = Device.Parse(targets.Open(target).Id);
        List<string> compiled = [];
        device.KernelCompiling += (_, arguments) => compiled.Add(arguments.Kernel);
        for (var i = 0; i < 2; i++)
        {
            using var bench = new Workbench(device);
            var x = bench.Add(new float[21]);
            bench.Run(on =>
            {
                on.Map<MapOf21<DropoutOnly>, DropoutOnly>(x, x, Place.None, x, Place.None, rows: 1);
                on.SumRows<MapOf21<Identity>>(x, x, rows: 1);
            });
        }

        Assert.Equal(["MapDropoutOnly", "SumRows"], compiled);
    }

    [SkippableTheory]
    [InlineData("opencl:0")]
    [InlineData("simulated")]
    public void Launches_are_counted_by_algorithm(string target)
    {
        using var bench = new Workbench(targets.Open(target));
        var x = bench.Add(new float[21]);
        var gradients = bench.Add<float>(Region.Gradients, new float[21]);
        var execution = bench.Start();
        var action = new Twice(x, gradients);
        execution.Run(ref action);
        Assert.Equal(2, execution.LaunchCounts["SumRows"]);
        Assert.Equal(2, execution.LaunchCounts.Values.Sum());
        Assert.Equal(typeof(ITarget).GetMethods().Select(method => method.Name).Order(StringComparer.Ordinal), execution.LaunchCounts.Keys.Order(StringComparer.Ordinal));
    }

    [SkippableTheory]
    [InlineData("opencl:0")]
    [InlineData("simulated")]
    public void Kernel_that_cannot_be_compiled_is_named(string target)
    {
        // A device of its own: a failed compilation leaves ILGPU's context unusable.
        using var device = Device.Parse(targets.Open(target).Id);
        using var execution = device.CreateExecution(typeof(Uncompilable));
        using var buffer = device.Allocate(84);
        execution.Bind(Region.Arena, buffer);
        var action = new MapOnce();
        var error = Assert.Throws<DeviceException>(() => execution.Run(ref action));
        Assert.Contains("MapDropoutOnly", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.InnerException);
    }

    private readonly struct Twice(Place x, Place sum) : ITargetAction
    {
        public void Invoke<TTarget>(in TTarget on)
            where TTarget : struct, ITarget
        {
            on.SumRows<MapOf21<Identity>>(x, sum, rows: 1);
            on.SumRows<MapOf21<Identity>>(x, sum, rows: 1);
        }
    }

    private readonly struct MapOnce : ITargetAction
    {
        public void Invoke<TTarget>(in TTarget on)
            where TTarget : struct, ITarget => on.Map<MapOf21<DropoutOnly>, DropoutOnly>(Place.None, Place.None, Place.None, Place.None, Place.None, rows: 1);
    }

    private static class Uncompilable
    {
        // Kernels cannot throw.
        private static void MapDropoutOnly(MapArguments at) => throw new InvalidOperationException($"{at.Rows}");
    }
}
