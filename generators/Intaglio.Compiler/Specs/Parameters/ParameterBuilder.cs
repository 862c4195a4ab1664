namespace Intaglio.Compiler;

/// <summary>Makes the tensors of a declaration, with their names in checkpoints and their first values.</summary>
internal sealed class ParameterBuilder
{
    // GPT-2 draws weights from N(0, 0.02), and divides by √(2 · layers) where a product ends on a residual stream that no norm follows, so that its variance
    // does not grow with depth (Radford et al., "Language models are unsupervised multitask learners", section 2.3). All families here begin so.
    private const double Deviation = 0.02;

    private readonly ModelSpec _spec;
    private readonly CheckpointNames _names;
    private readonly List<ParameterSpec> _all = [];

    private ParameterBuilder(ModelSpec spec, CheckpointNames names) => (_spec, _names) = (spec, names);

    public static ModelParameters Build(ModelSpec spec, CheckpointNames names) => new ParameterBuilder(spec, names).Build();

    private ModelParameters Build()
    {
        var tied = _spec.Embedding.TieWordEmbeddings && _spec.Head is LanguageModelingHeadSpec or MaskedLanguageModelingHeadSpec;
        var tokens = Weight("TokenEmbedding", _names.TokenEmbedding + ".weight", Segment.Embedding, _spec.VocabularySize, _spec.HiddenSize, Deviation, tied ? "tied with the head" : "");
        var encoder = _spec.Encoder is { } source ? Stack(source, _names.Encoder!, _spec.IsEncoderDecoder ? "Encoder" : "", _spec.IsEncoderDecoder ? Segment.EncoderLayer : Segment.Layer) : null;
        var decoder = _spec.Decoder is { } target ? Stack(target, _names.Decoder!, _spec.IsEncoderDecoder ? "Decoder" : "", Segment.Layer) : null;
        return new()
        {
            IsTransposed = _names.IsTransposed,
            InterleavesHeads = (_names.Decoder ?? _names.Encoder!).Attention.InterleavesHeads,
            TokenEmbedding = tokens,
            Encoder = encoder,
            Decoder = decoder,
            Head = Head(),
            All = _all,
        };
    }

    private StackParameters Stack(StackSpec stack, StackNames names, string prefix, Segment segment)
    {
        var positions = _spec.PositionEncoding;
        return new()
        {
            PositionEmbedding = positions.Kind == PositionEncodingKind.Learned
                ? Weight(prefix + "PositionEmbedding", names.PositionEmbedding + ".weight", Segment.Embedding, positions.Offset + _spec.ContextLength, _spec.HiddenSize, Deviation)
                : null,
            TokenTypeEmbedding = _spec.Embedding.TokenTypes > 0
                ? Weight(prefix + "TokenTypeEmbedding", names.TokenTypeEmbedding + ".weight", Segment.Embedding, _spec.Embedding.TokenTypes, _spec.HiddenSize, Deviation)
                : null,
            EmbeddingNorm = _spec.Embedding.Normalize ? Norm(prefix + "EmbeddingNorm", names.EmbeddingNorm, Segment.Embedding) : null,
            RelativeBias = positions.Kind == PositionEncodingKind.RelativeBuckets && stack.Block.Modules.Any(module => module.Kind == ModuleKind.SelfAttention)
                ? Weight(prefix + "RelativeBiasWeight", names.RelativeBias, Segment.Embedding, positions.Buckets, stack.Attention.Heads, Deviation)
                : null,
            Modules = stack.Block.Modules.ToDictionary(module => module.Name, module => Module(module, stack, names, prefix, segment)),
            FinalNorm = _spec.Normalization.Placement == NormalizationPlacement.Post ? null : Norm(prefix + "FinalNorm", names.FinalNorm, Segment.Head),
        };
    }

    private object Module(ModuleSpec module, StackSpec stack, StackNames names, string prefix, Segment segment) => module.Kind switch
    {
        ModuleKind.Norm => Norm(prefix + module.Name, names.Layer + NameOf(module, names), segment),
        ModuleKind.SelfAttention => SelfAttention(stack, names, prefix, segment),
        ModuleKind.CrossAttention => CrossAttention(stack, names, prefix, segment),
        ModuleKind.FeedForward => FeedForward(stack, names, prefix, segment),
        _ => Product(prefix + module.Name, names.Layer + NameOf(module, names), segment, _spec.HiddenSize, _spec.HiddenSize, hasBias: true, Deviation),
    };

    private static string NameOf(ModuleSpec module, StackNames names) => names.Modules.TryGetValue(module.Name, out var name) ? name : Names.Snake(module.Name);

    private AttentionParameters SelfAttention(StackSpec stack, StackNames names, string prefix, Segment segment)
    {
        var (spec, own) = (stack.Attention, names.Attention);
        ProductParameters qkv;
        if (own.Fused.Length > 0)
        {
            qkv = Product(prefix + "Qkv", names.Layer + own.Fused, segment, _spec.HiddenSize, spec.QuerySize + (2 * spec.KeyValueSize), spec.QueryKeyValueBias, Deviation);
        }
        else
        {
            qkv = Stacked(
                prefix + "Qkv", segment, _spec.HiddenSize, spec.QueryKeyValueBias, QueryDeviation(spec),
                (names.Layer + own.Query, spec.QuerySize), (names.Layer + own.Key, spec.KeyValueSize), (names.Layer + own.Value, spec.KeyValueSize));
        }

        return new(
            qkv,
            null,
            Product(prefix + "Projection", names.Layer + own.Output, segment, spec.QuerySize, _spec.HiddenSize, spec.OutputBias, ResidualDeviation(stack)),
            spec.QueryKeyNorm ? HeadNorm(prefix + "QueryNorm", names.Layer + own.QueryNorm, spec, segment) : null,
            spec.QueryKeyNorm ? HeadNorm(prefix + "KeyNorm", names.Layer + own.KeyNorm, spec, segment) : null);
    }

    private AttentionParameters CrossAttention(StackSpec stack, StackNames names, string prefix, Segment segment)
    {
        var (spec, own) = (stack.CrossAttention!, names.CrossAttention!);
        return new(
            Product(prefix + "CrossQuery", names.Layer + own.Query, segment, _spec.HiddenSize, spec.QuerySize, spec.QueryKeyValueBias, QueryDeviation(spec)),
            Stacked(prefix + "CrossKeyValue", segment, _spec.HiddenSize, spec.QueryKeyValueBias, Deviation, (names.Layer + own.Key, spec.KeyValueSize), (names.Layer + own.Value, spec.KeyValueSize)),
            Product(prefix + "CrossProjection", names.Layer + own.Output, segment, spec.QuerySize, _spec.HiddenSize, spec.OutputBias, ResidualDeviation(stack)),
            null,
            null);
    }

    private FeedForwardParameters FeedForward(StackSpec stack, StackNames names, string prefix, Segment segment)
    {
        var (spec, own) = ((DenseFeedForwardSpec)stack.FeedForward, names.FeedForward);
        return new(
            spec.Gated
                ? Stacked(prefix + "GateUp", segment, _spec.HiddenSize, spec.Bias, Deviation, (names.Layer + own.Gate, spec.IntermediateSize), (names.Layer + own.Up, spec.IntermediateSize))
                : Product(prefix + "Up", names.Layer + own.Up, segment, _spec.HiddenSize, spec.IntermediateSize, spec.Bias, Deviation),
            Product(prefix + "Down", names.Layer + own.Down, segment, spec.IntermediateSize, _spec.HiddenSize, spec.Bias, ResidualDeviation(stack)));
    }

    private HeadParameters Head()
    {
        var (hidden, names) = (_spec.HiddenSize, _names.Head);
        switch (_spec.Head)
        {
            case LanguageModelingHeadSpec head:
                return new() { Weight = OwnLogits(), Bias = head.Bias ? HeadBias() : null };
            case MaskedLanguageModelingHeadSpec head:
                return new()
                {
                    Transform = Product("Transform", names.Transform, Segment.Head, hidden, hidden, hasBias: true, Deviation),
                    TransformNorm = Norm("TransformNorm", names.TransformNorm, Segment.Head),
                    Weight = OwnLogits(),
                    Bias = head.Bias ? Bias("HeadBias", names.Bias, _spec.VocabularySize, Segment.Head) : null,
                };
            case SequenceClassificationHeadSpec head:
                return new()
                {
                    Transform = head.Pooler ? Product("Pooler", names.Transform, Segment.Head, hidden, hidden, hasBias: true, Deviation) : null,
                    Weight = LabelWeight(head.Labels.Count),
                    Bias = head.Bias ? Bias("HeadBias", names.Bias, head.Labels.Count, Segment.Head) : null,
                };
            case TokenClassificationHeadSpec head:
                return new() { Weight = LabelWeight(head.Labels.Count), Bias = Bias("HeadBias", names.Bias, head.Labels.Count, Segment.Head) };
            case QuestionAnsweringHeadSpec:
                return new() { Weight = LabelWeight(2), Bias = Bias("HeadBias", names.Bias, 2, Segment.Head) };
            case SentenceEmbeddingHeadSpec { Pooler: true }:
                return new() { Transform = Product("Pooler", names.Transform, Segment.Head, hidden, hidden, hasBias: true, Deviation) };
            default:
                return new();
        }

        ParameterSpec HeadBias() => names.TrainsBias
            ? Bias("HeadBias", names.Bias, _spec.VocabularySize, Segment.Head)
            : Add(new("HeadBias", new EquatableArray<StoredTensor>([new(names.Bias, new([1, _spec.VocabularySize]))]), new([_spec.VocabularySize]), Segment.Head, false, 0, 0, "not trained") { IsTrained = false });

        ParameterSpec? OwnLogits() => _spec.Embedding.TieWordEmbeddings ? null : LabelWeight(_spec.VocabularySize);

        // As the token embedding: a row for each logit.
        ParameterSpec LabelWeight(int logits) => Weight("HeadWeight", names.Weight, Segment.Head, logits, hidden, Deviation, "not under the prefix");
    }

    private double ResidualDeviation(StackSpec stack) =>
        _spec.Normalization.Placement == NormalizationPlacement.Pre ? Deviation / Math.Sqrt(2.0 * stack.Layers) : Deviation;

    // Where scores are not scaled, the queries' weights are (Raffel et al., arXiv:1910.10683, as T5 is initialized).
    private static double QueryDeviation(AttentionSpec spec) => spec.Scale == 1 ? Deviation * AttentionSpec.UsualScale(spec.HeadSize) : Deviation;

    private NormParameters Norm(string name, string checkpointName, Segment segment) => Norm(name, checkpointName, _spec.HiddenSize, segment, _spec.Normalization.Bias);

    private NormParameters HeadNorm(string name, string checkpointName, AttentionSpec spec, Segment segment) => Norm(name, checkpointName, spec.HeadSize, segment, _spec.Normalization.Bias);

    private NormParameters Norm(string name, string checkpointName, int width, Segment segment, bool hasBias) => new(
        Add(new(name + "Gain", checkpointName + ".weight", new([width]), segment, false, _spec.Normalization.UnitOffset ? 0 : 1, 0)),
        hasBias ? Bias(name + "Bias", checkpointName + ".bias", width, segment) : null);

    private ProductParameters Product(string name, string checkpointName, Segment segment, int inner, int columns, bool hasBias, double deviation) => new(
        _names.IsTransposed ? Weight(name + "Weight", checkpointName + ".weight", segment, columns, inner, deviation) : Weight(name + "Weight", checkpointName + ".weight", segment, inner, columns, deviation),
        hasBias ? Bias(name + "Bias", checkpointName + ".bias", columns, segment) : null);

    /// <summary>Weights of one width, one below the other, so that one product serves them all.</summary>
    private ProductParameters Stacked(string name, Segment segment, int inner, bool hasBias, double deviation, params (string CheckpointName, int Rows)[] parts)
    {
        var rows = parts.Sum(part => part.Rows);
        var weight = new ParameterSpec(
            name + "Weight", new EquatableArray<StoredTensor>(parts.Select(part => new StoredTensor(part.CheckpointName + ".weight", new([part.Rows, inner])))), new([rows, inner]), segment, true, 0, deviation);
        var bias = new ParameterSpec(
            name + "Bias", new EquatableArray<StoredTensor>(parts.Select(part => new StoredTensor(part.CheckpointName + ".bias", new([part.Rows])))), new([rows]), segment, false, 0, 0);
        return new(Add(weight), hasBias ? Add(bias) : null);
    }

    private ParameterSpec Weight(string name, string checkpointName, Segment segment, int rows, int columns, double deviation, string note = "") =>
        Add(new(name, checkpointName, new([rows, columns]), segment, true, 0, deviation, note));

    private ParameterSpec Bias(string name, string checkpointName, int width, Segment segment) => Add(new(name, checkpointName, new([width]), segment, false, 0, 0));

    private ParameterSpec Add(ParameterSpec parameter)
    {
        _all.Add(parameter);
        return parameter;
    }
}
