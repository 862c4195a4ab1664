using System.Globalization;

namespace Intaglio.Compiler;

/// <summary>What transformers calls the tensors and sizes of an architecture, and how it stores them.</summary>
internal abstract class Family
{
    private static readonly Family[] All = [new Gpt2(), new Llama(), new Qwen2(), new Mistral(), new Gemma2(), new Bloom(), new Bert(), new Roberta(), new T5(), new Bart(), new OwnFamily()];

    /// <summary>What transformers calls the architecture.</summary>
    public abstract string ModelType { get; }

    /// <summary>Stands before every tensor's name, heads aside, in files that transformers writes.</summary>
    public abstract string Prefix { get; }

    /// <summary>Whether a tensor of such files has no prefix: those of heads, which transformers keeps beside the prefixed base model.</summary>
    public virtual bool IsOutsidePrefix(string name) => name.StartsWith("lm_head.", StringComparison.Ordinal);

    /// <summary>The family of the file that declares the model, where its configuration can still say what the declaration says, or else the first whose can.</summary>
    public static Family Of(ModelSpec spec) => All.FirstOrDefault(family => family.ModelType == spec.ModelType && family.Fits(spec)) ?? All.First(family => family.Fits(spec));

    /// <summary>The tensors of a declaration.</summary>
    public ModelParameters Parameters(ModelSpec spec) => ParameterBuilder.Build(spec, Names(spec));

    /// <summary>What the declaration's tensors are called.</summary>
    public abstract CheckpointNames Names(ModelSpec spec);

    /// <summary>config.json as transformers writes it; keys that differ in a checkpoint make it another model's.</summary>
    public abstract IReadOnlyList<ConfigurationKey> Configuration(ModelSpec spec);

    /// <summary>Stored by some writers, not needed.</summary>
    public abstract IReadOnlyList<string> IgnoredTensors(ModelSpec spec);

    /// <summary>Whether a configuration of this family can say what the declaration says.</summary>
    protected abstract bool Fits(ModelSpec spec);

    /// <summary>Whether the model is a decoder alone, made of stock blocks with norms before them, that generates.</summary>
    protected static bool IsPlainDecoder(ModelSpec spec) =>
        spec is { Encoder: null, Decoder: { } decoder, Head: LanguageModelingHeadSpec { Bias: false, LogitSoftCap: 0, Scale: 1 }, Normalization: { Placement: NormalizationPlacement.Pre, UnitOffset: false } }
        && decoder.Block == StockBlocks.Of(NormalizationPlacement.Pre, attendsToEncoder: false, isParallel: false);

    /// <summary>The names of labels, both ways, as transformers writes them; the shapes of tensors say how many there are.</summary>
    protected static ConfigurationKey[] Labels(HeadSpec head)
    {
        var labels = head switch
        {
            SequenceClassificationHeadSpec own => own.Labels,
            TokenClassificationHeadSpec own => own.Labels,
            _ => EquatableArray<string>.Empty,
        };
        return labels.Count == 0
            ? []
            :
            [
                new("id2label", new KeyValueList([.. labels.Select((label, number) => (number.ToString(CultureInfo.InvariantCulture), (object)label))]), IsFact: false),
                new("label2id", new KeyValueList([.. labels.Select((label, number) => (label, (object)number)).GroupBy(pair => pair.label, (_, same) => same.Last())]), IsFact: false),
            ];
    }

    // The shortest decimal of a float, 0.1 rather than 0.10000000149.
    protected static double Decimal(float value) => (double)(decimal)value;
}
