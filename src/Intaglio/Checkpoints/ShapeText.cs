namespace Intaglio.Checkpoints;

internal static class ShapeText
{
    // More than any tensor of a model has; a hostile file's may have millions.
    private const int Shown = 8;

    public static string Of<T>(IReadOnlyList<T> shape) =>
        shape.Count <= Shown ? $"[{string.Join(", ", shape)}]" : $"[{string.Join(", ", shape.Take(Shown))}, ... {shape.Count} sides]";
}
