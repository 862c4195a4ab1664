using System.Runtime.InteropServices;
using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Training;

/// <summary>
/// A device of plain loops in double precision over managed memory: what trainer and sessions are tested on, so that their tests stand on nothing but the
/// definitions of the launches.
/// </summary>
internal sealed class NaiveDevice : Device
{
    public override string Id => "naive";

    public override string Name => "loops";

    public override long WorkspaceBytes => 0;

    /// <summary>Runs whenever a buffer is used: the place for a device that gets lost.</summary>
    public Action Touched { get; set; } = static () => { };

    public override DeviceBuffer Allocate(long bytes)
    {
        CountBytes(bytes);
        return new NaiveBuffer(bytes, () => Touched(), () => CountBytes(-bytes));
    }

    public override Execution CreateExecution(Type kernels) => new NaiveExecution();

    public override void Dispose()
    {
    }
}

internal sealed class NaiveBuffer(long bytes, Action touched, Action released) : DeviceBuffer
{
    private byte[]? _memory = new byte[bytes];

    public byte[] Memory => _memory ?? throw new ObjectDisposedException(nameof(NaiveBuffer));

    public override long Bytes => bytes;

    public override void Write<T>(ReadOnlySpan<T> source, long byteOffset = 0)
    {
        touched();
        MemoryMarshal.AsBytes(source).CopyTo(Memory.AsSpan((int)byteOffset));
    }

    public override void Read<T>(Span<T> destination, long byteOffset = 0)
    {
        touched();
        var target = MemoryMarshal.AsBytes(destination);
        Memory.AsSpan((int)byteOffset, target.Length).CopyTo(target);
    }

    public override void Clear() => Array.Clear(Memory);

    public override void Dispose()
    {
        if (_memory is null)
            return;

        touched();
        released();
        _memory = null;
    }
}

internal sealed class NaiveExecution : Execution
{
    private readonly NaiveBuffer?[] _regions = new NaiveBuffer?[Enum.GetValues<Region>().Length];

    public override IReadOnlyDictionary<string, long> LaunchCounts { get; } = new Dictionary<string, long>();

    public override void Bind(Region region, DeviceBuffer buffer) => _regions[(int)region] = (NaiveBuffer)buffer;

    public override void Run<TAction>(ref TAction action) => action.Invoke(new NaiveTarget(this));

    public override double SumOfSquares(Region region, long count)
    {
        var sum = 0.0;
        foreach (var value in Floats(new(region, 0))[..(int)count])
            sum += (double)value * value;

        return sum;
    }

    public override void AdamW(long start, long count, in AdamWStep step)
    {
        var weights = Floats(new(Region.Weights, 0));
        var gradients = Floats(new(Region.Gradients, 0));
        var first = Floats(new(Region.FirstMoments, 0));
        var second = Floats(new(Region.SecondMoments, 0));
        for (var i = (int)start; i < start + count; i++)
        {
            var g = (double)gradients[i] * step.GradientScale;
            first[i] = (float)((step.Beta1 * first[i]) + ((1 - step.Beta1) * g));
            second[i] = (float)((step.Beta2 * second[i]) + ((1 - step.Beta2) * g * g));
            var update = first[i] / step.Correction1 / (Math.Sqrt(second[i] / step.Correction2) + step.Epsilon);
            weights[i] -= (float)(step.LearningRate * (update + (step.WeightDecay * weights[i])));
        }
    }

    public override void Synchronize()
    {
    }

    public override void Dispose()
    {
    }

    public Span<float> Floats(Place place) => MemoryMarshal.Cast<byte, float>(Bytes(place));

    public Span<int> Integers(Place place) => MemoryMarshal.Cast<byte, int>(Bytes(place));

    private Span<byte> Bytes(Place place) => _regions[(int)place.Region]!.Memory.AsSpan((int)place.Offset);
}
