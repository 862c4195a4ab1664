using System.Reflection;
using Intaglio.Compiler;
using Intaglio.Compiler.Tests;
using Intaglio.Generators.Diagnostics;
using Intaglio.Generators.Parsing;
using Intaglio.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Intaglio.Generators.Tests;

/// <summary>Own activations: what parsing makes of C#, held against what the C# compiler makes of the same text in double precision.</summary>
public sealed class PointwiseTests
{
    private const string Own =
        """
        [Pointwise]
        private static float Mish(float x) => x * MathF.Tanh(MathF.Log(1 + MathF.Exp(x)));

        [Pointwise]
        private static float SquaredRelu(float x) => MathF.Max(x, 0) * MathF.Max(x, 0);

        [Pointwise]
        private static float Piecewise(float x)
        {
            if (x <= -3)
                return 0;
            if (x < 0)
                return x * (x + 3) / 6;
            return x < 3 ? x - (x * x / 12f) : 0.25f * x + 1.5f;
        }

        private const float Steepness = 1.5f;

        [Pointwise]
        private static float Bump(float x, float width) => MathF.Exp(-x * x / (width * width));

        [Pointwise]
        private static float Ugly(float x)
        {
            const int Cycles = 2;
            var inside = x > -2 && x < 2 || x == 7;
            var bent = MathF.Sqrt(1 + x * x) - 1;
            float wave;
            if (inside)
            {
                wave = MathF.Sin(Cycles * x) * Bump(x, 2);
                bent *= 0.5f;
            }
            else
            {
                wave = Bump(x, MathF.PI) / Steepness;
            }

            var sigmoid = 1 / (1 + MathF.Exp(-Steepness * x));
            if (!(x >= -5))
                return sigmoid * (inside ? bent : MathF.Atan(x)) + 0.1f * wave;

            return x switch
            {
                > 5 => MathF.Log(1 + MathF.Exp(x)) + wave,
                < 0 and not -1 => MathF.Pow(MathF.Abs(x) + 1, -1.5f) * bent + wave,
                _ => MathF.Min(bent, 3) + MathF.Cos(x) * sigmoid + wave - MathF.Pow(x, 3) / (1 + MathF.Pow(x, 4)),
            };
        }
        """;

    private static readonly double[] Points = [.. Enumerable.Range(-240, 481).Select(index => (index / 20.0) + 0.0123), -100, -50, -20, 20, 50, 100];

    [Theory]
    [InlineData("Mish")]
    [InlineData("SquaredRelu")]
    [InlineData("Piecewise")]
    [InlineData("Ugly")]
    public void Own_activation_and_its_derivative_are_those_of_the_method(string name)
    {
        var formula = Formula(Own, name);
        var derivative = formula.Derivative(Operand.X);
        var method = Double(Own).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!.CreateDelegate<Func<double, double>>();
        foreach (var x in Points)
        {
            // Constants such as 0.1f and π count as the decimals that are written: 1 in 10⁸.
            Assert.Equal(method(x), formula.Evaluate(_ => x), 1e-6 * Math.Max(1, Math.Abs(x)));

            // Truncation at the kinks apart, which no point is near, and rounding: ε |f| / h = 1e-10 at 100. Far out the method itself may overflow.
            var difference = (method(x + 1e-5) - method(x - 1e-5)) / 2e-5;
            Assert.Equal(difference, derivative.Evaluate(_ => x), 1e-6 * Math.Max(1, Math.Abs(x)));
        }
    }

    [Theory]
    [InlineData("x + 1", 3)]
    [InlineData("-x - +x", -4)]
    [InlineData("x * x / 8", 0.5)]
    [InlineData("(float)(1.5 * x)", 3)]
    [InlineData("x > 1 ? 5 : 6", 5)]
    [InlineData("x >= 2 && x <= 2 ? 5 : 6", 5)]
    [InlineData("x < 2 || x != 2 ? 5 : 6", 6)]
    [InlineData("!(x == 2) ? 5 : 6", 6)]
    [InlineData("x is > 1 and < 3 ? 5 : 6", 5)]
    [InlineData("x is not 2 or 3 ? 5 : 6", 6)]
    [InlineData("x switch { < 0 => 1, 2 when x > 1 => 7, _ => 3 }", 7)]
    [InlineData("MathF.Abs(-x)", 2)]
    [InlineData("MathF.Clamp(x, 0, 1)", 1)]
    [InlineData("Math.Clamp(x, 0f, 1f)", 1)]
    [InlineData("MathF.FusedMultiplyAdd(x, 3, 1)", 7)]
    [InlineData("MathF.Log2(x * 4)", 3)]
    [InlineData("MathF.Log10(x * 50)", 2)]
    [InlineData("MathF.Log(x * 4, 2)", 3)]
    [InlineData("MathF.Pow(x, 10)", 1024)]
    [InlineData("MathF.Pow(x, -2)", 0.25)]
    [InlineData("MathF.Pow(3, x)", 9)]
    [InlineData("MathF.Pow(x, 0.5f) * MathF.Sqrt(x)", 2)]
    [InlineData("MathF.Sinh(x) * 2", 7.253720815694037)]
    [InlineData("MathF.Cosh(x)", 3.7621956910836314)]
    [InlineData("MathF.Tan(x)", -2.185039863261519)]
    [InlineData("float.Tanh(x)", 0.9640275800758169)]
    [InlineData("(float)Math.Exp(x)", 7.38905609893065)]
    [InlineData("Activations.Softplus(x)", 2.1269280110429725)]
    [InlineData("Activations.Relu(x) + Activations.Erf(0)", 2)]
    public void Expressions_mean_what_they_mean_in_CSharp(string expression, double expected)
    {
        var source = $"[Pointwise] private static float F(float x) => {expression};";

        // Rounding of the reference in the test's last digits.
        Assert.Equal(expected, Formula(source.Replace("MathF.Clamp", "Math.Clamp"), "F").Evaluate(_ => 2), 1e-12);
    }

    [Theory]
    [InlineData("float y = 3, z; z = y; z += x; z *= 2; z -= 1; z /= 3; z++; return z;", 4)]
    [InlineData("var large = x > 1; if (large) { x = 7; } return x;", 7)]
    [InlineData("var y = 1f; if (x > 1) y = 2; else if (x > 0) y = 3; return y;", 2)]
    [InlineData("bool b; if (x > 1) b = x > 5; else b = true; return b ? 1 : 2;", 2)]
    [InlineData("if (x > 1) { if (x > 5) return 1; } else return 2; return 3;", 3)]
    [InlineData("const float third = 1f / 4; { ; } return third;", 0.25)]
    public void Statements_mean_what_they_mean_in_CSharp(string body, double expected) =>
        Assert.Equal(expected, Formula($"[Pointwise] private static float F(float x) {{ {body} }}", "F").Evaluate(_ => 2), 1e-15);

    [Fact]
    public void Named_arguments_reach_their_parameters() =>
        Assert.Equal(7, Formula("[Pointwise] static float G(float a, float b) => a - b; [Pointwise] static float F(float x) => G(b: 3, a: 5 * x);", "F").Evaluate(_ => 2));

    [Fact]
    public void Built_in_activations_are_written_the_same_way()
    {
        var compilation = Project.Compile(File.ReadAllText(Path.Combine(Repository.Root, "src", "Intaglio", "Activations.cs")));
        var type = compilation.Assembly.GetTypeByMetadataName("Intaglio.Activations")!;
        foreach (var activation in Enum.GetValues<Compiler.Activation>())
            Assert.Equal(Compiler.Activations.Of(activation).Formula, Parse(compilation, type.GetMembers($"{activation}").OfType<IMethodSymbol>().Single()));

        Assert.Equal(Expression.Apply(Function.Sigmoid, Expression.X), Parse(compilation, type.GetMembers("Sigmoid").OfType<IMethodSymbol>().Single()));
    }

    [Fact]
    public void Built_in_activations_compute_what_their_formulas_say()
    {
        foreach (var activation in Enum.GetValues<Compiler.Activation>())
        {
            var method = typeof(Activations).GetMethod($"{activation}")!.CreateDelegate<Func<float, float>>();
            foreach (var x in Points.Select(point => (float)point))
            {
                // Single precision, and x² where that is the value.
                Assert.Equal(Compiler.Activations.Of(activation).Formula.Evaluate(_ => x), method(x), 5e-7 * Math.Max(1, x * x));
            }
        }

        foreach (var x in Points.Select(point => (float)point))
            Assert.Equal(Expression.Apply(Function.Softplus, Expression.X).Evaluate(_ => x), Activations.Softplus(x), 2e-7 * Math.Max(1, Math.Abs(x)));
    }

    [Fact]
    public async Task Own_activation_compiles_without_a_warning()
    {
        foreach (var arguments in new[] { "", ", Bias = false", ", Gated = true" })
        {
            var files = Project.CompileWithGenerated($"using Intaglio; [Decoder, FeedForward(ActivationMethod = nameof(Mish){arguments})] internal sealed partial class Story {{ {Own.Replace("static float Ugly", "static float ugly")} }}");
            var diagnostics = await files.WithAnalyzers([new ModelAnalyzer()]).GetAllDiagnosticsAsync();

            // The gate's launches may be another change's to bring.
            Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Id is "CS0102" or "INTG017" or "INTG033");
            if (!arguments.Contains("Gated", StringComparison.Ordinal))
                Assert.Empty(diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && diagnostic.Id != "IDE0051"));
        }
    }

    [Fact]
    public Task Derivative_of_an_ugly_activation_can_be_read() => Snapshots.Verify(Fusions("Ugly"), "cs");

    [Fact]
    public void Fusions_are_named_for_the_method_and_say_its_formula()
    {
        var fusions = Fusions("Mish");
        Assert.Contains("struct AddBiasSavingMish : IFusion", fusions, StringComparison.Ordinal);
        Assert.Contains("struct MishBackward : IFusion", fusions, StringComparison.Ordinal);
        Assert.Contains("mish(x) = x · tanh(softplus(x)).", fusions, StringComparison.Ordinal);
        Assert.Contains("struct MishGate : IGate", Fusions("Mish", ", Gated = true"), StringComparison.Ordinal);

        // A struct called Mish would collide with the method.
        Assert.Contains("struct MishActivation : IFusion", Fusions("Mish", ", Bias = false"), StringComparison.Ordinal);
    }

    [Fact]
    public void Activation_of_the_model_that_another_is_based_on_is_taken_over_and_replaced()
    {
        const string Base = "using Intaglio; [Decoder, FeedForward(ActivationMethod = nameof(Twice))] partial class Base { [Pointwise] static float Twice(float x) => 2 * x; }";
        static ActivationSpec Activation(string source) => ((DenseFeedForwardSpec)Parsed.Spec(source).Main.FeedForward).Activation;

        Assert.Equal(new ActivationSpec("Twice", "twice", 2 * Expression.X) { IsOwn = true }, Activation(Base + "[BasedOn<Base>] partial class Story;"));
        Assert.Equal(Compiler.Activations.Of(Compiler.Activation.Relu), Activation(Base + "[BasedOn<Base>, FeedForward(Activation = Activation.Relu)] partial class Story;"));
        Assert.Equal("Half", Activation("using Intaglio; [Decoder, FeedForward(Activation = Activation.Relu)] partial class Base; [BasedOn<Base>, FeedForward(ActivationMethod = nameof(Half))] partial class Story { [Pointwise] static float Half(float x) => x / 2; }").Name);
    }

    [Fact]
    public void Own_activation_is_no_configuration_of_transformers()
    {
        var spec = Parsed.Spec("using Intaglio; [Decoder, FeedForward(ActivationMethod = nameof(Twice))] partial class Story { [Pointwise] static float Twice(float x) => 2 * x; }");
        Assert.IsType<OwnFamily>(Family.Of(spec));
    }

    private static string Fusions(string name, string arguments = "") => Project.Generate(
        $"using Intaglio; namespace App; [Transformer(HiddenSize = 64), Decoder, FeedForward(ActivationMethod = nameof({name}){arguments})] internal sealed partial class Story {{ {Own} }}")
        .Single(file => file.HintName.EndsWith(".Fusions.g.cs", StringComparison.Ordinal)).Text;

    private static Expression Formula(string members, string name)
    {
        var compilation = Project.Compile($"using Intaglio; internal static class Own {{ {members} }}");
        return Parse(compilation, compilation.GetTypeByMetadataName("Own")!.GetMembers(name).OfType<IMethodSymbol>().Single());
    }

    private static Expression Parse(Compilation compilation, IMethodSymbol method)
    {
        var problems = new Problems();
        var formula = new PointwiseParser(compilation, problems, CancellationToken.None).Parse(method, [Expression.X]);
        Assert.True(!problems.AreErrors, Project.Describe(problems.ToDiagnostics()));
        return formula;
    }

    /// <summary>The methods compiled by C# itself, every number a double.</summary>
    private static Type Double(string members)
    {
        var text = System.Text.RegularExpressions.Regex.Replace(members.Replace("[Pointwise]", "").Replace("float", "double").Replace("MathF", "Math"), @"(?<=\d)f\b", "d");
        var compilation = Project.Compile($"internal static class Own {{ {text} }}").WithOptions(new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream);
        Assert.True(result.Success, Project.Describe(result.Diagnostics));
        return Assembly.Load(stream.ToArray()).GetType("Own")!;
    }
}
