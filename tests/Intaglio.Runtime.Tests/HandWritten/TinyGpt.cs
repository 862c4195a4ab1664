using System.Runtime.CompilerServices;
using Intaglio.Numerics;
using Intaglio.Numerics.Gpu;

namespace Intaglio.Runtime.Tests.HandWritten;

/// <summary>What the generator emits, written by hand: 2 layers, 32 wide, 2 heads, 64 between the products, context 16, 50 tokens, tied head.</summary>
public sealed partial class TinyGpt : LanguageModel, ITrainable<TinyGpt>
{
    private TinyGpt(Device device)
        : base(device, Description)
    {
    }

    public static new ModelDescription Description { get; } = new()
    {
        Name = "TinyGpt",
        VocabularySize = 50,
        ContextLength = 16,
        Layers = 2,
        CacheBytesPerTokenAndLayer = 2 * 32 * sizeof(float),
        Format = NumberFormat.FP32,
        Parameters = Parameters.Table,
        Configuration =
        [
            new("architectures", new[] { "GPT2LMHeadModel" }, IsFact: false),
            new("model_type", "gpt2", IsFact: true),
            new("vocab_size", 50, IsFact: true, Default: 50257),
            new("n_positions", 16, IsFact: true, Default: 1024),
            new("n_embd", 32, IsFact: true, Default: 768),
            new("n_layer", 2, IsFact: true, Default: 12),
            new("n_head", 2, IsFact: true, Default: 12),
            new("n_inner", 64, IsFact: true),
            new("activation_function", "gelu_new", IsFact: true, Default: "gelu_new"),
            new("layer_norm_epsilon", 1e-05, IsFact: true, Default: 1e-05),
            new("tie_word_embeddings", true, IsFact: true, Default: true),
        ],
        CheckpointPrefix = "transformer.",
        IgnoredTensors = ["lm_head.weight", "h.{layer}.attn.bias", "h.{layer}.attn.masked_bias"],
        Kernels = typeof(Kernels),
    };

    public static string MemoryPlan => "";

    public static TinyGpt Create(Device device, ulong seed = 0)
    {
        var model = new TinyGpt(device);
        model.Initialize(seed);
        return model;
    }

    public static TinyGpt Load(string directory, Device device)
    {
        var model = new TinyGpt(device);
        model.Read(directory);
        return model;
    }
}

// ---- Parameters ----
public sealed partial class TinyGpt
{
    /// <summary>Where each parameter lies, in elements, in the flat weight, gradient and optimizer buffers.</summary>
    private static class Parameters
    {
        public const int TokenEmbedding = 0;            // [50, 32]     wte.weight, tied with the head
        public const int PositionEmbedding = 1_600;     // [16, 32]     wpe.weight

        public const int Layers = 2_112;                // 2 layers of
        public const int LayerSize = 8_544;

        public const int FinalNormGain = 19_200;        // [32]         ln_f.weight
        public const int FinalNormBias = 19_232;        // [32]         ln_f.bias

        public const int Length = 19_264;

        public static class Layer
        {
            public const int AttentionNormGain = 0;         // [32]         h.{layer}.ln_1.weight
            public const int AttentionNormBias = 32;        // [32]         h.{layer}.ln_1.bias
            public const int QkvWeight = 64;                // [32, 96]     h.{layer}.attn.c_attn.weight
            public const int QkvBias = 3_136;               // [96]         h.{layer}.attn.c_attn.bias
            public const int OutputWeight = 3_232;          // [32, 32]     h.{layer}.attn.c_proj.weight
            public const int OutputBias = 4_256;            // [32]         h.{layer}.attn.c_proj.bias
            public const int FeedForwardNormGain = 4_288;   // [32]         h.{layer}.ln_2.weight
            public const int FeedForwardNormBias = 4_320;   // [32]         h.{layer}.ln_2.bias
            public const int UpWeight = 4_352;              // [32, 64]     h.{layer}.mlp.c_fc.weight
            public const int UpBias = 6_400;                // [64]         h.{layer}.mlp.c_fc.bias
            public const int DownWeight = 6_464;            // [64, 32]     h.{layer}.mlp.c_proj.weight
            public const int DownBias = 8_512;              // [32]         h.{layer}.mlp.c_proj.bias
        }

        public static readonly ParameterTable Table = new(2, Layers, LayerSize, Length,
        [
            new("wte.weight", TokenEmbedding, [50, 32], Segment.Embedding, ParameterGroup.Decayed, new(0, 0.02f)),
            new("wpe.weight", PositionEmbedding, [16, 32], Segment.Embedding, ParameterGroup.Decayed, new(0, 0.02f)),
            new("h.{layer}.ln_1.weight", Layer.AttentionNormGain, [32], Segment.Layer, ParameterGroup.NotDecayed, new(1, 0)),
            new("h.{layer}.ln_1.bias", Layer.AttentionNormBias, [32], Segment.Layer, ParameterGroup.NotDecayed, new(0, 0)),
            new("h.{layer}.attn.c_attn.weight", Layer.QkvWeight, [32, 96], Segment.Layer, ParameterGroup.Decayed, new(0, 0.02f)),
            new("h.{layer}.attn.c_attn.bias", Layer.QkvBias, [96], Segment.Layer, ParameterGroup.NotDecayed, new(0, 0)),
            new("h.{layer}.attn.c_proj.weight", Layer.OutputWeight, [32, 32], Segment.Layer, ParameterGroup.Decayed, new(0, 0.01f)),
            new("h.{layer}.attn.c_proj.bias", Layer.OutputBias, [32], Segment.Layer, ParameterGroup.NotDecayed, new(0, 0)),
            new("h.{layer}.ln_2.weight", Layer.FeedForwardNormGain, [32], Segment.Layer, ParameterGroup.NotDecayed, new(1, 0)),
            new("h.{layer}.ln_2.bias", Layer.FeedForwardNormBias, [32], Segment.Layer, ParameterGroup.NotDecayed, new(0, 0)),
            new("h.{layer}.mlp.c_fc.weight", Layer.UpWeight, [32, 64], Segment.Layer, ParameterGroup.Decayed, new(0, 0.02f)),
            new("h.{layer}.mlp.c_fc.bias", Layer.UpBias, [64], Segment.Layer, ParameterGroup.NotDecayed, new(0, 0)),
            new("h.{layer}.mlp.c_proj.weight", Layer.DownWeight, [64, 32], Segment.Layer, ParameterGroup.Decayed, new(0, 0.01f)),
            new("h.{layer}.mlp.c_proj.bias", Layer.DownBias, [32], Segment.Layer, ParameterGroup.NotDecayed, new(0, 0)),
            new("ln_f.weight", FinalNormGain, [32], Segment.Head, ParameterGroup.NotDecayed, new(1, 0)),
            new("ln_f.bias", FinalNormBias, [32], Segment.Head, ParameterGroup.NotDecayed, new(0, 0)),
        ]);
    }

    /// <summary>The parameters outside the layers, as places in the weights or in their gradients.</summary>
    private readonly struct ModelParameters(Region region, int elementBytes)
    {
        public Place TokenEmbedding => new(region, (long)Parameters.TokenEmbedding * elementBytes);

        public Place PositionEmbedding => new(region, (long)Parameters.PositionEmbedding * elementBytes);

        public Place FinalNormGain => new(region, (long)Parameters.FinalNormGain * elementBytes);

        public Place FinalNormBias => new(region, (long)Parameters.FinalNormBias * elementBytes);

        public LayerParameters Layer(int layer) => new(region, Parameters.Layers + ((long)layer * Parameters.LayerSize), elementBytes);
    }

    /// <summary>One layer's parameters, as places in the weights or in their gradients.</summary>
    private readonly struct LayerParameters(Region region, long start, int elementBytes)
    {
        public Place AttentionNormGain => At(Parameters.Layer.AttentionNormGain);

        public Place AttentionNormBias => At(Parameters.Layer.AttentionNormBias);

        public Place QkvWeight => At(Parameters.Layer.QkvWeight);

        public Place QkvBias => At(Parameters.Layer.QkvBias);

        public Place OutputWeight => At(Parameters.Layer.OutputWeight);

        public Place OutputBias => At(Parameters.Layer.OutputBias);

        public Place FeedForwardNormGain => At(Parameters.Layer.FeedForwardNormGain);

        public Place FeedForwardNormBias => At(Parameters.Layer.FeedForwardNormBias);

        public Place UpWeight => At(Parameters.Layer.UpWeight);

        public Place UpBias => At(Parameters.Layer.UpBias);

        public Place DownWeight => At(Parameters.Layer.DownWeight);

        public Place DownBias => At(Parameters.Layer.DownBias);

        private Place At(int parameter) => new(region, (start + parameter) * elementBytes);
    }
}

// ---- Shapes ----
public sealed partial class TinyGpt
{
    private readonly struct TokenAndPosition : IEmbeddingShape
    {
        public static int Width => 32;

        public static int Vocabulary => 50;

        public static int Positions => 16;

        public static string Kernel => nameof(Kernels.Embed);
    }

    private readonly struct Norm32 : INormShape
    {
        public static int Width => 32;

        public static float Epsilon => 1e-5f;

        public static bool HasBias => true;

        public static string BackwardKernel => nameof(Kernels.NormBackwardAddResidual);
    }

    private readonly struct FinalNorm : INormShape
    {
        public static int Width => 32;

        public static float Epsilon => 1e-5f;

        public static bool HasBias => true;

        public static string BackwardKernel => nameof(Kernels.NormBackward);
    }

    private readonly struct QkvProjection : IMatMulShape
    {
        public static int Inner => 32;

        public static int Columns => 96;

        public static bool Transposed => false;

        public static string Kernel => nameof(Kernels.MatMulAddBias);
    }

    private readonly struct QkvProjectionBackward : IMatMulShape
    {
        public static int Inner => 96;

        public static int Columns => 32;

        public static bool Transposed => true;

        public static string Kernel => nameof(Kernels.MatMul);
    }

    private readonly struct OutputProjection : IMatMulShape
    {
        public static int Inner => 32;

        public static int Columns => 32;

        public static bool Transposed => false;

        public static string Kernel => nameof(Kernels.MatMulAddBiasResidual);
    }

    private readonly struct OutputProjectionBackward : IMatMulShape
    {
        public static int Inner => 32;

        public static int Columns => 32;

        public static bool Transposed => true;

        public static string Kernel => nameof(Kernels.MatMul);
    }

    private readonly struct UpProjection : IMatMulShape
    {
        public static int Inner => 32;

        public static int Columns => 64;

        public static bool Transposed => false;

        public static string Kernel => nameof(Kernels.MatMulAddBiasGelu);
    }

    private readonly struct UpProjectionInfer : IMatMulShape
    {
        public static int Inner => 32;

        public static int Columns => 64;

        public static bool Transposed => false;

        public static string Kernel => nameof(Kernels.MatMulAddBiasGeluInfer);
    }

    private readonly struct UpProjectionBackward : IMatMulShape
    {
        public static int Inner => 64;

        public static int Columns => 32;

        public static bool Transposed => true;

        public static string Kernel => nameof(Kernels.MatMul);
    }

    private readonly struct DownProjection : IMatMulShape
    {
        public static int Inner => 64;

        public static int Columns => 32;

        public static bool Transposed => false;

        public static string Kernel => nameof(Kernels.MatMulAddBiasResidual);
    }

    private readonly struct DownProjectionBackward : IMatMulShape
    {
        public static int Inner => 32;

        public static int Columns => 64;

        public static bool Transposed => true;

        public static string Kernel => nameof(Kernels.MatMulGeluBackward);
    }

    private readonly struct LogitsProjection : IMatMulShape
    {
        public static int Inner => 32;

        public static int Columns => 50;

        public static bool Transposed => true;

        public static string Kernel => nameof(Kernels.MatMul);
    }

    private readonly struct Head : IHeadShape
    {
        public static int Width => 32;

        public static int Vocabulary => 50;

        public static int ChunkRows => 128;

        public static string Kernel => nameof(Kernels.MatMul);
    }

    private readonly struct Width32 : IMapShape
    {
        public static int Width => 32;

        public static string Kernel => "";
    }

    private readonly struct TwoHeadsOf16 : IAttentionShape
    {
        public static int Heads => 2;

        public static int KeyValueHeads => 2;

        public static int HeadSize => 16;

        public static int RowStride => 96;

        public static float DropoutRate => 0;

        public static string Kernel => "Attention";
    }

    private readonly struct ScaleByQuarter : IScoreModifier
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Invoke<T>(T product)
            where T : struct, ILane<T> => product * T.Of(0.25f);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Derivative<T>(T product)
            where T : struct, ILane<T> => T.Of(0.25f);
    }
}

// ---- Fusions ----
public sealed partial class TinyGpt
{
    /// <summary>x + bias.</summary>
    private readonly struct AddBias : IFusion
    {
        public static bool HasRow => true;

        public static bool HasFull => false;

        public static bool Saves => false;

        public static float DropoutRate => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Invoke<T>(T x, T bias, T full, T keep, out T saved)
            where T : struct, ILane<T>
        {
            saved = x;
            return x + bias;
        }
    }

    /// <summary>x + bias + residual.</summary>
    private readonly struct AddBiasResidual : IFusion
    {
        public static bool HasRow => true;

        public static bool HasFull => true;

        public static bool Saves => false;

        public static float DropoutRate => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Invoke<T>(T x, T bias, T residual, T keep, out T saved)
            where T : struct, ILane<T>
        {
            saved = x;
            return x + bias + residual;
        }
    }

    /// <summary>x + residual.</summary>
    private readonly struct AddResidual : IFusion
    {
        public static bool HasRow => false;

        public static bool HasFull => true;

        public static bool Saves => false;

        public static float DropoutRate => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Invoke<T>(T x, T row, T residual, T keep, out T saved)
            where T : struct, ILane<T>
        {
            saved = x;
            return x + residual;
        }
    }

    /// <summary>gelu(x + bias), tanh form; saves x + bias for the backward pass.</summary>
    private readonly struct AddBiasGelu : IFusion
    {
        public static bool HasRow => true;

        public static bool HasFull => false;

        public static bool Saves => true;

        public static float DropoutRate => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Invoke<T>(T x, T bias, T full, T keep, out T saved)
            where T : struct, ILane<T>
        {
            saved = x + bias;
            var inner = T.Of(0.7978846f) * (saved + (T.Of(0.044715f) * saved * saved * saved));
            return T.Of(0.5f) * saved * (T.Of(1f) + T.Tanh(inner));
        }
    }

    /// <summary>gelu(x + bias), tanh form.</summary>
    private readonly struct AddBiasGeluInfer : IFusion
    {
        public static bool HasRow => true;

        public static bool HasFull => false;

        public static bool Saves => false;

        public static float DropoutRate => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Invoke<T>(T x, T bias, T full, T keep, out T saved)
            where T : struct, ILane<T>
        {
            saved = x + bias;
            var inner = T.Of(0.7978846f) * (saved + (T.Of(0.044715f) * saved * saved * saved));
            return T.Of(0.5f) * saved * (T.Of(1f) + T.Tanh(inner));
        }
    }

    /// <summary>x · gelu'(preActivation), tanh form.</summary>
    private readonly struct GeluBackward : IFusion
    {
        public static bool HasRow => false;

        public static bool HasFull => true;

        public static bool Saves => false;

        public static float DropoutRate => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Invoke<T>(T x, T row, T preActivation, T keep, out T saved)
            where T : struct, ILane<T>
        {
            saved = x;
            var square = preActivation * preActivation;
            var tanh = T.Tanh(T.Of(0.7978846f) * (preActivation + (T.Of(0.044715f) * square * preActivation)));
            var slope = T.Of(0.7978846f) * (T.Of(1f) + (T.Of(0.134145f) * square));
            return x * ((T.Of(0.5f) * (T.Of(1f) + tanh)) + (T.Of(0.5f) * preActivation * (T.Of(1f) - (tanh * tanh)) * slope));
        }
    }
}

// ---- Kernels ----
public sealed partial class TinyGpt
{
    /// <summary>GPU entry points; their names are what profilers show.</summary>
    private static class Kernels
    {
        public static void Embed(EmbedArguments<float> at) => GpuEmbedding.Run<Identity, GpuFloat32, float>(at);

        public static void MatMul(MatMulArguments<float> at) => GpuMatMul.Run<Identity, GpuFloat32, float>(at);

        public static void MatMulAddBias(MatMulArguments<float> at) => GpuMatMul.Run<AddBias, GpuFloat32, float>(at);

        public static void MatMulAddBiasResidual(MatMulArguments<float> at) => GpuMatMul.Run<AddBiasResidual, GpuFloat32, float>(at);

        public static void MatMulAddBiasGelu(MatMulArguments<float> at) => GpuMatMul.Run<AddBiasGelu, GpuFloat32, float>(at);

        public static void MatMulAddBiasGeluInfer(MatMulArguments<float> at) => GpuMatMul.Run<AddBiasGeluInfer, GpuFloat32, float>(at);

        public static void MatMulGeluBackward(MatMulArguments<float> at) => GpuMatMul.Run<GeluBackward, GpuFloat32, float>(at);

        public static void NormBackward(LayerNormBackwardArguments<float> at) => GpuLayerNorm.RunBackward<Identity, GpuFloat32, float>(at);

        public static void NormBackwardAddResidual(LayerNormBackwardArguments<float> at) => GpuLayerNorm.RunBackward<AddResidual, GpuFloat32, float>(at);

        public static void Attention(AttentionArguments at) => GpuAttention.Forward<TwoHeadsOf16, CausalMask, ScaleByQuarter>(at);

        public static void AttentionQueryGradient(AttentionArguments at) => GpuAttention.QueryGradient<TwoHeadsOf16, CausalMask, ScaleByQuarter>(at);

        public static void AttentionKeyValueGradient(AttentionArguments at) => GpuAttention.KeyValueGradient<TwoHeadsOf16, CausalMask, ScaleByQuarter>(at);

        public static void AttentionCached(CachedAttentionArguments at) => GpuAttention.Cached<TwoHeadsOf16, CausalMask, ScaleByQuarter>(at);
    }
}

// ---- Arena ----
public sealed partial class TinyGpt
{
    /// <summary>Where each activation of a training step lies: every buffer is rows × a constant number of bytes.</summary>
    private readonly struct TrainingArena(int rows, bool keepsLayers)
    {
        public Place AttentionNormed => At(0);                      // [rows, 32]

        public Place Final => At(0);                                // [rows, 32]

        public Place FinalGradient => At(128);                      // [rows, 32]

        public Place FinalStatistics => At(256);                    // [rows, 2]

        public Place HiddenGradient => At(264);                     // [rows, 32]

        public Place IntermediateGradient => At(392);               // [rows, 64]

        public Place FeedForwardNormedGradient => At(648);          // [rows, 32]

        public Place AttendedGradient => At(648);                   // [rows, 32]

        public Place Delta => At(776);                              // [rows, 2]

        public Place QkvGradient => At(784);                        // [rows, 96]

        public Place AttentionNormedGradient => At(392);            // [rows, 32]

        public Place Logits => At(1168);                            // [128, 50], one chunk

        public Saved Saved(int layer) => new(rows, (1168L * rows) + LogitsBytes + (keepsLayers ? layer * 1560L * rows : 0));

        public static long Bytes(int rows, bool keepsLayers) => (1168L * rows) + LogitsBytes + ((keepsLayers ? 2 : 1) * 1560L * rows) + (128L * rows);

        private const long LogitsBytes = 128 * 50 * sizeof(float);

        private Place At(long bytesPerRow) => new(Region.Arena, bytesPerRow * rows);
    }

    /// <summary>What one layer's forward pass keeps for its backward pass.</summary>
    private readonly struct Saved(int rows, long start)
    {
        public Place Hidden => At(0);                               // [rows, 32]

        public Place AttentionStatistics => At(128);                // [rows, 2]

        public Place Normed => At(136);                             // [rows, 32]

        public Place Qkv => At(264);                                // [rows, 96]

        public Place Attended => At(648);                           // [rows, 32]

        public Place LogSumExp => At(776);                          // [rows, 2]

        public Place Middle => At(784);                             // [rows, 32]

        public Place FeedForwardStatistics => At(912);              // [rows, 2]

        public Place FeedForwardNormed => At(920);                  // [rows, 32]

        public Place PreActivation => At(1048);                     // [rows, 64]

        public Place Activated => At(1304);                         // [rows, 64]

        private Place At(long bytesPerRow) => new(Region.Arena, start + (bytesPerRow * rows));
    }

    /// <summary>Where each activation of generation lies.</summary>
    private readonly struct InferenceArena(int rows)
    {
        public Place Hidden => At(0);                               // [rows, 32]

        public Place Normed => At(128);                             // [rows, 32]

        public Place Qkv => At(256);                                // [rows, 96]

        public Place Attended => At(640);                           // [rows, 32]

        public Place Activated => At(256);                          // [rows, 64]

        public Place Statistics => At(768);                         // [rows, 2]

        public Place Gathered => At(128);                           // [rows, 32]

        public Place Final => At(640);                              // [rows, 32]

        public Place Logits => At(776);                             // [rows, 50]

        public static long Bytes(int rows) => 976L * rows;

        private Place At(long bytesPerRow) => new(Region.Arena, bytesPerRow * rows);
    }

    public static long InferenceArenaBytes(int rows) => InferenceArena.Bytes(rows);

    public static Place Logits(int rows) => new InferenceArena(rows).Logits;

    public static long TrainingArenaBytes(int rows) => TrainingArena.Bytes(rows, keepsLayers: true);

    public static long TrainingArenaLowerBound(int rows) => TrainingArena.Bytes(rows, keepsLayers: true);

    public static long EvaluationArenaBytes(int rows) => TrainingArena.Bytes(rows, keepsLayers: false);
}

// ---- Forward ----
public sealed partial class TinyGpt
{
    public static void Forward<TTarget>(in TTarget on, int batch, int time, float lossScale)
        where TTarget : struct, ITarget
    {
        var rows = batch * time;
        var input = new BatchLayout(BatchLayout.RowsFor(batch, time));
        var at = new TrainingArena(input.Rows, keepsLayers: true);
        var weights = new ModelParameters(Region.Weights, Float32.Bytes);
        var gradients = new ModelParameters(Region.Gradients, sizeof(float));

        ForwardLayers(on, at, input, batch, time);

        // losses = cross-entropy(final · tokenEmbeddingᵀ), by chunks of 128 rows; the gradients of both in the same pass
        on.CrossEntropyWithGradient<Head>(at.Final, weights.TokenEmbedding, input.Targets, at.Logits, input.Losses, at.FinalGradient, gradients.TokenEmbedding, lossScale, rows);
    }

    public static void Evaluate<TTarget>(in TTarget on, int batch, int time)
        where TTarget : struct, ITarget
    {
        var rows = batch * time;
        var input = new BatchLayout(BatchLayout.RowsFor(batch, time));
        var at = new TrainingArena(input.Rows, keepsLayers: false);
        var weights = new ModelParameters(Region.Weights, Float32.Bytes);

        ForwardLayers(on, at, input, batch, time);

        // losses = cross-entropy(final · tokenEmbeddingᵀ), by chunks of 128 rows
        on.CrossEntropy<Head, Float32>(at.Final, weights.TokenEmbedding, input.Targets, at.Logits, input.Losses, rows);
    }

    // From tokens to the last hidden state.
    private static void ForwardLayers<TTarget>(in TTarget on, in TrainingArena at, in BatchLayout input, int batch, int time)
        where TTarget : struct, ITarget
    {
        var rows = batch * time;
        var weights = new ModelParameters(Region.Weights, Float32.Bytes);

        // hidden = tokenEmbedding[tokens] + positionEmbedding[positions]       [rows, 32]
        on.Embed<TokenAndPosition, Identity, Float32>(input.Tokens, input.Positions, weights.TokenEmbedding, weights.PositionEmbedding, at.Saved(0).Hidden, rows);

        for (var layer = 0; layer < 2; layer++)
            ForwardLayer(on, at, weights.Layer(layer), layer, batch, time);

        // final = LayerNorm(hidden)                                            [rows, 32]
        on.LayerNorm<FinalNorm, Float32>(at.Saved(2).Hidden, weights.FinalNormGain, weights.FinalNormBias, at.Final, at.FinalStatistics, rows);
    }

    private static void ForwardLayer<TTarget>(in TTarget on, in TrainingArena at, in LayerParameters weights, int layer, int batch, int time)
        where TTarget : struct, ITarget
    {
        var rows = batch * time;
        var saved = at.Saved(layer);
        var next = at.Saved(layer + 1);

        on.LayerNorm<Norm32, Float32>(saved.Hidden, weights.AttentionNormGain, weights.AttentionNormBias, saved.Normed, saved.AttentionStatistics, rows);
        on.MatMul<QkvProjection, AddBias, Float32>(saved.Normed, weights.QkvWeight, weights.QkvBias, Place.None, saved.Qkv, Place.None, rows);
        on.Attention<TwoHeadsOf16, CausalMask, ScaleByQuarter>(saved.Qkv, saved.Qkv + 128, saved.Qkv + 256, saved.Attended, saved.LogSumExp, batch, time);
        on.MatMul<OutputProjection, AddBiasResidual, Float32>(saved.Attended, weights.OutputWeight, weights.OutputBias, saved.Hidden, saved.Middle, Place.None, rows);
        on.LayerNorm<Norm32, Float32>(saved.Middle, weights.FeedForwardNormGain, weights.FeedForwardNormBias, saved.FeedForwardNormed, saved.FeedForwardStatistics, rows);
        on.MatMul<UpProjection, AddBiasGelu, Float32>(saved.FeedForwardNormed, weights.UpWeight, weights.UpBias, Place.None, saved.Activated, saved.PreActivation, rows);
        on.MatMul<DownProjection, AddBiasResidual, Float32>(saved.Activated, weights.DownWeight, weights.DownBias, saved.Middle, next.Hidden, Place.None, rows);
    }
}

// ---- Backward ----
public sealed partial class TinyGpt
{
    public static void Backward<TTarget>(in TTarget on, int batch, int time)
        where TTarget : struct, ITarget
    {
        var rows = batch * time;
        var input = new BatchLayout(BatchLayout.RowsFor(batch, time));
        var at = new TrainingArena(input.Rows, keepsLayers: true);
        var weights = new ModelParameters(Region.Weights, Float32.Bytes);
        var gradients = new ModelParameters(Region.Gradients, sizeof(float));

        on.LayerNormBackward<FinalNorm, Identity, Float32>(
            at.FinalGradient, at.Saved(2).Hidden, weights.FinalNormGain, at.FinalStatistics, Place.None, Place.None, at.HiddenGradient, Place.None, gradients.FinalNormGain, gradients.FinalNormBias, rows);

        for (var layer = 1; layer >= 0; layer--)
            BackwardLayer(on, at, weights.Layer(layer), gradients.Layer(layer), layer, batch, time);

        on.EmbedBackward<TokenAndPosition>(input.Tokens, input.Positions, at.HiddenGradient, gradients.TokenEmbedding, gradients.PositionEmbedding, rows);
    }

    private static void BackwardLayer<TTarget>(in TTarget on, in TrainingArena at, in LayerParameters weights, in LayerParameters gradients, int layer, int batch, int time)
        where TTarget : struct, ITarget
    {
        var rows = batch * time;
        var saved = at.Saved(layer);

        on.WeightGradient<DownProjection>(saved.Activated, at.HiddenGradient, gradients.DownWeight, gradients.DownBias, rows);
        on.MatMul<DownProjectionBackward, GeluBackward, Float32>(at.HiddenGradient, weights.DownWeight, Place.None, saved.PreActivation, at.IntermediateGradient, Place.None, rows);
        on.WeightGradient<UpProjection>(saved.FeedForwardNormed, at.IntermediateGradient, gradients.UpWeight, gradients.UpBias, rows);
        on.MatMul<UpProjectionBackward, Identity, Float32>(at.IntermediateGradient, weights.UpWeight, Place.None, Place.None, at.FeedForwardNormedGradient, Place.None, rows);
        on.LayerNormBackward<Norm32, AddResidual, Float32>(
            at.FeedForwardNormedGradient, saved.Middle, weights.FeedForwardNormGain, saved.FeedForwardStatistics, Place.None, at.HiddenGradient, at.HiddenGradient, Place.None, gradients.FeedForwardNormGain, gradients.FeedForwardNormBias, rows);
        on.WeightGradient<OutputProjection>(saved.Attended, at.HiddenGradient, gradients.OutputWeight, gradients.OutputBias, rows);
        on.MatMul<OutputProjectionBackward, Identity, Float32>(at.HiddenGradient, weights.OutputWeight, Place.None, Place.None, at.AttendedGradient, Place.None, rows);
        on.AttentionBackward<TwoHeadsOf16, CausalMask, ScaleByQuarter>(
            saved.Qkv, saved.Qkv + 128, saved.Qkv + 256, saved.Attended, saved.LogSumExp, at.AttendedGradient, at.Delta, at.QkvGradient, at.QkvGradient + 128, at.QkvGradient + 256, batch, time);
        on.WeightGradient<QkvProjection>(saved.Normed, at.QkvGradient, gradients.QkvWeight, gradients.QkvBias, rows);
        on.MatMul<QkvProjectionBackward, Identity, Float32>(at.QkvGradient, weights.QkvWeight, Place.None, Place.None, at.AttentionNormedGradient, Place.None, rows);
        on.LayerNormBackward<Norm32, AddResidual, Float32>(
            at.AttentionNormedGradient, saved.Hidden, weights.AttentionNormGain, saved.AttentionStatistics, Place.None, at.HiddenGradient, at.HiddenGradient, Place.None, gradients.AttentionNormGain, gradients.AttentionNormBias, rows);
    }
}

// ---- Inference ----
public sealed partial class TinyGpt
{
    public static void Infer<TTarget>(in TTarget on, int rows, int paddedRows, int outputs, int slots, int capacity)
        where TTarget : struct, ITarget
    {
        var input = new BatchLayout(paddedRows);
        var at = new InferenceArena(paddedRows);
        var weights = new ModelParameters(Region.Weights, Float32.Bytes);
        var cacheLayerBytes = (long)slots * capacity * 2 * 32 * sizeof(float);

        on.Embed<TokenAndPosition, Identity, Float32>(input.Tokens, input.Positions, weights.TokenEmbedding, weights.PositionEmbedding, at.Hidden, rows);

        for (var layer = 0; layer < 2; layer++)
            InferLayer(on, at, input, weights.Layer(layer), new Place(Region.Cache, layer * cacheLayerBytes), rows, capacity);

        on.GatherRows<Width32>(at.Hidden, input.Outputs, at.Gathered, outputs);
        on.LayerNorm<FinalNorm, Float32>(at.Gathered, weights.FinalNormGain, weights.FinalNormBias, at.Final, at.Statistics, outputs);
        on.MatMul<LogitsProjection, Identity, Float32>(at.Final, weights.TokenEmbedding, Place.None, Place.None, at.Logits, Place.None, outputs);
    }

    private static void InferLayer<TTarget>(in TTarget on, in InferenceArena at, in BatchLayout input, in LayerParameters weights, Place cache, int rows, int capacity)
        where TTarget : struct, ITarget
    {
        on.LayerNorm<Norm32, Float32>(at.Hidden, weights.AttentionNormGain, weights.AttentionNormBias, at.Normed, at.Statistics, rows);
        on.MatMul<QkvProjection, AddBias, Float32>(at.Normed, weights.QkvWeight, weights.QkvBias, Place.None, at.Qkv, Place.None, rows);
        on.CachedAttention<TwoHeadsOf16, CausalMask, ScaleByQuarter>(at.Qkv, at.Qkv + 128, at.Qkv + 256, input.Positions, input.Slots, cache, at.Attended, rows, capacity);
        on.MatMul<OutputProjection, AddBiasResidual, Float32>(at.Attended, weights.OutputWeight, weights.OutputBias, at.Hidden, at.Hidden, Place.None, rows);
        on.LayerNorm<Norm32, Float32>(at.Hidden, weights.FeedForwardNormGain, weights.FeedForwardNormBias, at.Normed, at.Statistics, rows);
        on.MatMul<UpProjectionInfer, AddBiasGeluInfer, Float32>(at.Normed, weights.UpWeight, weights.UpBias, Place.None, at.Activated, Place.None, rows);
        on.MatMul<DownProjection, AddBiasResidual, Float32>(at.Activated, weights.DownWeight, weights.DownBias, at.Hidden, at.Hidden, Place.None, rows);
    }
}
