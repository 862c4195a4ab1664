using static Intaglio.Compiler.Expression;

namespace Intaglio.Compiler;

/// <summary>Each activation's formula, written once: forward code, derivative and comments all follow from it.</summary>
internal static class Activations
{
    private static readonly Dictionary<Activation, ActivationSpec> Table = new()
    {
        [Activation.GeluTanh] = new("GeluTanh", "gelu_new", 0.5 * X * (1 + Apply(Function.Tanh, Math.Sqrt(2 / Math.PI) * (X + (0.044715 * Power(X, 3)))))),
        [Activation.Gelu] = new("Gelu", "gelu", 0.5 * X * (1 + Apply(Function.Erf, X / Math.Sqrt(2)))),
        [Activation.Relu] = new("Relu", "relu", Max(X, 0)),
        [Activation.SquaredRelu] = new("SquaredRelu", "relu2", Power(Max(X, 0), 2)),
        [Activation.QuickGelu] = new("QuickGelu", "quick_gelu", X * Apply(Function.Sigmoid, 1.702 * X)),
        [Activation.Silu] = new("Silu", "silu", X * Apply(Function.Sigmoid, X)),
    };

    /// <summary>What poolers end in.</summary>
    public static ActivationSpec Tanh { get; } = new("Tanh", "tanh", Apply(Function.Tanh, X));

    public static ActivationSpec Of(Activation activation) => Table[activation];
}
