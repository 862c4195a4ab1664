using Intaglio.Runtime.Tests.Kernels;
using Xunit;

namespace Intaglio.Runtime.Tests.Gpu;

/// <summary>How devices are found, named and refused.</summary>
public sealed class DiscoveryTests(Targets targets) : IClassFixture<Targets>
{
    [Fact]
    public void Every_device_is_listed_and_unusable_ones_say_why()
    {
        var list = Device.List();
        Assert.Equal("cpu", list[0].Id);
        Assert.Contains(list, device => device is { Id: "simulated", IsUsable: true });
        Assert.Contains(list, device => device is { Id: "cuda", IsUsable: false });
        Assert.Contains(list, device => device.Id.StartsWith("opencl", StringComparison.Ordinal));
        Assert.All(list, device => Assert.Equal(device.IsUsable, device.Reason is null));
        Assert.All(list, device => Assert.NotEmpty(device.Name));
    }

    [SkippableFact]
    public void OpenCl_index_may_be_left_out()
    {
        targets.Open("opencl:0");
        using var device = Device.Parse("opencl");
        Assert.Equal("opencl:0", device.Id);
        Assert.Equal(Device.List().Single(one => one.Id == "opencl:0").Name, device.Name);
    }

    [SkippableFact]
    public void OpenCl_index_past_the_last_is_refused_by_name()
    {
        targets.Open("opencl:0");
        Assert.Contains("opencl:99", Assert.Throws<DeviceException>(() => Device.OpenCl(99)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("CPU")]
    [InlineData("cpu:")]
    [InlineData("cpu:0")]
    [InlineData("cpu:-1")]
    [InlineData("cpu:two")]
    [InlineData("opencl:")]
    [InlineData("opencl:x")]
    [InlineData("opencl:0:1")]
    [InlineData("simulated:0")]
    [InlineData("cuda:0")]
    public void Text_that_names_no_device_is_refused(string text)
    {
        var error = Assert.Throws<DeviceException>(() => Device.Parse(text));
        Assert.Contains(text == "cuda:0" ? "not supported yet" : $"'{text}' is not a device", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_text_is_an_argument_error() => Assert.Throws<ArgumentNullException>(() => Device.Parse(null!));
}
