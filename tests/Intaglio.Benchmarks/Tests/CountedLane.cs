using Intaglio.Numerics;

namespace Intaglio.Benchmarks.Tests;

/// <summary>A lane of four numbers that are not kept: it counts what the peaks' loops do.</summary>
internal readonly struct CountedLane : IVectorLane<CountedLane>
{
    /// <summary>Calls of <see cref="MultiplyAdd"/> so far.</summary>
    public static long MultiplyAdds { get; private set; }

    /// <summary>Where <see cref="Load"/> has read so far.</summary>
    public static HashSet<nint> Loaded { get; } = [];

    public static int Count => 4;

    public static CountedLane Of(float value) => default;

    public static CountedLane operator +(CountedLane x, CountedLane y) => default;

    public static CountedLane operator -(CountedLane x, CountedLane y) => throw new NotSupportedException();

    public static CountedLane operator *(CountedLane x, CountedLane y) => throw new NotSupportedException();

    public static CountedLane operator /(CountedLane x, CountedLane y) => throw new NotSupportedException();

    public static CountedLane operator -(CountedLane x) => throw new NotSupportedException();

    public static CountedLane MultiplyAdd(CountedLane x, CountedLane y, CountedLane z)
    {
        MultiplyAdds++;
        return default;
    }

    public static CountedLane Min(CountedLane x, CountedLane y) => throw new NotSupportedException();

    public static CountedLane Max(CountedLane x, CountedLane y) => throw new NotSupportedException();

    public static CountedLane Abs(CountedLane x) => throw new NotSupportedException();

    public static CountedLane Sqrt(CountedLane x) => throw new NotSupportedException();

    public static CountedLane Exp(CountedLane x) => throw new NotSupportedException();

    public static CountedLane Log(CountedLane x) => throw new NotSupportedException();

    public static CountedLane Softplus(CountedLane x) => throw new NotSupportedException();

    public static CountedLane Tanh(CountedLane x) => throw new NotSupportedException();

    public static CountedLane Erf(CountedLane x) => throw new NotSupportedException();

    public static CountedLane Sin(CountedLane x) => throw new NotSupportedException();

    public static CountedLane Cos(CountedLane x) => throw new NotSupportedException();

    public static CountedLane Atan(CountedLane x) => throw new NotSupportedException();

    public static CountedLane WhereGreater(CountedLane x, CountedLane y, CountedLane then, CountedLane otherwise) => throw new NotSupportedException();

    public static CountedLane WhereAtLeast(CountedLane x, CountedLane y, CountedLane then, CountedLane otherwise) => throw new NotSupportedException();

    public static CountedLane WhereEqual(CountedLane x, CountedLane y, CountedLane then, CountedLane otherwise) => throw new NotSupportedException();

    public static unsafe CountedLane Load(float* source)
    {
        Loaded.Add((nint)source);
        return default;
    }

    public static unsafe CountedLane LoadBFloat16(ushort* source) => throw new NotSupportedException();

    public static unsafe void Store(float* destination, CountedLane value) => throw new NotSupportedException();

    public static float Sum(CountedLane value) => 0;

    public static float Largest(CountedLane value) => throw new NotSupportedException();

    public static CountedLane Keep(RandomStream stream, uint element, uint threshold, float scale) => throw new NotSupportedException();
}
