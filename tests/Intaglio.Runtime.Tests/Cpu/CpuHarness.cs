using System.Reflection;
using System.Runtime.Intrinsics;
using Intaglio.Numerics;
using Intaglio.Numerics.Cpu;
using Xunit;

namespace Intaglio.Runtime.Tests.Cpu;

/// <summary>A device with every region bound, and arrays put one behind another into it, at places aligned to no more than their elements.</summary>
internal sealed class CpuHarness : IDisposable
{
    private const long RegionBytes = 24 << 20;
    private readonly List<DeviceBuffer> _buffers = [];
    private readonly long[] _used = new long[Enum.GetValues<Region>().Length];

    private readonly bool _ownsDevice;

    public CpuHarness(int threads = 2)
        : this(Device.Cpu(threads)) => _ownsDevice = true;

    public CpuHarness(Device device)
    {
        Device = device;
        Execution = (CpuExecution)Device.CreateExecution(typeof(CpuHarness));
        foreach (var region in Enum.GetValues<Region>())
        {
            _buffers.Add(Device.Allocate(RegionBytes));
            Execution.Bind(region, _buffers[^1]);
        }
    }

    /// <summary>The lanes: all work everywhere, if slowly where they are not the machine's.</summary>
    public static Type[] Lanes => Vector512.IsHardwareAccelerated ? [typeof(F4), typeof(F8), typeof(F16)] : [typeof(F4), typeof(F8)];

    public static Type[] Formats => [typeof(Float32), typeof(BFloat16)];

    public Device Device { get; }

    public CpuExecution Execution { get; }

    /// <summary>Calls a generic method of a test class.</summary>
    public static void Call(object test, string method, Type[] types, params object[] arguments)
        => test.GetType().GetMethod(method, BindingFlags.NonPublic | BindingFlags.Instance)!
            .MakeGenericMethod(types).Invoke(test, BindingFlags.DoNotWrapExceptions, null, arguments, null);

    public static float[] Random(int count, int seed, double scale = 1)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(_ => (float)(scale * ((2 * random.NextDouble()) - 1))).ToArray();
    }

    /// <summary>Random values that a storage format holds exactly.</summary>
    public static float[] RandomWeights<TWeight>(int count, int seed, double scale = 1)
        where TWeight : struct, IStorage
    {
        var values = Random(count, seed, scale);
        return TWeight.Format == NumberFormat.BF16 ? values.Select(value => BFloat16.Widen(BFloat16.Narrow(value))).ToArray() : values;
    }

    public Place Put<T>(T[] values, Region region = Region.Arena)
        where T : unmanaged
    {
        var place = Reserve(values.Length, region);
        _buffers[(int)region].Write<T>(values, place.Offset);
        return place;
    }

    public Place PutWeights<TWeight>(float[] values)
        where TWeight : struct, IStorage
        => TWeight.Format == NumberFormat.BF16 ? Put(values.Select(BFloat16.Narrow).ToArray(), Region.Weights) : Put(values, Region.Weights);

    /// <summary>Room for values of four bytes, filled with what no result should keep.</summary>
    public Place Room(int count, Region region = Region.Arena) => Put(Enumerable.Repeat(float.NaN, count).ToArray(), region);

    public float[] Read(Place place, int count)
    {
        var values = new float[count];
        _buffers[(int)place.Region].Read<float>(values, place.Offset);
        return values;
    }

    public void Zero(Region region) => _buffers[(int)region].Clear();

    /// <summary>Forgets what was put.</summary>
    public void Clear() => Array.Clear(_used);

    public void Dispose()
    {
        Execution.Dispose();
        _buffers.ForEach(buffer => buffer.Dispose());
        if (_ownsDevice)
            Device.Dispose();
    }

    private Place Reserve(int count, Region region)
    {
        var place = new Place(region, _used[(int)region]);
        _used[(int)region] += ((long)count * sizeof(float)) + sizeof(float);
        return place;
    }
}

/// <summary>Comparison of results with double precision.</summary>
internal static class Expect
{
    public static void Close(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var index = 0; index < expected.Length; index++)
        {
            var error = Math.Abs(expected[index] - actual[index]);
            if (!(error <= tolerance))
                Assert.Fail($"{what}: element {index} of {expected.Length} is {actual[index]:R}, expected {expected[index]:R} (error {error:E1}, tolerance {tolerance:E1})");
        }
    }
}
