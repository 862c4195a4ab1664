namespace Intaglio.Benchmarks;

/// <summary>llama2.c's model of 110 million parameters, of a context as long as the prompt that is measured.</summary>
[Llama]
[Transformer(HiddenSize = 768, ContextLength = 512, VocabularySize = 32000)]
[Decoder(Layers = 12), Attention(Heads = 12), FeedForward(IntermediateSize = 2048), Embedding(TieWordEmbeddings = true)]
public sealed partial class Llama110M;

/// <summary>The same in half the memory.</summary>
[BasedOn<Llama110M>, Precision(BF16)]
public sealed partial class Llama110MBF16;

/// <summary>llama2.c's model of 15 million parameters.</summary>
[Llama]
[Transformer(HiddenSize = 288, ContextLength = 512, VocabularySize = 32000)]
[Decoder(Layers = 6), Attention(Heads = 6), FeedForward(IntermediateSize = 768), Embedding(TieWordEmbeddings = true)]
public sealed partial class Llama15M;

/// <summary>The same in half the memory.</summary>
[BasedOn<Llama15M>, Precision(BF16)]
public sealed partial class Llama15MBF16;

/// <summary>GPT-2's smallest: its weights lie the other way round.</summary>
[Gpt2]
public sealed partial class Gpt2Small;
