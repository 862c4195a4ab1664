namespace Intaglio;

/// <summary>Pre-training by predicting the next token: what a decoder is trained for unless another objective is declared. The class gets <c>CreateObjective</c>.</summary>
/// <example>
/// <code>
/// [Decoder, CausalLanguageModeling]
/// public sealed partial class Next;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class CausalLanguageModelingAttribute : Attribute
{
    /// <summary>Fills rows whose text is shorter; its targets are ignored. Default 0.</summary>
    public int PadToken { get; set; }
}

/// <summary>Pre-training an encoder by predicting tokens that are masked (Devlin et al., arXiv:1810.04805). The class gets <c>ObjectiveOptions</c> and <c>CreateObjective</c>.</summary>
/// <example>
/// <code>
/// [Bert, MaskedLanguageModeling(103)]
/// public sealed partial class Masked;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class MaskedLanguageModelingAttribute(int maskToken) : Attribute
{
    /// <summary>The token that stands for a masked one.</summary>
    public int MaskToken { get; } = maskToken;

    /// <summary>Fills rows whose text is shorter. Default 0.</summary>
    public int PadToken { get; set; }

    /// <summary>The share of tokens that are to be predicted. Default 0.15.</summary>
    public double MaskingRate { get; set; }

    /// <summary>The share of those that become the mask token. Default 0.8.</summary>
    public double MaskTokenShare { get; set; }

    /// <summary>The share of those that become a random token; the others stay. Default 0.1.</summary>
    public double RandomTokenShare { get; set; }
}

/// <summary>
/// Pre-training an encoder-decoder by filling in spans that sentinel tokens stand for (Raffel et al., arXiv:1910.10683). The class gets <c>ObjectiveOptions</c> and <c>CreateObjective</c>.
/// </summary>
/// <example>
/// <code>
/// [T5, SpanCorruption(VocabularySize = 32100)]
/// public sealed partial class Filler;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SpanCorruptionAttribute : Attribute
{
    /// <summary>The tokenizer's vocabulary, from whose end sentinels are counted down; it may be smaller than the model's. Default: the model's.</summary>
    public int VocabularySize { get; set; }

    /// <summary>How many sentinels there are. Default 100.</summary>
    public int Sentinels { get; set; }

    /// <summary>Ends inputs and targets. Default 1.</summary>
    public int EndToken { get; set; }

    /// <summary>Fills what is shorter. Default 0.</summary>
    public int PadToken { get; set; }

    /// <summary>The decoder's first token. Default 0.</summary>
    public int DecoderStartToken { get; set; }

    /// <summary>The share of tokens in spans. Default 0.15.</summary>
    public double NoiseDensity { get; set; }

    /// <summary>Tokens of a span on the average. Default 3.</summary>
    public double MeanSpanLength { get; set; }

    /// <summary>Whether a sentinel follows the last span, as in the paper's figure 2, though the text ends there. Default true.</summary>
    public bool FinalSentinel { get; set; }
}

/// <summary>
/// Pre-training an encoder-decoder by restoring a text whose spans are masked and whose sentences are shuffled (Lewis et al., arXiv:1910.13461). The class gets <c>ObjectiveOptions</c> and
/// <c>CreateObjective</c>.
/// </summary>
/// <example>
/// <code>
/// [Bart, Denoising(50264)]
/// public sealed partial class Restorer;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class DenoisingAttribute(int maskToken) : Attribute
{
    /// <summary>The token that stands for a span.</summary>
    public int MaskToken { get; } = maskToken;

    /// <summary>Begins a text. Default 0.</summary>
    public int StartToken { get; set; }

    /// <summary>Ends a text. Default 2.</summary>
    public int EndToken { get; set; }

    /// <summary>Fills what is shorter. Default 1.</summary>
    public int PadToken { get; set; }

    /// <summary>The decoder's first token. Default 2.</summary>
    public int DecoderStartToken { get; set; }

    /// <summary>The share of tokens in spans. Default 0.3.</summary>
    public double MaskingRate { get; set; }

    /// <summary>Tokens of a span on the average. Default 3.</summary>
    public double MeanSpanLength { get; set; }
}
