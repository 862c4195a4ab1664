using Intaglio;

namespace SpanFiller;

/// <summary>An encoder-decoder that reads bytes with gaps and writes what is missing. 256 is padding, 257 the end; sentinels are counted down from 289.</summary>
[T5]
[Transformer(HiddenSize = 128, ContextLength = 128, VocabularySize = 290)]
[Encoder(Layers = 3), Decoder(Layers = 3)]
[Attention(Heads = 4, HeadSize = 32)]
[FeedForward(IntermediateSize = 512)]
[SpanCorruption(Sentinels = 32, PadToken = 256, EndToken = 257, DecoderStartToken = 256)]
public sealed partial class Filler;
