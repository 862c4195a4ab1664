using Xunit;

namespace Intaglio.Compiler.Tests.Formulas;

/// <summary>Each activation's formula against its definition, written down a second time, and its name in transformers (<c>ACT2FN</c>).</summary>
public sealed class ActivationTests
{
    private static readonly Dictionary<Activation, (string ConfigurationName, Func<double, double> Definition)> Rows = new()
    {
        [Activation.GeluTanh] = ("gelu_new", x => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))))),
        [Activation.Gelu] = ("gelu", x => x * (1 + SpecialFunctions.Erf(x / Math.Sqrt(2))) / 2),
        [Activation.Relu] = ("relu", x => x > 0 ? x : 0),
        [Activation.SquaredRelu] = ("relu2", x => x > 0 ? x * x : 0),
        [Activation.QuickGelu] = ("quick_gelu", x => x / (1 + Math.Exp(-1.702 * x))),
        [Activation.Silu] = ("silu", x => x / (1 + Math.Exp(-x))),
    };

    [Fact]
    public void Every_activation_has_a_row_here() => Assert.Equal(Enum.GetValues<Activation>(), Rows.Keys.Order());

    [Fact]
    public void Formulas_are_the_definitions()
    {
        foreach (var (activation, row) in Rows)
        {
            // Some units in the last place of values up to 36.
            for (var x = -6.0; x <= 6; x += 0.25)
                Assert.Equal(row.Definition(x), Activations.Of(activation).Formula.Evaluate(_ => x), 1e-13);
        }
    }

    [Fact]
    public void Configuration_names_are_those_of_transformers() =>
        Assert.All(Rows, row => Assert.Equal(row.Value.ConfigurationName, Activations.Of(row.Key).ConfigurationName));
}
