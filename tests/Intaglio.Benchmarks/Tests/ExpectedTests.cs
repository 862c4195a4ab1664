using Xunit;

namespace Intaglio.Benchmarks.Tests;

/// <summary>That a kernel which computes something else is found out.</summary>
public sealed class ExpectedTests
{
    [Theory]
    [InlineData(2.0f, null)]
    [InlineData(2.0625f, null)]
    [InlineData(2.125f, "row 3: number 1 is 2.125, not 2")]
    [InlineData(float.NaN, "row 3: number 1 is NaN, not 2")]
    public void What_lies_too_far_off_is_a_fault(float second, string? fault) => Assert.Equal(fault, Expected.Fault("row 3: number", [1, second], [1.0, 2.0], tolerance: 0.0625));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Products_are_found_right_and_a_second_run_of_what_adds_is_not(int kind)
    {
        using var device = (CpuDevice)Device.Cpu(threads: 1);
        using var product = new TrainingProduct(device, (ProductKind)kind, m: 48, n: 40, k: 56).Prepared();
        product.Run();
        Assert.Null(product.Fault());

        product.Run();
        Assert.Equal((ProductKind)kind == ProductKind.WeightGradient, product.Fault() is not null);
    }
}
