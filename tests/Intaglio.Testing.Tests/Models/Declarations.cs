namespace Intaglio.Testing.Tests;

/// <summary>GPT-2's choices.</summary>
[Transformer(HiddenSize = 32, ContextLength = 16, VocabularySize = 50)]
[Decoder(Layers = 2)]
[Attention(Heads = 2)]
[FeedForward(IntermediateSize = 64)]
internal sealed partial class Gpt;

/// <summary>The same with dropout at every place that has one.</summary>
[BasedOn<Gpt>]
[Transformer(Dropout = 0.1f)]
[Attention(Dropout = 0.2f)]
[FeedForward(Dropout = 0.1f)]
[Embedding(Dropout = 0.1f)]
internal sealed partial class DroppedGpt;

/// <summary>LLaMA's choices.</summary>
[Transformer(HiddenSize = 32, ContextLength = 40, VocabularySize = 50)]
[Decoder(Layers = 2)]
[Attention(Heads = 4, KeyValueHeads = 2, QueryKeyValueBias = false, OutputBias = false)]
[FeedForward(IntermediateSize = 44, Activation = Activation.Silu, Gated = true, Bias = false)]
[Normalization(NormalizationKind.RmsNorm)]
[PositionEncoding(PositionEncodingKind.Rotary)]
[Embedding(TieWordEmbeddings = false)]
internal sealed partial class Llama;

/// <summary>A copy for serving.</summary>
[BasedOn<Llama>]
[Precision(BF16)]
internal sealed partial class LlamaServing;

/// <summary>An activation of its own, and sizes that no vector divides.</summary>
[Transformer(HiddenSize = 21, ContextLength = 11, VocabularySize = 53)]
[Decoder(Layers = 1)]
[Attention(Heads = 3)]
[FeedForward(IntermediateSize = 37, ActivationMethod = nameof(Mish))]
internal sealed partial class OwnActivation
{
    // Misra, arXiv:1908.08681.
    [Pointwise]
    private static float Mish(float x) => x * MathF.Tanh(MathF.Log(1 + MathF.Exp(x)));
}

/// <summary>An activation with a kink, where there is no derivative.</summary>
[BasedOn<Gpt>]
[FeedForward(Activation = Activation.Relu)]
internal sealed partial class Kinked;

/// <summary>Small enough for the simulator.</summary>
[Transformer(HiddenSize = 8, ContextLength = 6, VocabularySize = 11)]
[Decoder(Layers = 1)]
[Attention(Heads = 2)]
internal sealed partial class Smallest;

internal static partial class Nesting
{
    /// <summary>A model in another class.</summary>
    [BasedOn<Smallest>]
    internal sealed partial class Outer
    {
        /// <summary>A model in a model, with the beginning of its name.</summary>
        [BasedOn<Smallest>]
        internal sealed partial class Inner;
    }
}

/// <summary>BERT's choices: types, padding, a head for masked tokens.</summary>
[Transformer(HiddenSize = 32, ContextLength = 16, VocabularySize = 50)]
[Encoder(Layers = 2)]
[Attention(Heads = 2)]
[FeedForward(IntermediateSize = 64, Activation = Activation.Gelu)]
[Normalization(Placement = NormalizationPlacement.Post)]
[Embedding(Normalize = true, TokenTypes = 2, PaddingToken = 0)]
internal sealed partial class Bert;

/// <summary>Labels of sequences.</summary>
[BasedOn<Bert>, SequenceClassification(3)]
internal sealed partial class SequenceLabels;

/// <summary>Labels of tokens.</summary>
[BasedOn<Bert>, TokenClassification(4)]
internal sealed partial class TokenLabels;

/// <summary>Where answers are.</summary>
[BasedOn<Bert>, QuestionAnswering]
internal sealed partial class Answers;

/// <summary>Vectors of sequences, which are not trained.</summary>
[BasedOn<Bert>, SentenceEmbedding]
internal sealed partial class Sentences;

/// <summary>BART's kind of choices: a decoder that attends to an encoder's result.</summary>
[Transformer(HiddenSize = 32, ContextLength = 12, VocabularySize = 50)]
[Encoder(Layers = 1), Decoder(Layers = 2)]
[Attention(Heads = 2)]
[FeedForward(IntermediateSize = 48)]
internal sealed partial class Translator;

/// <summary>T5's: distances in buckets, no biases.</summary>
[BasedOn<Translator>]
[Attention(QueryKeyValueBias = false, OutputBias = false)]
[FeedForward(Activation = Activation.Relu, Bias = false)]
[Normalization(NormalizationKind.RmsNorm)]
[PositionEncoding(PositionEncodingKind.RelativeBuckets, Buckets = 8, MaxDistance = 16)]
internal sealed partial class Bucketed;
