using Intaglio.Compiler;

namespace Intaglio.Generators.Parsing.Architectures;

/// <summary>What transformers calls activations (<c>activations.py</c>, ACT2FN).</summary>
internal static class ActivationNames
{
    public static IReadOnlyDictionary<string, Activation> Table { get; } = new Dictionary<string, Activation>(StringComparer.Ordinal)
    {
        ["gelu"] = Activation.Gelu,
        ["gelu_python"] = Activation.Gelu,
        ["gelu_new"] = Activation.GeluTanh,
        ["gelu_fast"] = Activation.GeluTanh,
        ["gelu_pytorch_tanh"] = Activation.GeluTanh,
        ["gelu_accurate"] = Activation.GeluTanh,
        ["quick_gelu"] = Activation.QuickGelu,
        ["relu"] = Activation.Relu,
        ["relu2"] = Activation.SquaredRelu,
        ["silu"] = Activation.Silu,
        ["swish"] = Activation.Silu,
    };

    public static string Expected => Words.Or([.. Table.Keys.Select(name => $"\"{name}\"")]);
}
