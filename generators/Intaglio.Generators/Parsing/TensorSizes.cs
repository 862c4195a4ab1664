using Intaglio.Compiler;

namespace Intaglio.Generators.Parsing;

/// <summary>A tensor with more elements than can be addressed.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Elements">How many elements it would have.</param>
/// <param name="Limit">How many it may have.</param>
/// <param name="Sizes">The arguments that its size comes from most.</param>
/// <param name="Others">Other arguments without which it would be smaller.</param>
internal sealed record TooLargeTensor(string Name, decimal Elements, decimal Limit, string[] Sizes, params string[] Others);

/// <summary>Whether a model's tensors can be addressed: each by an int, all together, four bytes an element and four copies in training, by a long.</summary>
internal static class TensorSizes
{
    private const decimal OneTensor = int.MaxValue;
    private const decimal AllTensors = long.MaxValue / 16;

    // BLOOM's, of 176 billion parameters, has 3.6 billion elements: its facts can be had, though no device code addresses it.
    private const int LargestVocabulary = 1 << 20;
    private const int WidestEmbedding = 1 << 15;

    /// <summary>Whether the token embedding has more elements than can be addressed, though its facts can be had.</summary>
    public static bool IsEmbeddingForFactsAlone(ModelSpec spec) =>
        (decimal)spec.VocabularySize * spec.HiddenSize > OneTensor && spec is { VocabularySize: <= LargestVocabulary, HiddenSize: <= WidestEmbedding };

    public static TooLargeTensor? FirstTooLarge(ModelSpec spec)
    {
        decimal hidden = spec.HiddenSize;
        var feedForward = (DenseFeedForwardSpec)spec.Main.FeedForward;
        decimal intermediate = feedForward.IntermediateSize;
        decimal headSize = spec.Main.Attention.HeadSize;
        var tokens = spec.VocabularySize * hidden;
        var positions = spec.PositionEncoding.Kind == PositionEncodingKind.Learned ? spec.ContextLength * hidden : 0;
        var angles = spec.PositionEncoding.Kind == PositionEncodingKind.Rotary ? spec.ContextLength * headSize : 0;
        var query = spec.Main.Attention.Heads * headSize;
        var qkv = (query + (2 * spec.Main.Attention.KeyValueHeads * headSize)) * hidden;
        var down = hidden * intermediate;
        var up = feedForward.Gated ? 2 * down : down;

        // Biases and gains are vectors of at most the sizes of these matrices.
        var layer = qkv + (query * hidden) + up + down + (10 * hidden) + intermediate;
        var all = (2 * tokens) + positions + (spec.Stacks.Sum(stack => (decimal)stack.Layers) * layer) + (2 * hidden);
        return new TooLargeTensor[]
        {
            new("The token embedding", tokens, IsEmbeddingForFactsAlone(spec) ? AllTensors : OneTensor, [Keys.VocabularySize, Keys.HiddenSize]),
            new("The position embedding", positions, OneTensor, [Keys.ContextLength, Keys.HiddenSize], Keys.PositionEncodingKind),
            new("The table of rotary positions", angles, OneTensor, [Keys.ContextLength, Keys.HeadSize], Keys.PositionEncodingKind, Keys.Heads, Keys.HiddenSize),
            new("The query, key and value projection", qkv, OneTensor, [Keys.HiddenSize, Keys.Heads, Keys.HeadSize], Keys.KeyValueHeads),
            new("The feed-forward projection", up, OneTensor, [Keys.IntermediateSize, Keys.HiddenSize], Keys.Gated),
            new("The model", all, AllTensors, [Keys.Layers, Keys.HiddenSize], [.. Keys.Sizes, Keys.Gated, Keys.PositionEncodingKind]),
        }.FirstOrDefault(tensor => tensor.Elements > tensor.Limit);
    }
}
