using Intaglio.Numerics.Cpu;
using Xunit;

namespace Intaglio.Benchmarks.Tests;

/// <summary>That the peaks' loops do what they are counted for.</summary>
public sealed unsafe class PeakTests
{
    [Fact]
    public void Operations_of_an_item_are_two_for_each_element_of_each_multiply_add()
    {
        var result = 0f;
        var before = CountedLane.MultiplyAdds;
        new MultiplyAddLoop<CountedLane>(&result).Invoke(0, 0);

        Assert.Equal(MultiplyAddLoop<CountedLane>.Operations, 2.0 * CountedLane.Count * (CountedLane.MultiplyAdds - before));
    }

    [Fact]
    public void Bytes_of_an_item_are_read_once_each()
    {
        var memory = new float[2 * StreamLoop<CountedLane>.Floats];
        var results = new float[2];
        fixed (float* start = memory, sums = results)
        {
            new StreamLoop<CountedLane>(start, sums).Invoke(1, 0);

            // Item 1, from its first float to its last.
            var first = (nint)(start + StreamLoop<CountedLane>.Floats);
            Assert.Equal(Enumerable.Range(0, StreamLoop<CountedLane>.Floats / CountedLane.Count).Select(index => first + (index * CountedLane.Count * sizeof(float))), CountedLane.Loaded.Order());
        }
    }

    // c ← 0.999 c + item comes to rest at 1000 · item in each of 12 sums; 65,536 rounds bring it there to within rounding, which 0.1% allows for by far.
    [Fact]
    public void Loop_computes_all_of_its_sums()
    {
        var results = new float[3];
        fixed (float* sums = results)
            new MultiplyAddLoop<F4>(sums).Invoke(2, 0);

        var expected = 12 * F4.Count * 1000 * 2;
        Assert.InRange(results[2], 0.999 * expected, 1.001 * expected);
    }

    [Fact]
    public void Operations_count_every_thread()
    {
        using var one = Device.Cpu(threads: 1);
        using var two = Device.Cpu(threads: 2);
        using var peakOfOne = new Peak(one);
        using var peakOfTwo = new Peak(two);

        Assert.Equal(2 * peakOfOne.Operations, peakOfTwo.Operations);
    }
}
