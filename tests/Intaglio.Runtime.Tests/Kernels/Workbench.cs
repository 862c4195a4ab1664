using System.Runtime.InteropServices;
using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>Operands of one case: laid out on the host, copied to a device, worked on there, and read back.</summary>
internal sealed class Workbench(Device device) : IDisposable
{
    private readonly Dictionary<Region, List<byte>> _images = [];
    private readonly Dictionary<Region, DeviceBuffer> _buffers = [];
    private readonly Random _random = new(20240607);
    private Execution? _execution;

    /// <summary>What dropout draws in every case.</summary>
    public static RandomStep Step { get; } = new(Seed: 7, Step: 3, IsTraining: true);

    /// <summary>Normally distributed values.</summary>
    public float[] Normal(int count, float scale = 1)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = scale * (float)(Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()));
        return values;
    }

    /// <summary>Normally distributed values that the format stores exactly, so that references need not know it.</summary>
    public float[] Normal<TWeight>(int count, float scale = 1)
        where TWeight : struct, IStorage
    {
        var values = Normal(count, scale);
        return TWeight.Format == NumberFormat.BF16 ? Array.ConvertAll(values, value => BFloat16.Widen(BFloat16.Narrow(value))) : values;
    }

    /// <summary>Integers below <paramref name="limit"/>.</summary>
    public int[] Integers(int count, int limit)
    {
        var values = new int[count];
        for (var i = 0; i < count; i++)
            values[i] = _random.Next(limit);
        return values;
    }

    /// <summary>An operand in the arena.</summary>
    public Place Add(float[] values) => Add(Region.Arena, values.AsSpan());

    /// <summary>An operand of the batch.</summary>
    public Place Add(int[] values) => Add(Region.Batch, values.AsSpan());

    /// <summary>Room for a result, filled with what no case expects.</summary>
    public Place Result(int count) => Add(Enumerable.Repeat(float.NaN, count).ToArray());

    /// <summary>Room for a result beside the batch's integers.</summary>
    public Place BatchResult(int count) => Add(Region.Batch, Enumerable.Repeat(float.NaN, count).ToArray().AsSpan());

    /// <summary>A parameter in its format.</summary>
    public Place AddWeight<TWeight>(float[] values)
        where TWeight : struct, IStorage =>
        TWeight.Format == NumberFormat.BF16 ? Add(Region.Weights, Array.ConvertAll(values, BFloat16.Narrow).AsSpan()) : Add(Region.Weights, values.AsSpan());

    /// <summary>An operand at the next multiple of 64 bytes, as memory plans lay them out.</summary>
    public Place Add<T>(Region region, Span<T> values)
        where T : unmanaged
    {
        if (!_images.TryGetValue(region, out var image))
            _images.Add(region, image = []);

        var place = new Place(region, image.Count);
        image.AddRange(MemoryMarshal.AsBytes(values));
        image.AddRange(new byte[-image.Count & 63]);
        return place;
    }

    /// <summary>Runs launches with the operands added so far.</summary>
    public Workbench Run(Action<ITarget> launches, RandomStep? random = null)
    {
        var action = new Launches(launches);
        Start(random).Run(ref action);
        return this;
    }

    /// <summary>Copies the operands to the device.</summary>
    public Execution Start(RandomStep? random = null)
    {
        _execution = device.CreateExecution(typeof(TestKernels));
        _execution.Random = random ?? Step;
        foreach (var (region, image) in _images)
        {
            var buffer = device.Allocate(image.Count);
            buffer.Write<byte>(CollectionsMarshal.AsSpan(image));
            _execution.Bind(region, buffer);
            _buffers.Add(region, buffer);
        }

        return _execution;
    }

    /// <summary>Reads a result.</summary>
    public float[] Read(Place place, int count)
    {
        var values = new float[count];
        _buffers[place.Region].Read(values.AsSpan(), place.Offset);
        return values;
    }

    public void Dispose()
    {
        _execution?.Dispose();
        foreach (var buffer in _buffers.Values)
            buffer.Dispose();
    }

    private readonly struct Launches(Action<ITarget> body) : ITargetAction
    {
        public void Invoke<TTarget>(in TTarget on)
            where TTarget : struct, ITarget => body(on);
    }
}
