using System.Buffers.Binary;
using CsCheck;

namespace Intaglio.Fuzz;

/// <summary>Changes that know nothing of what the bytes mean.</summary>
internal static class ByteMutations
{
    private static readonly byte[] Interesting = [0x00, 0x01, 0x09, 0x0A, 0x20, 0x22, 0x2C, 0x30, 0x3A, 0x5B, 0x5C, 0x5D, 0x7B, 0x7D, 0x7F, 0x80, 0xBF, 0xC0, 0xE0, 0xED, 0xEF, 0xF4, 0xFE, 0xFF];

    private static readonly ulong[] Lengths = [0, 1, 2, 7, 8, 100_000_000, 100_000_001, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32, 1UL << 63, ulong.MaxValue - 8, ulong.MaxValue];

    private static readonly Func<PCG, byte[], byte[], byte[]>[] All = [Flip, Set, Truncate, Insert, Remove, Repeat, Splice, Length];

    /// <param name="random">What decides.</param>
    /// <param name="content">What to change; it stays as it is.</param>
    /// <param name="other">Another file, for parts of it.</param>
    public static byte[] Apply(PCG random, byte[] content, byte[] other) => content.Length == 0 ? other : random.Pick(All)(random, content, other);

    private static byte[] Flip(PCG random, byte[] content, byte[] other)
    {
        var changed = content.ToArray();
        changed[random.Index(changed.Length)] ^= (byte)(1 << random.Index(8));
        return changed;
    }

    private static byte[] Set(PCG random, byte[] content, byte[] other)
    {
        var changed = content.ToArray();
        changed[random.Index(changed.Length)] = random.Pick(Interesting);
        return changed;
    }

    private static byte[] Truncate(PCG random, byte[] content, byte[] other) => content[..random.Index(content.Length)];

    private static byte[] Insert(PCG random, byte[] content, byte[] other)
    {
        var at = random.Index(content.Length + 1);
        return [.. content[..at], .. Enumerable.Repeat(random.Pick(Interesting), random.Pick([1, 2, 8, 300])), .. content[at..]];
    }

    private static byte[] Remove(PCG random, byte[] content, byte[] other)
    {
        var (start, length) = random.Range(content.Length, longest: 32);
        return [.. content[..start], .. content[(start + length)..]];
    }

    private static byte[] Repeat(PCG random, byte[] content, byte[] other)
    {
        var (start, length) = random.Range(content.Length, longest: 100);
        return [.. content[..(start + length)], .. content[start..]];
    }

    private static byte[] Splice(PCG random, byte[] content, byte[] other) => [.. content[..random.Index(content.Length + 1)], .. other[random.Index(other.Length + 1)..]];

    private static byte[] Length(PCG random, byte[] content, byte[] other)
    {
        var changed = content.ToArray();
        if (changed.Length >= sizeof(ulong))
            BinaryPrimitives.WriteUInt64LittleEndian(changed, random.Pick(Lengths));
        return changed;
    }
}
