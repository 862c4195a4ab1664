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

    public static TooLargeTensor? FirstTooLarge(ModelSpec spec)
    {
        decimal hidden = spec.HiddenSize;
        var feedForward = (DenseFeedForwardSpec)spec.FeedForward;
        decimal intermediate = feedForward.IntermediateSize;
        decimal headSize = spec.Attention.HeadSize;
        var tokens = spec.VocabularySize * hidden;
        var positions = spec.PositionEncoding.Kind == PositionEncodingKind.Learned ? spec.ContextLength * hidden : 0;
        var angles = spec.PositionEncoding.Kind == PositionEncodingKind.Rotary ? spec.ContextLength * headSize : 0;
        var query = spec.Attention.Heads * headSize;
        var qkv = (query + (2 * spec.Attention.KeyValueHeads * headSize)) * hidden;
        var down = hidden * intermediate;
        var up = feedForward.Gated ? 2 * down : down;

        // Biases and gains are vectors of at most the sizes of these matrices.
        var layer = qkv + (query * hidden) + up + down + (10 * hidden) + intermediate;
        var all = (2 * tokens) + positions + (spec.Layers * layer) + (2 * hidden);
        return new TooLargeTensor[]
        {
            new("The token embedding", tokens, OneTensor, [Keys.VocabularySize, Keys.HiddenSize]),
            new("The position embedding", positions, OneTensor, [Keys.ContextLength, Keys.HiddenSize], Keys.PositionEncodingKind),
            new("The table of rotary positions", angles, OneTensor, [Keys.ContextLength, Keys.HeadSize], Keys.PositionEncodingKind, Keys.Heads, Keys.HiddenSize),
            new("The query, key and value projection", qkv, OneTensor, [Keys.HiddenSize, Keys.Heads, Keys.HeadSize], Keys.KeyValueHeads),
            new("The feed-forward projection", up, OneTensor, [Keys.IntermediateSize, Keys.HiddenSize], Keys.Gated),
            new("The model", all, AllTensors, [Keys.Layers, Keys.HiddenSize], [.. Keys.Sizes, Keys.Gated, Keys.PositionEncodingKind]),
        }.FirstOrDefault(tensor => tensor.Elements > tensor.Limit);
    }
}
