namespace Intaglio.Runtime.Tests;

/// <summary>The smallest encoder that has everything: types, padding, a head for masked tokens.</summary>
[Transformer(HiddenSize = 16, ContextLength = 8, VocabularySize = 50)]
[Encoder(Layers = 2)]
[Attention(Heads = 2)]
[FeedForward(IntermediateSize = 24)]
[Embedding(TokenTypes = 2, PaddingToken = 0)]
public sealed partial class TinyEncoder;

/// <summary>Labels of sequences.</summary>
[BasedOn<TinyEncoder>, SequenceClassification(3)]
public sealed partial class TinyClassifier;

/// <summary>Labels of tokens, without types.</summary>
[BasedOn<TinyEncoder>, Embedding(TokenTypes = 0), TokenClassification(4)]
public sealed partial class TinyTagger;

/// <summary>Where answers start and end.</summary>
[BasedOn<TinyEncoder>, QuestionAnswering]
public sealed partial class TinyReader;

/// <summary>Vectors of sequences.</summary>
[BasedOn<TinyEncoder>, SentenceEmbedding]
public sealed partial class TinySentences;

/// <summary>The smallest encoder-decoder.</summary>
[Transformer(HiddenSize = 16, ContextLength = 8, VocabularySize = 50)]
[Encoder(Layers = 1), Decoder(Layers = 2)]
[Attention(Heads = 2)]
[FeedForward(IntermediateSize = 24)]
public sealed partial class TinyTranslator;
