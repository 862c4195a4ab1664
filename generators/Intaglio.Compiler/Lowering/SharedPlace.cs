namespace Intaglio.Compiler;

/// <summary>A place in the arena that several values take in turn: how wide it is, and from which step to which it is taken.</summary>
internal sealed class SharedPlace(List<Value> values, long width, int start, int end)
{
    private int _last = end;

    public List<Value> Values { get; } = values;

    /// <summary>Bytes a row.</summary>
    public long Width { get; } = width;

    /// <summary>The first step.</summary>
    public int Start { get; private set; } = start;

    /// <summary>Whether it lies in the shared part of the arena or over a layer's saved values.</summary>
    public Space Space { get; set; } = Space.Temporary;

    /// <summary>The stack over whose saved values it lies.</summary>
    public string Stack { get; set; } = "";

    /// <summary>Whether rows are those of the source; the two kinds lie apart.</summary>
    public bool IsOfSource { get; init; }

    /// <summary>Bytes a row before it.</summary>
    public long Offset { get; set; }

    public long End => Offset + Width;

    public bool Covers(int step) => Start <= step && step <= _last;

    public bool LivesWithin(int first, int last) => first <= Start && _last <= last;

    /// <summary>Takes over another's values.</summary>
    public void Absorb(SharedPlace other)
    {
        Values.AddRange(other.Values);
        Start = Math.Min(Start, other.Start);
        _last = Math.Max(_last, other._last);
    }

    /// <summary>The lowest offset that keeps clear of whatever lives at the same time; null where none ends by the limit.</summary>
    public long? FirstFit(IReadOnlyList<SharedPlace> placed, long limit)
    {
        var neighbours = placed.Where(Overlaps).ToList();
        return neighbours.Select(neighbour => neighbour.End).Append(0).OrderBy(offset => offset)
            .Where(offset => offset <= limit - Width && neighbours.All(neighbour => offset >= neighbour.End || offset + Width <= neighbour.Offset))
            .Select(offset => (long?)offset).FirstOrDefault();
    }

    private bool Overlaps(SharedPlace other) => Start <= other._last && other.Start <= _last;
}
