using System.Runtime.InteropServices;
using Intaglio.Numerics;

namespace Intaglio.Benchmarks;

/// <summary>Operands of a kernel, side by side in an arena, each of random numbers from -1 to 1; and the execution that works on them.</summary>
internal sealed unsafe class Tensors : IDisposable
{
    // A model's arena is so large that it lies in huge pages.
    private const long LeastArena = 16 << 20;

    private readonly Place[] _places;
    private readonly CpuBuffer _arena;

    /// <summary>Allocates and fills them.</summary>
    /// <param name="device">Where.</param>
    /// <param name="counts">Floats of each.</param>
    public Tensors(CpuDevice device, params int[] counts)
    {
        _places = new Place[counts.Length];
        var bytes = 0L;
        for (var index = 0; index < counts.Length; index++)
        {
            // As memory plans lay them out: at multiples of 64 bytes.
            _places[index] = new(Region.Arena, bytes);
            bytes = (bytes + ((long)counts[index] * sizeof(float)) + 63) & ~63;
        }

        _arena = new(device, Math.Max(bytes, LeastArena));
        On = new(device);
        On.Bind(Region.Arena, _arena);
        FillRandomly(MemoryMarshal.Cast<byte, float>(_arena.Range(0, (int)bytes)));
    }

    public CpuExecution On { get; }

    /// <summary>Where one lies.</summary>
    public Place this[int index] => _places[index];

    /// <summary>Random numbers from -1 to 1, the same for the same seed.</summary>
    public static void FillRandomly(Span<float> values, int seed = 1)
    {
        var random = new Random(seed);
        foreach (ref var value in values)
            value = (2 * random.NextSingle()) - 1;
    }

    /// <summary>The values at a place.</summary>
    public Span<T> Values<T>(Place place, int count)
        where T : unmanaged => new(On.At(place), count);

    public void Dispose()
    {
        On.Dispose();
        _arena.Dispose();
    }
}
