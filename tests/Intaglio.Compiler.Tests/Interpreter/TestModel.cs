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
        Decoder = new()
        {
            Layers = layers,
            IsCausal = true,
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
            Block = StockBlocks.Of(NormalizationPlacement.Pre, attendsToEncoder: false, isParallel: false),
        },
        Normalization = new(NormalizationKind.LayerNorm, NormalizationPlacement.Pre, 1e-5f, biases, UnitOffset: false),
        PositionEncoding = new(positions ? PositionEncodingKind.Learned : PositionEncodingKind.None) { RotaryTheta = 10_000 },
        Embedding = new(tied, dropout),
        Head = new LanguageModelingHeadSpec(Bias: false, LogitSoftCap: 0, Scale: 1),
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
        return spec.InEveryStack(stack => stack with
        {
            Attention = stack.Attention with
            {
                KeyValueHeads = keyValueHeads,
                HeadSize = headSize,
                Scale = AttentionSpec.UsualScale(headSize),
                SlidingWindow = window,
                LogitSoftCap = softCap,
            },
            FeedForward = (DenseFeedForwardSpec)stack.FeedForward with { Gated = true },
        }) with
        {
            Normalization = new(NormalizationKind.RmsNorm, NormalizationPlacement.Pre, 1e-5f, Bias: false, UnitOffset: false),
            PositionEncoding = new(PositionEncodingKind.Rotary) { RotaryTheta = 100, Layout = layout },
        };
    }

    /// <summary>The same declaration with something changed in each of its stacks.</summary>
    public static ModelSpec InEveryStack(this ModelSpec spec, Func<StackSpec, StackSpec> change) => spec with
    {
        Encoder = spec.Encoder is { } encoder ? change(encoder) : null,
        Decoder = spec.Decoder is { } decoder ? change(decoder) : null,
    };

    /// <summary>The same declaration with other attention in each of its stacks.</summary>
    public static ModelSpec WithAttention(this ModelSpec spec, Func<AttentionSpec, AttentionSpec> change) => spec.InEveryStack(stack => stack with { Attention = change(stack.Attention) });

    /// <summary>Every parameter, drawn large enough that no part of the model is nearly linear: gains around 1, biases around 0, products that keep the variance.</summary>
    public static Dictionary<string, Tensor> Weights(ModelSpec spec, int seed = 1)
    {
        var numbers = new Numbers(seed);
        var weights = new Dictionary<string, Tensor>();
        var parameters = Family.Of(spec).Parameters(spec);
        foreach (var parameter in parameters.All)
        {
            var layers = LayersOf(spec, parameter.Segment);
            var deviation = parameter.Shape.Count == 1 ? 0.3 : layers > 0 ? 1 / Math.Sqrt(parameter.Shape[parameters.IsTransposed ? 1 : 0]) : 0.8;
            for (var layer = 0; layer < Math.Max(layers, 1); layer++)
            {
                foreach (var stored in parameter.Stored)
                    weights[NameOf(stored, layer)] = Tensor.Filled(stored.Shape, _ => parameter.Mean + (deviation * numbers.Normal()));
            }
        }

        return weights;
    }

    public static string NameOf(StoredTensor stored, int layer) => stored.Name.Replace("{layer}", $"{layer}", StringComparison.Ordinal);

    /// <summary>
    /// A training batch of random tokens. The target of every fifth row is ignored; where padding is seen, every second sequence has some before it, and every third some behind it.
    /// </summary>
    public static Call Call(ModelSpec spec, int batch, int time, int seed = 1, int sourceTime = 0)
    {
        var numbers = new Numbers(seed + 1000);
        var rows = batch * time;
        Tensor Tokens(int count) => Tensor.Filled([count], _ => numbers.Below(spec.VocabularySize));
        Tensor Positions(int length) => Tensor.Filled([batch * length], row => row % length);
        var (bounds, losses) = (Bounds(batch, time), spec.Head is SequenceClassificationHeadSpec or QuestionAnsweringHeadSpec ? batch : rows);
        Tensor Inside() => Tensor.Filled([batch], sequence => sequence % 5 == 4 ? -1 : bounds[sequence, 0] + numbers.Below((int)(bounds[sequence, 1] - bounds[sequence, 0])));
        return new()
        {
            Batch = batch,
            Time = time,
            SourceTime = sourceTime,
            Inputs = new Dictionary<string, Tensor>
            {
                ["Tokens"] = Tokens(rows),
                ["Positions"] = Positions(time),
                ["Targets"] = spec.Head is QuestionAnsweringHeadSpec ? Inside() : Tensor.Filled([losses], row => row % 5 == 4 ? -1 : numbers.Below(LabelsOf(spec))),
                ["EndTargets"] = Inside(),
                ["TokenTypes"] = Tensor.Filled([rows], _ => numbers.Below(Math.Max(1, spec.Embedding.TokenTypes))),
                ["Bounds"] = bounds,
                ["PooledRows"] = Tensor.Filled([batch], sequence => (sequence * time) + (spec.Head is SequenceClassificationHeadSpec { Pooling: Pooling.Last } or SentenceEmbeddingHeadSpec { Pooling: Pooling.Last } ? bounds[sequence, 1] - 1 : bounds[sequence, 0])),
                ["SourceTokens"] = Tokens(batch * sourceTime),
                ["SourcePositions"] = Positions(sourceTime),
                ["SourceBounds"] = spec.IsEncoderDecoder ? Bounds(batch, sourceTime) : new(batch, 2),
            },
            Parameters = Weights(spec, seed),
            LossScale = 1.0 / losses,
            Positions = spec.PositionEncoding,
            ContextLength = spec.ContextLength,
            EncoderLayers = spec.IsEncoderDecoder ? spec.Encoder!.Layers : 0,
            SitesOfLayer = 2 * spec.Stacks.Max(stack => stack.Block.Modules.Count),
            Keep = FixedMasks(seed),
        };
    }

    /// <summary>The logits of every row, or of every sequence, of the training graph: nothing is cached in it.</summary>
    public static Tensor TrainingLogits(ModelSpec spec, Call call)
    {
        var graph = ModelGraph.Training(spec, Family.Of(spec).Parameters(spec));
        var loss = graph.Nodes[^1];
        var inputs = GraphInterpreter.Run(graph with { Outputs = [.. loss.Inputs.Where(input => !input.Type.IsIndex)] }, call).Outputs;
        return loss.Op is HeadLoss head ? Losses.HeadLogits(inputs[0], inputs[1], head.HasBias ? inputs[2] : null, head.SoftCap).Logits : inputs[0];
    }

    /// <summary>How many layers have a parameter of a segment; 0 outside the layers.</summary>
    public static int LayersOf(ModelSpec spec, Segment segment) => segment switch
    {
        Segment.Layer => spec.Main.Layers,
        Segment.EncoderLayer => spec.Encoder!.Layers,
        _ => 0,
    };

    /// <summary>How many logits a token or a sequence gets.</summary>
    public static int LabelsOf(ModelSpec spec) => spec.Head switch
    {
        SequenceClassificationHeadSpec head => head.Labels.Count,
        TokenClassificationHeadSpec head => head.Labels.Count,
        _ => spec.VocabularySize,
    };

    private static Tensor Bounds(int batch, int time) => Tensor.Filled([batch, 2], i =>
    {
        var first = i / 2 % 2 == 1 && time > 2 ? 1 : 0;
        return i % 2 == 0 ? first : Math.Max(first + 1, time - (i / 2 % 3));
    });

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
