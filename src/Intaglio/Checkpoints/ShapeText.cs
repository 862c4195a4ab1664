namespace Intaglio.Checkpoints;

internal static class ShapeText
{
    public static string Of(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";

    public static string Of(IEnumerable<int> shape) => $"[{string.Join(", ", shape)}]";
}
