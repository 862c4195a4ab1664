namespace Intaglio.Benchmarks;

/// <summary>BERT-base up to its pooled output: the first token's last hidden state through the pooler.</summary>
[Bert, SentenceEmbedding(Pooling = Pooling.First, Pooler = true, Normalize = false)]
public sealed partial class BertBase;

/// <summary>The same, small enough for a test.</summary>
[BasedOn<BertBase>]
[Transformer(HiddenSize = 32, ContextLength = 24, VocabularySize = 64)]
[Encoder(Layers = 3), Attention(Heads = 2), FeedForward(IntermediateSize = 80)]
public sealed partial class BertTiny;
