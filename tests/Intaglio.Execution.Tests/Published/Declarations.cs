namespace Intaglio.ExecutionTests;

/// <summary>../shared/data/gpt2-tiny-random.</summary>
[Transformer(HiddenSize = 32, ContextLength = 512, VocabularySize = 1000)]
[Decoder(Layers = 5)]
[Attention(Heads = 4)]
internal sealed partial class Gpt2TinyRandom;

/// <summary>../shared/data/hf-tiny/gpt2-a, without its dropout, which the published numbers are without.</summary>
[Transformer(HiddenSize = 32, ContextLength = 32, VocabularySize = 96)]
[Decoder(Layers = 2)]
[Attention(Heads = 4)]
internal sealed partial class Gpt2Tiny;
