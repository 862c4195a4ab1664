using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Diagnostics;

/// <content>What is legal but odd: suggestions, which no default causes.</content>
internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor VocabularyRagged = Hint(
        "INTG040",
        "VocabularySize is not a multiple of 64",
        "VocabularySize ({0}) is not a multiple of 64; {1} gives the head's product whole tiles (keep {0} to load a checkpoint that has it)",
        """
        The head multiplies every hidden state by the whole vocabulary, which is the largest product of a small model; tiles are whole where the vocabulary is
        a multiple of 64. GPT-2's 50257 is often trained as 50304. The added tokens never occur, and the model learns so within a few steps. Vocabularies
        up to 1024 (bytes, characters) get no such hint: padding would cost more than 6% there, and their head is no large product. Nor is it good advice where
        a published checkpoint is loaded, whose number has to be kept: `#pragma warning disable INTG040` says so.
        """);

    public static readonly DiagnosticDescriptor HeadsNarrow = Hint(
        "INTG041",
        "Heads are narrow",
        "{0} heads of {1} are narrower than a vector of 16 floats; use {2}",
        """
        A head compares tokens by a product of HeadSize numbers; 64 to 128 are usual. Below 16 it distinguishes little, and part of each vector unit
        stays idle. Use fewer heads, or a HeadSize of their own.
        """);

    public static readonly DiagnosticDescriptor IntermediateNarrow = Hint(
        "INTG042",
        "IntermediateSize is below HiddenSize",
        "IntermediateSize ({0}) is below HiddenSize ({1}), which makes the feed-forward network a bottleneck; leave it out for {2}",
        """
        Feed-forward networks are wider than the residual stream, by 4 in GPT-2 and by 8/3 in LLaMA, and hold most of what a model knows. A narrower one is an
        adapter rather than a network. Perhaps the number was meant as a factor.
        """);

    public static readonly DiagnosticDescriptor WindowWithoutEffect = Hint(
        "INTG043",
        "SlidingWindow has no effect",
        "SlidingWindow ({0}) is not below ContextLength ({1}), so that every token sees all before it anyway; remove it, or make it smaller",
        """
        A window hides what lies further back than its length, and no sequence is longer than ContextLength.
        """);

    public static readonly DiagnosticDescriptor SeesItselfOnly = Hint(
        "INTG044",
        "A token sees only itself",
        "{0} is 1, so that a token sees only itself and attention has nothing to choose from; use more, or leave it out for its default",
        """
        With a window or a context of one token, softmax is over a single score: its weight is 1 whatever queries and keys are, which then learn nothing.
        """);

    public static readonly DiagnosticDescriptor HeadSizeWithoutHeads = Hint(
        "INTG045",
        "HeadSize without Heads",
        "HeadSize ({0}) is set and Heads is not, so that the default of {1} makes {2} columns beside a HiddenSize of {3}; set Heads, such as {4}",
        """
        The default of Heads is HiddenSize / 64, whatever HeadSize is. Heads × HeadSize may differ from HiddenSize (Gemma, Qwen 3), but is worth being written
        down then.
        """,
        """
        [Transformer(HiddenSize = 384), Decoder, Attention(Heads = 12, HeadSize = 32)]
        public sealed partial class Story;
        """);

    public static readonly DiagnosticDescriptor OneHead = Hint(
        "INTG046",
        "Attention has one wide head",
        "HiddenSize ({0}) is not a multiple of 64, so that attention has a single head of {0}; {1}",
        """
        The default is heads of 64, or one head where 64 does not divide HiddenSize. One head looks at one place at a time; several look at several for the same
        price. Set Heads to a divisor of HiddenSize.
        """);

    public static readonly DiagnosticDescriptor GatedWidth = Hint(
        "INTG047",
        "Gated network with an ungated one's width",
        "A gated network has three matrices, and with the default IntermediateSize ({0}) half as many parameters again as an ungated one; set it to {1} for about the same number",
        """
        The default IntermediateSize, 4 · HiddenSize, is meant for two matrices. With three, 8/3 · HiddenSize has as many parameters (Shazeer, arXiv:2002.05202,
        section 3), which LLaMA rounds up too. Writing the default down, `IntermediateSize = 4 * 384`, silences the hint.
        """);

    public static readonly DiagnosticDescriptor DropoutHeavy = Hint(
        "INTG048",
        "Dropout drops more than it keeps",
        "Of what [{0}] contributes, training keeps {1}% after all dropout; rates from 0.1 to 0.3 are usual",
        """
        What attention or the feed-forward network adds passes two dropouts, its own and `[Transformer]`'s, which multiply: 0.4 and 0.4 keep 36%.
        """);

    public static readonly DiagnosticDescriptor SoftCapLow = Hint(
        "INTG049",
        "LogitSoftCap keeps attention flat",
        "LogitSoftCap ({0}) lets no attention weight be more than {1} times another, so that among {2} tokens none can get half of the attention; 50 is usual",
        """
        Scores between -c and c differ by at most 2c, and their weights by a factor of e²ᶜ. A token can get half of the attention of n tokens only where
        that factor is at least n - 1. Gemma 2 has 50 (arXiv:2408.00118).
        """);

    public static readonly DiagnosticDescriptor RotaryRepeats = Hint(
        "INTG050",
        "Rotary positions repeat within the context",
        "With RotaryTheta {0} the slowest pair of columns comes round after {1} tokens, but ContextLength is {2}, so that far tokens look near; use at least {3}",
        """
        Pair i of a head turns once in 2π · θ^(2i / HeadSize) tokens. Where even the last pair turns more than once within the context, no column tells
        a distance from a larger one. Longer contexts need a larger θ: LLaMA 3 has 500,000 for 8,192 tokens.
        """);

    public static readonly DiagnosticDescriptor EpsilonLarge = Hint(
        "INTG051",
        "Epsilon outweighs the variance",
        "Epsilon ({0}) is larger than the variance with which embeddings begin, {1}, so that the first norms do not normalize; 1e-5f is usual",
        """
        A norm divides by √(variance + ε), and ε is there for a variance of zero only. Embeddings begin with a standard deviation of 0.02.
        """);

    public static readonly DiagnosticDescriptor ActivationLinear = Hint(
        "INTG052",
        "Activation is linear",
        "'{0}' is linear, so that the products before and after it are no more than one product; use a function with a bend",
        """
        Two matrices with nothing but a factor between them are one matrix, and the feed-forward network can compute no more than that. A gated network is another
        matter, since its halves are multiplied (the bilinear layer of arXiv:2002.05202): there is no hint then.
        """);

    public static readonly DiagnosticDescriptor OneToken = Hint(
        "INTG053",
        "Vocabulary of one token",
        "VocabularySize is 1, so that there is nothing to predict and the loss is always 0; use at least 2, or leave it out for the 256 bytes",
        """
        The only token has a probability of 1, whatever the weights are.
        """);

    private static IEnumerable<DiagnosticDescriptor> Hints =>
    [
        VocabularyRagged, HeadsNarrow, IntermediateNarrow, WindowWithoutEffect, SeesItselfOnly, HeadSizeWithoutHeads, OneHead, GatedWidth, DropoutHeavy,
        SoftCapLow, RotaryRepeats, EpsilonLarge, ActivationLinear, OneToken,
    ];
}
