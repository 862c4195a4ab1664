namespace Intaglio.Compiler.Tests;

/// <summary>A declaration's specs from few words, and weights and batches for it.</summary>
internal static class TestModel
{
    public static ModelSpec Spec(
        int hidden = 6,
        int heads = 2,
        int layers = 2,
        int inner = 10,
        int vocabulary = 7,
        int context = 4,
        Activation activation = Activation.GeluTanh,
        bool biases = true,
        bool tied = true,
        bool positions = true,
        float dropout = 0,
        NumberFormat format = NumberFormat.FP32) => new()
    {
        Declaration = new("Tests", EquatableArray<ContainingTypeSpec>.Empty, "Model"),
        HiddenSize = hidden,
        ContextLength = context,
        VocabularySize = vocabulary,
        ResidualDropout = dropout,
        Layers = layers,
        Attention = new()
        {
            Heads = heads,
            KeyValueHeads = heads,
            HeadSize = hidden / heads,
            Scale = 1 / Math.Sqrt((double)hidden / heads),
            QueryKeyValueBias = biases,
            OutputBias = biases,
            Dropout = dropout,
        },
        FeedForward = new DenseFeedForwardSpec(inner, Activations.Of(activation), Gated: false, biases, dropout),
        Normalization = new(NormalizationKind.LayerNorm, 1e-5f, biases),
        PositionEncoding = new(positions ? PositionEncodingKind.Learned : PositionEncodingKind.None, 10_000, RotaryLayout.HalfSplit),
        Embedding = new(tied, dropout),
        Format = format,
    };

    /// <summary>A LLaMA style decoder: RMSNorm, rotary positions, grouped heads of their own size, a gate, no biases, a head of its own.</summary>
    public static ModelSpec Llama(
        int hidden = 8,
        int heads = 4,
        int keyValueHeads = 2,
        int headSize = 6,
        int layers = 2,
        int inner = 10,
        Activation activation = Activation.Silu,
        bool biases = false,
        bool tied = false,
        float dropout = 0,
        RotaryLayout layout = RotaryLayout.HalfSplit,
        int window = 0,
        float softCap = 0)
    {
        var spec = Spec(hidden, heads, layers, inner, activation: activation, biases: biases, tied: tied, dropout: dropout);
        return spec with
        {
            Attention = spec.Attention with
            {
                KeyValueHeads = keyValueHeads,
                HeadSize = headSize,
                Scale = AttentionSpec.UsualScale(headSize),
                SlidingWindow = window,
                LogitSoftCap = softCap,
            },
            FeedForward = (DenseFeedForwardSpec)spec.FeedForward with { Gated = true },
            Normalization = new(NormalizationKind.RmsNorm, 1e-5f, Bias: false),
            PositionEncoding = new(PositionEncodingKind.Rotary, 100, layout),
        };
    }

    /// <summary>Every parameter, drawn large enough that no part of the model is nearly linear: gains around 1, biases around 0, products that keep the variance.</summary>
    public static Dictionary<string, Tensor> Weights(ModelSpec spec, int seed = 1)
    {
        var numbers = new Numbers(seed);
        var weights = new Dictionary<string, Tensor>();
        var parameters = Family.Of(spec).Parameters(spec);
        foreach (var parameter in parameters.All())
        {
            var deviation = parameter.Shape.Count == 1 ? 0.3 : parameter.Segment == Segment.Layer ? 1 / Math.Sqrt(parameter.Shape[parameters.IsTransposed ? 1 : 0]) : 0.8;
            for (var layer = 0; layer < (parameter.Segment == Segment.Layer ? spec.Layers : 1); layer++)
            {
                foreach (var stored in parameter.Stored)
                    weights[NameOf(stored, layer)] = Tensor.Filled(stored.Shape, _ => parameter.Mean + (deviation * numbers.Normal()));
            }
        }

        return weights;
    }

    public static string NameOf(StoredTensor stored, int layer) => stored.Name.Replace("{layer}", $"{layer}", StringComparison.Ordinal);

    /// <summary>A training batch of random tokens. The target of every fifth row is ignored.</summary>
    public static Call Call(ModelSpec spec, int batch, int time, int seed = 1)
    {
        var numbers = new Numbers(seed + 1000);
        var rows = batch * time;
        return new()
        {
            Batch = batch,
            Time = time,
            Inputs = new Dictionary<string, Tensor>
            {
                ["Tokens"] = Tensor.Filled([rows], _ => numbers.Below(spec.VocabularySize)),
                ["Positions"] = Tensor.Filled([rows], row => row % time),
                ["Targets"] = Tensor.Filled([rows], row => row % 5 == 4 ? -1 : numbers.Below(spec.VocabularySize)),
            },
            Parameters = Weights(spec, seed),
            LossScale = 1.0 / rows,
            RotaryTheta = spec.PositionEncoding.RotaryTheta,
            Keep = FixedMasks(seed),
        };
    }

    /// <summary>Dropout whose every element is fixed by site and index.</summary>
    public static Keep FixedMasks(int seed) => (site, element, rate) => rate == 0 || new Numbers(HashCode(seed, site, element)).Uniform() >= rate ? 1 / (1 - rate) : 0;

    // The same in every process, unlike System.HashCode.
    private static int HashCode(int seed, int site, long element) => unchecked((int)((((seed * 31L) + site) * 1_000_003) + element));
}

/// <summary>Random numbers of a seed.</summary>
internal sealed class Numbers(int seed)
{
    private readonly Random _random = new(seed);

    public double Uniform() => _random.NextDouble();

    public int Below(int end) => _random.Next(end);

    /// <summary>From the standard normal distribution (Box and Muller, 1958).</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    public Tensor Normal(params IReadOnlyList<int> sides) => Tensor.Filled(sides, _ => Normal());
}
