namespace Intaglio.Compiler;

/// <summary>The tensors of a decoder. Absent ones are null.</summary>
internal sealed record DecoderParameters
{
    /// <summary>Whether the layers' weights are stored [out, in], as PyTorch's Linear has them, rather than [in, out].</summary>
    public required bool IsTransposed { get; init; }

    public required ParameterSpec TokenEmbedding { get; init; }

    public required ParameterSpec? PositionEmbedding { get; init; }

    public required ParameterSpec AttentionNormGain { get; init; }

    public required ParameterSpec? AttentionNormBias { get; init; }

    public required ParameterSpec QkvWeight { get; init; }

    public required ParameterSpec? QkvBias { get; init; }

    public required ParameterSpec ProjectionWeight { get; init; }

    public required ParameterSpec? ProjectionBias { get; init; }

    public required ParameterSpec FeedForwardNormGain { get; init; }

    public required ParameterSpec? FeedForwardNormBias { get; init; }

    /// <summary>The product up; of a gated network the gate, then the value.</summary>
    public required ParameterSpec UpWeight { get; init; }

    public required ParameterSpec? UpBias { get; init; }

    public required ParameterSpec DownWeight { get; init; }

    public required ParameterSpec? DownBias { get; init; }

    public required ParameterSpec FinalNormGain { get; init; }

    public required ParameterSpec? FinalNormBias { get; init; }

    /// <summary>The head's own weight; null where it is the token embedding.</summary>
    public required ParameterSpec? HeadWeight { get; init; }

    /// <summary>Every tensor, in the order of the weights.</summary>
    public IEnumerable<ParameterSpec> All() => new[]
    {
        TokenEmbedding, PositionEmbedding,
        AttentionNormGain, AttentionNormBias, QkvWeight, QkvBias, ProjectionWeight, ProjectionBias,
        FeedForwardNormGain, FeedForwardNormBias, UpWeight, UpBias, DownWeight, DownBias,
        FinalNormGain, FinalNormBias, HeadWeight,
    }.OfType<ParameterSpec>();
}
