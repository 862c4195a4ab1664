using Intaglio.Numerics;
using Xunit;

namespace Intaglio.Runtime.Tests.Cpu;

public sealed unsafe class CpuDeviceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(9 << 20)]
    public void Memory_is_cleared_aligned_and_counted_with_some_around_it_to_read(int bytes)
    {
        using var device = Device.Cpu(1);
        using (var buffer = (CpuBuffer)device.Allocate(bytes))
        {
            Assert.Equal(0, (nint)buffer.Start % 64);
            Assert.Equal(0, (nint)(buffer.Start - CpuBuffer.Slack) % (bytes >= 4 << 20 ? 2 << 20 : 64));
            Assert.Equal(bytes, buffer.Bytes);
            Assert.Equal(bytes, device.AllocatedBytes);
            Assert.False(new ReadOnlySpan<byte>(buffer.Start - CpuBuffer.Slack, CpuBuffer.Slack + bytes + CpuBuffer.Slack).ContainsAnyExcept((byte)0));
        }

        Assert.Equal(0, device.AllocatedBytes);
        Assert.Equal(bytes, device.PeakBytes);
    }

    [Fact]
    public void Values_are_written_read_and_cleared_where_they_should_be()
    {
        using var device = Device.Cpu(1);
        using var buffer = device.Allocate(16);
        buffer.Write<int>([1, 2], byteOffset: 8);
        var values = new int[4];
        buffer.Read<int>(values);
        Assert.Equal([0, 0, 1, 2], values);
        buffer.Clear();
        buffer.Read<int>(values);
        Assert.Equal([0, 0, 0, 0], values);
    }

    [Fact]
    public void Access_beyond_the_end_is_an_argument_error()
    {
        using var device = Device.Cpu(1);
        using var buffer = device.Allocate(16);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Write<int>([1, 2], byteOffset: 12));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Read<int>(new int[5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Read<int>(new int[1], byteOffset: -4));
    }

    [Fact]
    public void A_disposed_buffer_says_so()
    {
        using var device = Device.Cpu(1);
        var buffer = device.Allocate(16);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Clear());
        Assert.Equal(0, device.AllocatedBytes);
    }

    [Fact]
    public void Memory_that_does_not_exist_is_a_device_error()
    {
        using var device = Device.Cpu(1);
        var error = Assert.Throws<DeviceException>(() => device.Allocate(1L << 50));
        Assert.Contains("cpu", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, device.AllocatedBytes);
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Allocate(-1));
    }

    [Fact]
    public void An_execution_takes_the_workspace_that_the_device_announces()
    {
        using var device = Device.Cpu(3);
        using (device.CreateExecution(typeof(CpuDeviceTests)))
            Assert.Equal(device.WorkspaceBytes, device.AllocatedBytes);
        Assert.Equal(0, device.AllocatedBytes);
    }

    [Fact]
    public void Another_devices_buffer_is_not_bound()
    {
        using var device = Device.Cpu(1);
        using var other = Device.Cpu(1);
        using var buffer = other.Allocate(16);
        using var execution = device.CreateExecution(typeof(CpuDeviceTests));
        Assert.Throws<ArgumentException>(() => execution.Bind(Region.Arena, buffer));
    }

    [Fact]
    public void A_region_without_a_buffer_is_named()
    {
        using var device = Device.Cpu(1);
        using var execution = device.CreateExecution(typeof(CpuDeviceTests));
        Assert.Contains("Gradients", Assert.Throws<InvalidOperationException>(() => execution.SumOfSquares(Region.Gradients, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_are_not_negative() => Assert.Throws<ArgumentOutOfRangeException>(() => Device.Cpu(-1));
}
