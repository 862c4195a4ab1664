using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Diagnostics;

/// <content>Layers of one's own.</content>
internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor BlockMisdeclared = Error(
        "INTG080",
        "Method cannot be a layer",
        "'{0}' {1}; write it as '[Block] static Tensor {0}(Tensor x, Norm norm, SelfAttention attention, FeedForward mlp) => ...'",
        """
        A layer is `[Block]`, static, not generic, takes a `Tensor` and then what the layer owns (`Norm`, `SelfAttention`, `CrossAttention`, `FeedForward`, `Linear`), and returns a `Tensor`.
        It owns one self-attention and one feed-forward network at most, and attention to an encoder exactly where there is one.
        """,
        """
        [Decoder]
        public sealed partial class Story
        {
            [Block]
            private static Tensor Layer(Tensor x, Norm norm, SelfAttention attention) => x + attention(norm(x));
        }
        """);

    public static readonly DiagnosticDescriptor BlockUnsupported = Error(
        "INTG081",
        "Expression is not supported in a layer",
        "{0} cannot be compiled in a [Block] method; use sums, products, Map, what the layer owns, and locals",
        """
        A layer is made of `+`, `*`, `Map`, calls of its parameters, and locals that are declared and not changed. The diagnostic stands at the part that is none of these.
        """);

    public static readonly DiagnosticDescriptor BlockModuleUse = Error(
        "INTG082",
        "What a layer owns is not used once",
        "'{0}' {1}",
        """
        Each of a layer's modules has parameters of its own and is called exactly once, for a result that the layer's depends on. What is needed twice is kept in a local; what is never called is removed.
        """);

    public static readonly DiagnosticDescriptor BlockAmbiguous = Error(
        "INTG083",
        "It is not clear whose layer a method is",
        "'{0}' does not say whose layer it is; set AppliesTo = AppliesTo.EncoderSelf or AppliesTo.DecoderSelf, and declare one method for each stack at most",
        """
        In an encoder-decoder a `[Block]` method says which stack's layer it is, and a stack has one.
        """);

    private static IEnumerable<DiagnosticDescriptor> Blocks =>
    [
        BlockMisdeclared, BlockUnsupported, BlockModuleUse, BlockAmbiguous,
    ];
}
