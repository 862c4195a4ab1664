namespace Intaglio.Runtime.Tests;

/// <summary>The smallest model that has everything: 2 layers, 2 heads, biases, a tied head.</summary>
[Transformer(HiddenSize = 32, ContextLength = 16, VocabularySize = 50)]
[Decoder(Layers = 2)]
[Attention(Heads = 2)]
[FeedForward(IntermediateSize = 64)]
public sealed partial class TinyGpt;
