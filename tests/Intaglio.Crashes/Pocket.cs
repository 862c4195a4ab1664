using Intaglio.Data;

namespace Intaglio.Crashes;

/// <summary>A model so small that saving it takes longer than training it.</summary>
[Transformer(HiddenSize = 32, ContextLength = 16, VocabularySize = 64, Dropout = 0.1f)]
[Decoder(Layers = 2)]
[Attention(Heads = 2)]
internal sealed partial class Pocket
{
    /// <summary>Tokens in which one follows from the one before it.</summary>
    public static TokenCorpus Corpus { get; } = TokenCorpus.FromTokens([.. Enumerable.Range(0, 2000).Select(i => i * i % 64)], 64);
}
