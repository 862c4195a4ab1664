using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Diagnostics;

/// <content>Rates, factors, choices and formats.</content>
internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor DropoutOutOfRange = Error(
        "INTG007",
        "Dropout is not a probability below 1",
        "Dropout of [{0}] is {1}; it must be at least 0 and less than 1",
        """
        `Dropout` is the share of elements that training drops: at least 0, and less than 1, since with 1 nothing would be left.
        """);

    public static readonly DiagnosticDescriptor EpsilonNotPositive = Error(
        "INTG008",
        "Epsilon is not positive",
        "Epsilon is {0}; it must be positive and finite, such as 1e-5f",
        """
        `Epsilon` keeps a norm from dividing by zero: positive and finite. GPT-2 has 1e-5.
        """);

    public static readonly DiagnosticDescriptor UnknownEnumValue = Error(
        "INTG009",
        "Unknown enum value",
        "{0} is {1}, which is no value of {2}; use {3}",
        """
        A number was cast to an enum that has no such value. The message lists those that it has.
        """);

    public static readonly DiagnosticDescriptor FormatNotSupported = Error(
        "INTG010",
        "Number format is not supported yet",
        "{0} is not supported yet; use FP32 for a model that trains or BF16 for one that only generates",
        """
        `FP32` trains and `BF16` stores the weights of a model that only generates. `FP16`, `INT8` and `INT4` are reserved.
        """);

    public static readonly DiagnosticDescriptor DropoutWithoutTraining = Warning(
        "INTG011",
        "Dropout on a model that does not train",
        "Dropout of [{0}] is {1}, but a BF16 model only generates, and dropout acts in training alone; remove it, or train in FP32",
        """
        A warning: dropout acts while a model is trained, and a BF16 model cannot be. Remove the dropout, or train in `FP32` and serve a copy:
        ```csharp
        [Decoder, FeedForward(Dropout = 0.1f)]
        public sealed partial class Story;

        [BasedOn<Story>, Precision(BF16)]
        public sealed partial class Serving;
        ```
        Dropout that is taken over from the other model in this way is no reason for the warning.
        """);

    public static readonly DiagnosticDescriptor RmsNormBias = Error(
        "INTG022",
        "RmsNorm has no bias",
        "RmsNorm has no bias; remove Bias = true, or use NormalizationKind.LayerNorm",
        """
        RMSNorm multiplies by a gain and adds nothing. Remove `Bias = true`, or use `NormalizationKind.LayerNorm`.
        """);

    public static readonly DiagnosticDescriptor FactorNotPositive = Error(
        "INTG023",
        "Factor is not positive",
        "{0} is {1}; it must be positive and finite, or left out for its default",
        """
        `Scale`, `LogitSoftCap` and `RotaryTheta` are positive, finite numbers. Leave the argument out for its default.
        """);

    private static IEnumerable<DiagnosticDescriptor> Values =>
    [
        DropoutOutOfRange, EpsilonNotPositive, UnknownEnumValue, FormatNotSupported, DropoutWithoutTraining, RmsNormBias, FactorNotPositive,
    ];
}
