using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Diagnostics;

/// <content>Activations and the methods that they are.</content>
internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor ActivationConstant = Warning(
        "INTG026",
        "Activation is constant",
        "'{0}' is the same for every x, so that nothing before it can be learned; let it depend on x",
        """
        The derivative of the activation is 0 everywhere: no gradient reaches the feed-forward network's first product, and the network adds the same
        to every token. A parameter that the formula forgets is the usual reason, or terms that cancel.
        """);

    public static readonly DiagnosticDescriptor ActivationMethodNotFound = Error(
        "INTG030",
        "Activation method is not found",
        "'{1}' and the types around it have no method '{0}'; declare it there, or one that calls a [Pointwise] method of another class",
        """
        `ActivationMethod = nameof(Mish)` names a method of the class that sets it, or of a type around that class. Methods of other classes are
        reached by one that calls them.
        """,
        """
        [Decoder, FeedForward(ActivationMethod = nameof(Mish))]
        public sealed partial class Story
        {
            [Pointwise]
            private static float Mish(float x) => x * MathF.Tanh(MathF.Log(1 + MathF.Exp(x)));
        }
        """);

    public static readonly DiagnosticDescriptor ActivationMethodUnusable = Error(
        "INTG031",
        "Method cannot be an activation",
        "'{0}' {1}; write it as '[Pointwise] static float {0}(float x)'",
        """
        An activation is `[Pointwise]`, static, not generic, takes one float and returns a float; a method that it calls may take several.
        """);

    public static readonly DiagnosticDescriptor PointwiseWithoutSource = Error(
        "INTG032",
        "Pointwise method has no source",
        "'{0}' is in another assembly, so its formula is not known; write it in this project",
        """
        The formula is read from the method's body, which another assembly does not show. Only the methods of `Intaglio.Activations` are known without.
        """);

    public static readonly DiagnosticDescriptor PointwiseUnsupported = Error(
        "INTG033",
        "Not supported in a pointwise method",
        "{0} is not supported in a [Pointwise] method; {1}",
        """
        A `[Pointwise]` method becomes one formula: arithmetic of floats, functions of `Math` and `MathF`, `?:`, `if`, `switch` expressions,
        comparisons, `&&`, `||`, `!`, locals, constants, and calls of other `[Pointwise]` methods. There are no loops, fields, integers that are not constant, or objects. The message
        says what to use instead.
        """);

    public static readonly DiagnosticDescriptor PointwiseNotDifferentiable = Error(
        "INTG034",
        "Not differentiable",
        "{0} has steps and no useful derivative; use a smooth function, or branches with ?: or if",
        """
        Rounding, signs, remainders and casts to integers jump: their derivative is 0 or does not exist, so nothing could be learned through them.
        """);

    public static readonly DiagnosticDescriptor PointwiseRecursive = Error(
        "INTG035",
        "Pointwise method calls itself",
        "'{0}' calls itself: {1}; a [Pointwise] method becomes one formula, so write out what is repeated",
        """
        Calls are written out into one formula, which would have no end.
        """);

    public static readonly DiagnosticDescriptor TwoActivations = Error(
        "INTG036",
        "Two activations",
        "Activation and ActivationMethod ('{0}') are both set; remove one of them",
        """
        `Activation` chooses a built-in one and `ActivationMethod` one of your own. A model based on another may replace the one by the other.
        """);

    public static readonly DiagnosticDescriptor PointwiseTooLarge = Error(
        "INTG037",
        "Pointwise method is too large",
        "The formula of '{0}' has more than {1} parts once calls and locals are written out; simplify it",
        """
        Locals that are used often and calls within calls multiply when they are written out. Simplify the method.
        """);

    private static IEnumerable<DiagnosticDescriptor> Pointwise =>
    [
        ActivationConstant, ActivationMethodNotFound, ActivationMethodUnusable, PointwiseWithoutSource, PointwiseUnsupported, PointwiseNotDifferentiable,
        PointwiseRecursive, TwoActivations, PointwiseTooLarge,
    ];
}
