namespace Intaglio.Compiler;

/// <summary>A RoBERTa style encoder (transformers, <c>models/roberta</c>; Liu et al., arXiv:1907.11692): BERT's, with positions that are counted from the padding token on.</summary>
internal sealed class Roberta : Bert
{
    public override string ModelType => "roberta";

    public override string Prefix => "roberta.";

    protected override string Class => "Roberta";

    protected override int DefaultVocabulary => 50265;

    protected override string[] TiedHead => ["lm_head.decoder.weight", "lm_head.decoder.bias"];

    public override bool IsOutsidePrefix(string name) => base.IsOutsidePrefix(name) || name.StartsWith("lm_head.", StringComparison.Ordinal);

    protected override bool Fits(ModelSpec spec) => IsLikeBert(spec) && spec.PositionEncoding.Offset > 0 && spec.Embedding.PaddingToken == spec.PositionEncoding.Offset - 1;

    protected override HeadNames Head(HeadSpec head) => head switch
    {
        MaskedLanguageModelingHeadSpec => new() { Transform = "lm_head.dense", TransformNorm = "lm_head.layer_norm", Bias = "lm_head.bias" },
        SequenceClassificationHeadSpec => new() { Transform = "classifier.dense", Weight = "classifier.out_proj.weight", Bias = "classifier.out_proj.bias" },
        _ => base.Head(head),
    };
}
