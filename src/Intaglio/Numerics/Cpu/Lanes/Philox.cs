using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Intaglio.Numerics.Cpu;

/// <summary>Philox2x32-10 of several counters at once: word for word what <see cref="RandomStream.Word"/> gives.</summary>
internal static class Philox
{
    private const uint Multiplier = 0xD256D193;
    private const uint Weyl = 0x9E3779B9;

    /// <summary>The words of elements element, element + 1, ..., element + 15.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Words512(RandomStream stream, uint element)
    {
        var low = Vector512.Create(element) + Vector512<uint>.Indices;
        var high = Vector512.Create(stream.Counter);
        var key = stream.Key;
        for (var round = 0; round < 10; round++)
        {
            var upper = UpperHalfOfProduct(low);
            var lower = low * Multiplier;
            low = upper ^ Vector512.Create(key) ^ high;
            high = lower;
            key += Weyl;
        }

        return low;
    }

    /// <summary>The words of elements element, element + 1, ..., element + 7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Words256(RandomStream stream, uint element)
    {
        var low = Vector256.Create(element) + Vector256<uint>.Indices;
        var high = Vector256.Create(stream.Counter);
        var key = stream.Key;
        for (var round = 0; round < 10; round++)
        {
            var upper = UpperHalfOfProduct(low);
            var lower = low * Multiplier;
            low = upper ^ Vector256.Create(key) ^ high;
            high = lower;
            key += Weyl;
        }

        return low;
    }

    /// <summary>The words of elements element, element + 1, element + 2 and element + 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Words128(RandomStream stream, uint element)
    {
        var low = Vector128.Create(element) + Vector128<uint>.Indices;
        var high = Vector128.Create(stream.Counter);
        var key = stream.Key;
        for (var round = 0; round < 10; round++)
        {
            var upper = UpperHalfOfProduct(low);
            var lower = low * Multiplier;
            low = upper ^ Vector128.Create(key) ^ high;
            high = lower;
            key += Weyl;
        }

        return low;
    }

    // x86 multiplies every other element to 64 bits: once as they stand, once shifted down.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> UpperHalfOfProduct(Vector512<uint> x)
    {
        if (!Avx512F.IsSupported)
            return Vector512.Create(UpperHalfOfProduct(x.GetLower()), UpperHalfOfProduct(x.GetUpper()));

        var even = Avx512F.Multiply(x, Vector512.Create(Multiplier));
        var odd = Avx512F.Multiply((x.AsUInt64() >>> 32).AsUInt32(), Vector512.Create(Multiplier));
        return ((even >>> 32) | (odd & Vector512.Create(0xFFFFFFFF00000000))).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> UpperHalfOfProduct(Vector256<uint> x)
    {
        if (!Avx2.IsSupported)
            return Vector256.Create(UpperHalfOfProduct(x.GetLower()), UpperHalfOfProduct(x.GetUpper()));

        var even = Avx2.Multiply(x, Vector256.Create(Multiplier));
        var odd = Avx2.Multiply((x.AsUInt64() >>> 32).AsUInt32(), Vector256.Create(Multiplier));
        return ((even >>> 32) | (odd & Vector256.Create(0xFFFFFFFF00000000))).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> UpperHalfOfProduct(Vector128<uint> x)
    {
        if (Sse2.IsSupported)
        {
            var even = Sse2.Multiply(x, Vector128.Create(Multiplier));
            var odd = Sse2.Multiply((x.AsUInt64() >>> 32).AsUInt32(), Vector128.Create(Multiplier));
            return ((even >>> 32) | (odd & Vector128.Create(0xFFFFFFFF00000000))).AsUInt32();
        }

        var (lower, upper) = Vector128.Widen(x);
        return Vector128.Narrow((lower * Multiplier) >>> 32, (upper * Multiplier) >>> 32);
    }
}
