using static Intaglio.Compiler.Expression;

namespace Intaglio.Compiler;

/// <summary>Each activation's formula, written once: forward code, derivative and comments all follow from it.</summary>
internal static class Activations
{
    private static readonly Dictionary<Activation, (string Name, string Configuration, Expression Formula)> Table = new()
    {
        [Activation.GeluTanh] = ("GeluTanh", "gelu_new", 0.5 * X * (1 + Apply(Function.Tanh, Math.Sqrt(2 / Math.PI) * (X + (0.044715 * Power(X, 3)))))),
        [Activation.Gelu] = ("Gelu", "gelu", 0.5 * X * (1 + Apply(Function.Erf, X / Math.Sqrt(2)))),
        [Activation.Relu] = ("Relu", "relu", Max(X, 0)),
        [Activation.SquaredRelu] = ("SquaredRelu", "relu2", Power(Max(X, 0), 2)),
        [Activation.QuickGelu] = ("QuickGelu", "quick_gelu", X * Apply(Function.Sigmoid, 1.702 * X)),
        [Activation.Silu] = ("Silu", "silu", X * Apply(Function.Sigmoid, X)),
    };

    public static Fusion Of(Activation activation) => Fusion.Activate(Table[activation].Name, Table[activation].Formula);

    /// <summary>What transformers calls it in <c>activation_function</c>.</summary>
    public static string ConfigurationName(Activation activation) => Table[activation].Configuration;
}
