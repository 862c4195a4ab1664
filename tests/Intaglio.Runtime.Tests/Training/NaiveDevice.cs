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

    public override DeviceBuffer Allocate(long bytes)
    {
        CountBytes(bytes);
        return new NaiveBuffer(bytes, () => CountBytes(-bytes));
    }

    public override Execution CreateExecution(Type kernels) => new NaiveExecution();

    public override void Dispose()
    {
    }
}

internal sealed class NaiveBuffer(long bytes, Action released) : DeviceBuffer
{
    private byte[]? _memory = new byte[bytes];

    public byte[] Memory => _memory ?? throw new ObjectDisposedException(nameof(NaiveBuffer));

    public override long Bytes => bytes;

    public override void Write<T>(ReadOnlySpan<T> source, long byteOffset = 0) => MemoryMarshal.AsBytes(source).CopyTo(Memory.AsSpan((int)byteOffset));

    public override void Read<T>(Span<T> destination, long byteOffset = 0)
    {
        var target = MemoryMarshal.AsBytes(destination);
        Memory.AsSpan((int)byteOffset, target.Length).CopyTo(target);
    }

    public override void Clear() => Array.Clear(Memory);

    public override void Dispose()
    {
        if (_memory is not null)
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

/// <summary>A lane of one double.</summary>
internal readonly record struct Number(double Value) : ILane<Number>
{
    public static Number Of(float value) => new(value);

    public static Number operator +(Number x, Number y) => new(x.Value + y.Value);

    public static Number operator -(Number x, Number y) => new(x.Value - y.Value);

    public static Number operator *(Number x, Number y) => new(x.Value * y.Value);

    public static Number operator /(Number x, Number y) => new(x.Value / y.Value);

    public static Number operator -(Number x) => new(-x.Value);

    public static Number MultiplyAdd(Number x, Number y, Number z) => new((x.Value * y.Value) + z.Value);

    public static Number Min(Number x, Number y) => new(Math.Min(x.Value, y.Value));

    public static Number Max(Number x, Number y) => new(Math.Max(x.Value, y.Value));

    public static Number Abs(Number x) => new(Math.Abs(x.Value));

    public static Number Sqrt(Number x) => new(Math.Sqrt(x.Value));

    public static Number Exp(Number x) => new(Math.Exp(x.Value));

    public static Number Log(Number x) => new(Math.Log(x.Value));

    public static Number Tanh(Number x) => new(Math.Tanh(x.Value));

    // Not needed by the models of these tests.
    public static Number Erf(Number x) => throw new NotSupportedException();

    public static Number Sin(Number x) => new(Math.Sin(x.Value));

    public static Number Cos(Number x) => new(Math.Cos(x.Value));

    public static Number Atan(Number x) => new(Math.Atan(x.Value));

    public static Number WhereGreater(Number x, Number y, Number then, Number otherwise) => x.Value > y.Value ? then : otherwise;

    public static Number WhereAtLeast(Number x, Number y, Number then, Number otherwise) => x.Value >= y.Value ? then : otherwise;

    public static Number WhereEqual(Number x, Number y, Number then, Number otherwise) => x.Value == y.Value ? then : otherwise;
}
