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
        Assert.Contains(list, device => device.Id.StartsWith("cuda", StringComparison.Ordinal));
        Assert.Contains(list, device => device.Id.StartsWith("opencl", StringComparison.Ordinal));
        Assert.All(list, device => Assert.Equal(device.IsUsable, device.Reason is null));
        Assert.All(list, device => Assert.NotEmpty(device.Name));
    }

    [Fact]
    public void Every_usable_device_opens_by_the_name_that_the_list_gives_it() =>
        Assert.All(Device.List().Where(device => device.IsUsable), listed =>
        {
            using var device = Device.Parse(listed.Id);
            Assert.Equal(listed.Id, device.Id);
        });

    [Fact]
    public void Every_kind_of_device_is_a_target_of_the_kernel_theory()
    {
        static IEnumerable<string> Kinds(IEnumerable<string> devices) => devices.Select(device => device.Split(':')[0]).Distinct();

        // What CUDA would launch is compiled and read in tests of its own.
        Assert.Equal(Kinds(Device.List().Select(device => device.Id)).Except(["cuda"]).Order(), Kinds(Targets.Names).Order());
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
    [InlineData("cuda:")]
    [InlineData("cuda:first")]
    public void Text_that_names_no_device_is_refused(string text)
    {
        var error = Assert.Throws<DeviceException>(() => Device.Parse(text));
        Assert.Contains($"'{text}' is not a device", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cuda", "cuda:0")]
    [InlineData("cuda:7", "cuda:7")]
    public void Cuda_without_a_driver_says_so(string text, string id)
    {
        if (Device.List().Any(device => device is { Id: "cuda:0", IsUsable: true }))
        {
            // Where there is a driver, the list has its devices, and one past the last is refused by its name.
            Assert.Contains("cuda:99", Assert.Throws<DeviceException>(() => Device.Parse("cuda:99")).Message, StringComparison.Ordinal);
            return;
        }

        var error = Assert.Throws<DeviceException>(() => Device.Parse(text));
        Assert.StartsWith($"{id} cannot be used: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(Device.List().Single(device => device.Id == "cuda").Reason!, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_text_is_an_argument_error() => Assert.Throws<ArgumentNullException>(() => Device.Parse(null!));
}
