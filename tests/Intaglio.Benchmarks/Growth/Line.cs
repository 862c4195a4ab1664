namespace Intaglio.Benchmarks;

/// <summary>Whether bytes grow as a line does.</summary>
internal static class Line
{
    /// <summary>Whether a point lies on the line through the first two of some points, exactly; of fewer there is none that it could miss.</summary>
    public static bool Holds(IReadOnlyList<(long Size, long Bytes)> points, (long Size, long Bytes) point)
    {
        if (points.Count < 2)
            return true;

        var ((x0, y0), (x1, y1)) = (points[0], points[1]);
        return (Int128)(point.Bytes - y0) * (x1 - x0) == (Int128)(y1 - y0) * (point.Size - x0);
    }
}
