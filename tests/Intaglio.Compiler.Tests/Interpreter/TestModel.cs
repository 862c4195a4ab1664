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
        Attention = new(heads, biases, biases, dropout),
        FeedForward = new DenseFeedForwardSpec(inner, activation, biases, dropout),
        Normalization = new(NormalizationKind.LayerNorm, 1e-5f, biases),
        PositionEncoding = positions ? PositionEncodingKind.Learned : PositionEncodingKind.None,
        Embedding = new(tied, dropout),
        Format = format,
    };

    /// <summary>Every parameter, drawn large enough that no part of the model is nearly linear: gains around 1, biases around 0, products that keep the variance.</summary>
    public static Dictionary<string, Tensor> Weights(ModelSpec spec, int seed = 1)
    {
        var numbers = new Numbers(seed);
        var weights = new Dictionary<string, Tensor>();
        foreach (var parameter in Gpt2.Parameters(spec).All())
        {
            var deviation = parameter.Shape.Count == 1 ? 0.3 : parameter.Segment == Segment.Layer ? 1 / Math.Sqrt(parameter.Shape[0]) : 0.8;
            for (var layer = 0; layer < (parameter.Segment == Segment.Layer ? spec.Layers : 1); layer++)
                weights[NameOf(parameter, layer)] = Tensor.Filled(parameter.Shape, _ => parameter.Mean + (deviation * numbers.Normal()));
        }

        return weights;
    }

    public static string NameOf(ParameterSpec parameter, int layer) => parameter.CheckpointName.Replace("{layer}", $"{layer}", StringComparison.Ordinal);

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
