using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Intaglio.Numerics.Cpu;

/// <summary>Memory that will be read soon, asked for step by step while a tile is multiplied: all at once, it would keep the tile's own reads waiting.</summary>
/// <param name="start">The first byte; of the caller's, whatever it reads.</param>
/// <param name="step">Bytes from one step to the next.</param>
internal unsafe struct Ahead(void* start, nint step)
{
    /// <summary>What one step brings.</summary>
    public const int LineBytes = 64;

    /// <summary>The same in floats.</summary>
    public const int LineFloats = LineBytes / sizeof(float);

    private byte* _next = (byte*)start;

    /// <summary>Asks again and again for what is there already: an address that is nobody's would cost a search of the page tables each time.</summary>
    public static Ahead Nothing(float* present) => new(present, 0);

    /// <summary>Asks for the next step's line, into the second-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Ask()
    {
        if (!Sse.IsSupported)
            return;

        Sse.Prefetch1(_next);
        _next += step;
    }
}
