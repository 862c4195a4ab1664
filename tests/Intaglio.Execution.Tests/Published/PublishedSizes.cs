namespace Intaglio.ExecutionTests;

/// <summary>
/// The models whose parameters somebody counted. What a row of the published numbers does not say of a model is its family's published configuration, which the family's
/// attribute stands for; the sizes of FLAN-T5 are those of its config.json files (google/flan-t5-base, -large, -xl).
/// </summary>
internal static partial class Sized
{
    // BertModel and RobertaModel end in a pooler: the first token's state through a dense layer and tanh.
    [Bert, SentenceEmbedding(Pooling = Pooling.First, Pooler = true, Normalize = false)]
    internal sealed partial class BertBase;

    [Roberta, SentenceEmbedding(Pooling = Pooling.First, Pooler = true, Normalize = false)]
    internal sealed partial class RobertaBase;

    [Roberta, SequenceClassification(2)]
    internal sealed partial class RobertaBaseForTwoLabels;

    [Gpt2]
    internal sealed partial class Gpt2Small;

    // nanoGPT's bias = False leaves the biases out of products too.
    [Gpt2, Attention(QueryKeyValueBias = false, OutputBias = false), FeedForward(Bias = false), Normalization(Bias = false)]
    internal sealed partial class Gpt2SmallWithoutBiases;

    [T5]
    internal sealed partial class T5Small;

    [FlanT5]
    internal sealed partial class FlanT5Small;

    [FlanT5, Transformer(HiddenSize = 768), Encoder(Layers = 12), Decoder(Layers = 12), Attention(Heads = 12), FeedForward(IntermediateSize = 2048)]
    internal sealed partial class FlanT5Base;

    [FlanT5, Transformer(HiddenSize = 1024), Encoder(Layers = 24), Decoder(Layers = 24), Attention(Heads = 16), FeedForward(IntermediateSize = 2816)]
    internal sealed partial class FlanT5Large;

    [FlanT5, Transformer(HiddenSize = 2048), Encoder(Layers = 24), Decoder(Layers = 24), Attention(Heads = 32), FeedForward(IntermediateSize = 5120)]
    internal sealed partial class FlanT5Xl;

    [Bart]
    internal sealed partial class BartBase;

    [Bart, Transformer(HiddenSize = 1024), Encoder(Layers = 12), Decoder(Layers = 12), Attention(Heads = 16)]
    internal sealed partial class BartLarge;

    [Bloom, Transformer(HiddenSize = 14336), Decoder(Layers = 70), Attention(Heads = 112)]
    internal sealed partial class Bloom176B;

    [Bloom, Transformer(HiddenSize = 4096), Decoder(Layers = 30), Attention(Heads = 32)]
    internal sealed partial class Bloom7B1;

    [Bloom]
    internal sealed partial class Bloom560M;

    [Bloom, Transformer(HiddenSize = 7680, VocabularySize = 131072), Decoder(Layers = 70), Attention(Heads = 40)]
    internal sealed partial class BloombergGpt;

    [Llama]
    internal sealed partial class Llama7B;

    [Llama, Transformer(HiddenSize = 5120), Decoder(Layers = 40), Attention(Heads = 40), FeedForward(IntermediateSize = 13824)]
    internal sealed partial class Llama13B;

    [Llama, Transformer(HiddenSize = 6656), Decoder(Layers = 60), Attention(Heads = 52), FeedForward(IntermediateSize = 17920)]
    internal sealed partial class Llama33B;

    [Llama, Transformer(HiddenSize = 8192), Decoder(Layers = 80), Attention(Heads = 64), FeedForward(IntermediateSize = 22016)]
    internal sealed partial class Llama65B;
}
