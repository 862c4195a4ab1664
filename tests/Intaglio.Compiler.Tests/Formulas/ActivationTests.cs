using Xunit;

namespace Intaglio.Compiler.Tests.Formulas;

/// <summary>Each activation's formula against its definition, written down a second time.</summary>
public sealed class ActivationTests
{
    private static readonly Dictionary<Activation, Func<double, double>> Definitions = new()
    {
        [Activation.GeluTanh] = x => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        [Activation.Gelu] = x => x * (1 + SpecialFunctions.Erf(x / Math.Sqrt(2))) / 2,
        [Activation.Relu] = x => x > 0 ? x : 0,
        [Activation.SquaredRelu] = x => x > 0 ? x * x : 0,
        [Activation.QuickGelu] = x => x / (1 + Math.Exp(-1.702 * x)),
        [Activation.Silu] = x => x / (1 + Math.Exp(-x)),
    };

    [Fact]
    public void Formulas_are_the_definitions()
    {
        foreach (var activation in Enum.GetValues<Activation>())
        {
            // Some units in the last place of values up to 36.
            for (var x = -6.0; x <= 6; x += 0.25)
                Assert.Equal(Definitions[activation](x), Activations.Of(activation).Formula.Evaluate(_ => x), 1e-13);
        }
    }

    [Theory]
    [InlineData("GeluTanh", "gelu_new")]
    [InlineData("Gelu", "gelu")]
    [InlineData("Relu", "relu")]
    [InlineData("SquaredRelu", "relu2")]
    [InlineData("QuickGelu", "quick_gelu")]
    [InlineData("Silu", "silu")]
    public void Configuration_names_are_those_of_transformers(string activation, string name) =>
        Assert.Equal(name, Activations.Of(Enum.Parse<Activation>(activation)).ConfigurationName);
}
