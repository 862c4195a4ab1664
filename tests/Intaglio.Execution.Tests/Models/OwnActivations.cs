using Intaglio.Compiler;
using static Intaglio.Compiler.Expression;

namespace Intaglio.ExecutionTests;

/// <summary>Models whose activations are methods, and the formulas of these written a second time.</summary>
internal static partial class OwnActivations
{
    /// <summary>What each method computes.</summary>
    public static IReadOnlyDictionary<string, Expression> Formulas { get; } = new Dictionary<string, Expression>
    {
        [nameof(Mish)] = new Product(X, new Application(Function.Tanh, new Application(Function.Softplus, X))),
        [nameof(OwnSquaredRelu)] = new Power(new Maximum(X, 0), 2),
        [nameof(Piecewise)] = Select(
            Relation.AtLeast, -3, X, 0, Select(Relation.Greater, 0, X, X * (X + 3) / 6, Select(Relation.Greater, 3, X, X - (Power(X, 2) / 12), (0.25 * X) + 1.5))),
        [nameof(Squash)] = X / (1 + Apply(Function.Abs, X)),
        [nameof(Ugly)] = UglyFormula(),
    };

    /// <summary>What a config.json calls each.</summary>
    public static IReadOnlyDictionary<string, string> ConfigurationNames { get; } = new Dictionary<string, string>
    {
        [nameof(Mish)] = "mish",
        [nameof(OwnSquaredRelu)] = "own_squared_relu",
        [nameof(Piecewise)] = "piecewise",
        [nameof(Squash)] = "squash",
        [nameof(Ugly)] = "ugly",
    };

    [Pointwise]
    private static float Mish(float x) => x * MathF.Tanh(MathF.Log(1 + MathF.Exp(x)));

    [Pointwise]
    private static float OwnSquaredRelu(float x) => MathF.Pow(MathF.Max(x, 0), 2);

    [Pointwise]
    private static float Piecewise(float x)
    {
        if (x <= -3)
            return 0;

        if (x < 0)
            return x * (x + 3) / 6;

        return x < 3 ? x - (x * x / 12) : (0.25f * x) + 1.5f;
    }

    [Pointwise]
    internal static float Squash(float x) => x / (1 + MathF.Abs(x));

    [Pointwise]
    private static float Bump(float x, float width) => MathF.Exp(-x * x / (width * width));

    [Pointwise]
    private static float Ugly(float x)
    {
        var inside = (x > -2 && x < 2) || x == 7;
        var wave = MathF.Sin(2 * x) * Bump(x, 2);
        float bent;
        if (inside)
        {
            bent = 0.5f * (MathF.Sqrt(1 + (x * x)) - 1);
        }
        else
        {
            if (!(x >= -5))
                return 0.1f * MathF.Atan(x);

            bent = Activations.Softplus(x);
        }

        wave *= x / (1 + MathF.Abs(x));
        return bent + (wave * MathF.Cos(x));
    }

    private static Expression UglyFormula()
    {
        var wave = Apply(Function.Sin, 2 * X) * Apply(Function.Exp, -(Power(X, 2) / 4)) * X / (1 + Apply(Function.Abs, X)) * Apply(Function.Cos, X);
        var inside = (0.5 * (Apply(Function.Sqrt, 1 + Power(X, 2)) - 1)) + wave;
        var outside = Select(Relation.AtLeast, X, -5, Apply(Function.Softplus, X) + wave, 0.1 * Apply(Function.Atan, X));
        var others = Select(Relation.Equal, X, 7, inside, outside);
        return Select(Relation.Greater, X, -2, Select(Relation.Greater, 2, X, inside, others), others);
    }

    [Transformer(HiddenSize = 24, ContextLength = 12, VocabularySize = 31)]
    [Decoder(Layers = 2)]
    [Attention(Heads = 2)]
    [FeedForward(IntermediateSize = 50, ActivationMethod = nameof(Mish))]
    internal sealed partial class Misher;

    [BasedOn<Misher>]
    [FeedForward(ActivationMethod = nameof(OwnSquaredRelu))]
    internal sealed partial class Squared;

    [BasedOn<Misher>]
    [FeedForward(ActivationMethod = nameof(Piecewise), Bias = false)]
    internal sealed partial class Pieces;

    [BasedOn<Misher>]
    [FeedForward(ActivationMethod = nameof(Ugly))]
    internal sealed partial class Uglier;

    [BasedOn<Misher>]
    [Precision(BF16)]
    internal sealed partial class MisherServing;
}
