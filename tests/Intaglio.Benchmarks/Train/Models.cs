namespace Intaglio.Benchmarks;

/// <summary>nanoGPT's model of characters.</summary>
[Transformer(HiddenSize = 384, ContextLength = 256, VocabularySize = 65)]
[Decoder(Layers = 6), Attention(Heads = 6)]
public sealed partial class Gpt6x384;

/// <summary>The one that it trains on a processor.</summary>
[Transformer(HiddenSize = 128, ContextLength = 64, VocabularySize = 65)]
[Decoder(Layers = 4), Attention(Heads = 4)]
public sealed partial class Gpt4x128;

/// <summary>The same size in LLaMA's manner.</summary>
[Llama]
[Transformer(HiddenSize = 384, ContextLength = 256, VocabularySize = 512)]
[Decoder(Layers = 6), Attention(Heads = 6), FeedForward(IntermediateSize = 1024)]
public sealed partial class Llama6x384;

/// <summary>The same size in BERT's manner, with its head for masked tokens.</summary>
[Bert, MaskedLanguageModeling(511, PadToken = 510)]
[Transformer(HiddenSize = 384, ContextLength = 256, VocabularySize = 512, Dropout = 0)]
[Encoder(Layers = 6), Attention(Heads = 6, Dropout = 0), FeedForward(IntermediateSize = 1536), Embedding(Dropout = 0)]
public sealed partial class Bert6x384;
