using System.Buffers;

namespace Intaglio.Objectives;

/// <summary>Memory for the time of a call, from the shared pool, so that once it is warm nothing is allocated.</summary>
internal readonly ref struct Scratch<T>(int length)
{
    private readonly T[] _array = ArrayPool<T>.Shared.Rent(length);

    public Span<T> Span => _array.AsSpan(0, length);

    public void Dispose() => ArrayPool<T>.Shared.Return(_array);
}
