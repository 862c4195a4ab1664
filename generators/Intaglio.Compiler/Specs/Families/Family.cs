namespace Intaglio.Compiler;

/// <summary>What transformers calls the tensors and sizes of an architecture, and how it stores them.</summary>
internal abstract class Family
{
    // GPT-2 draws weights from N(0, 0.02), and divides by √(2 · layers) where a product ends on the residual stream, so that its variance does not grow
    // with depth (Radford et al., "Language models are unsupervised multitask learners", section 2.3). All families here begin so.
    private const double Deviation = 0.02;

    private static readonly Family[] All = [new Gpt2(), new Llama(), new Qwen2(), new Mistral(), new OwnFamily()];

    /// <summary>Stands before every tensor's name, heads aside, in files that transformers writes.</summary>
    public abstract string Prefix { get; }

    /// <summary>The first family whose configuration can say what the declaration says.</summary>
    public static Family Of(ModelSpec spec) => All.First(family => family.Fits(spec));

    /// <summary>The tensors of a declaration.</summary>
    public abstract DecoderParameters Parameters(ModelSpec spec);

    /// <summary>config.json as transformers writes it; keys that differ in a checkpoint make it another model's.</summary>
    public abstract IReadOnlyList<ConfigurationKey> Configuration(ModelSpec spec);

    /// <summary>Stored by some writers, not needed.</summary>
    public abstract IReadOnlyList<string> IgnoredTensors(ModelSpec spec);

    /// <summary>Whether a configuration of this family can say what the declaration says.</summary>
    protected abstract bool Fits(ModelSpec spec);

    protected static ParameterSpec Gain(string name, string checkpointName, int width, Segment segment = Segment.Layer) => new(name, checkpointName, new([width]), segment, false, 1, 0);

    protected static ParameterSpec Bias(string name, string checkpointName, int width, Segment segment = Segment.Layer) => new(name, checkpointName, new([width]), segment, false, 0, 0);

    protected static ParameterSpec Weight(string name, string checkpointName, Segment segment, int rows, int columns, string note = "") =>
        new(name, checkpointName, new([rows, columns]), segment, true, 0, Deviation, note);

    /// <summary>A weight whose product ends on the residual stream.</summary>
    protected static ParameterSpec ResidualWeight(string name, string checkpointName, int rows, int columns, int layers) =>
        new(name, checkpointName, new([rows, columns]), Segment.Layer, true, 0, Deviation / Math.Sqrt(2.0 * layers));

    /// <summary>Weights of one width, one below the other.</summary>
    protected static ParameterSpec StackedWeight(string name, int columns, params (string CheckpointName, int Rows)[] parts) =>
        new(name, new EquatableArray<StoredTensor>(parts.Select(part => new StoredTensor(part.CheckpointName, new([part.Rows, columns])))), new([parts.Sum(part => part.Rows), columns]), Segment.Layer, true, 0, Deviation);

    /// <summary>Biases, one after the other.</summary>
    protected static ParameterSpec StackedBias(string name, params (string CheckpointName, int Width)[] parts) =>
        new(name, new EquatableArray<StoredTensor>(parts.Select(part => new StoredTensor(part.CheckpointName, new([part.Width])))), new([parts.Sum(part => part.Width)]), Segment.Layer, false, 0, 0);

    // The shortest decimal of a float, 0.1 rather than 0.10000000149.
    protected static double Decimal(float value) => (double)(decimal)value;
}
