namespace Intaglio.Compiler;

/// <summary>How launch sequences get at sizes, weights and gradients.</summary>
internal static class Locals
{
    /// <summary>Sizes of a batch of whole sequences.</summary>
    public static (string Name, string Value)[] Shape { get; } =
    [
        ("batch", "shape.Batch"),
        ("time", "shape.Time"),
        ("sourceTime", "shape.SourceTime"),
        ("rows", "shape.Rows"),
        ("sourceRows", "shape.SourceRows"),
    ];

    /// <summary>All parameters, or their gradients.</summary>
    public static (string Name, string Value)[] Parameters(string storage) =>
    [
        ("weights", $"new ModelParameters(Region.Weights, {storage}.Bytes)"),
        ("gradients", $"new ModelParameters(Region.Gradients, {storage}.Bytes)"),
    ];
}
