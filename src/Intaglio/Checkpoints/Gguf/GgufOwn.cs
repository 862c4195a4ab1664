namespace Intaglio.Checkpoints;

/// <summary>
/// A model of none of transformers' architectures that llama.cpp's <c>llama</c> can be all the same, such as one whose positions turn neighbouring columns: its
/// config.json says every choice, and each has to be LLaMA's.
/// </summary>
internal sealed class GgufOwn(ModelDescription description) : GgufLlama(description)
{
    private const string Layout = "rope_layout";

    private static readonly (string Key, object Needed)[] Choices =
    [
        ("is_causal", true),
        ("normalization", $"{NormalizationKind.RmsNorm}"),
        ("norm_placement", $"{NormalizationPlacement.Pre}"),
        ("norm_bias", false),
        ("norm_unit_offset", false),
        ("position_encoding", $"{PositionEncodingKind.Rotary}"),
        ("partial_rotary_factor", 1.0),
        ("embedding_scale", 1.0),
        ("embedding_norm", false),
        ("type_vocab_size", 0),
        ("head", "language_modeling"),
        ("head_bias", false),
        ("final_logit_softcapping", 0.0),
        ("logit_scale", 1.0),
        ("every_nth_layer", 0),
        ("qk_norm", false),
        ("attn_logit_softcapping", 0.0),
        ("gated", true),
        ("block", "x + attention(attentionNorm(x)) + feedForward(feedForwardNorm(x + attention(attentionNorm(x))))"),
    ];

    protected override string EpsilonKey => "norm_eps";

    protected override bool IsReordered => Declared.Is(Layout, $"{RotaryLayout.HalfSplit}");

    protected override IEnumerable<Obstacle> Obstacles()
    {
        Obstacle[] obstacles = [.. Choices.SelectMany(choice => Require(Declared.Is(choice.Key, choice.Needed), choice.Key, ConfigurationFile.Text(choice.Needed)))];

        // What else could be wrong is asked of a model whose positions turn.
        return obstacles.Length > 0
            ? obstacles
            : [.. base.Obstacles(), .. Require(Math.Abs(Declared.Number("attention_scale") - (1 / Math.Sqrt(HeadSize))) < 1e-6, "attention_scale", $"1 / √head_dim, head_dim being {HeadSize}")];
    }
}
