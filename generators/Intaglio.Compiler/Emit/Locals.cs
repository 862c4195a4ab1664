namespace Intaglio.Compiler;

/// <summary>How launch sequences get at weights and gradients.</summary>
internal static class Locals
{
    public static (string Name, string Value)[] Parameters { get; } =
    [
        ("weights", "new ModelParameters(Region.Weights, Float32.Bytes)"),
        ("gradients", "new ModelParameters(Region.Gradients, Float32.Bytes)"),
    ];
}
