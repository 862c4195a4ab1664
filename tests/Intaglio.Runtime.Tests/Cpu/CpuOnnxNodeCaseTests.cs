using Intaglio.Compiler.Tests.Published;
using Intaglio.Numerics;
using Intaglio.Numerics.Cpu;
using Intaglio.Runtime.Tests.Checkpoints;
using Xunit;

namespace Intaglio.Runtime.Tests.Cpu;

/// <summary>Kernels against the results of ONNX's own reference; the graph's ops are held to all of its cases in Intaglio.Compiler.Tests.</summary>
[Collection(CpuCollection.Name)]
public sealed class CpuOnnxNodeCaseTests : IDisposable
{
    // Kernel and reference round each step to single precision, in orders of their own: no more than 4 apart but in Mish, which multiplies the rounding of 1 + eˣ in the
    // softplus by x, down to -17, below which the sum is 1.
    private const int Roundings = 17 + 4;

    private readonly CpuHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [SkippableTheory]
    [InlineData("test_attention_3d", typeof(FullMask))]
    [InlineData("test_attention_4d", typeof(FullMask))]
    [InlineData("test_attention_4d_causal", typeof(CausalMask))]
    [InlineData("test_attention_4d_gqa", typeof(FullMask))]
    [InlineData("test_attention_4d_scaled", typeof(FullMask))]
    public void Attention_is_that_of_the_reference(string name, Type mask) => Check(name, nameof(Attend), mask);

    [SkippableTheory]
    [InlineData("test_layer_normalization_2d_axis1")]
    [InlineData("test_layer_normalization_3d_axis2_epsilon")]
    [InlineData("test_layer_normalization_4d_axis3")]
    [InlineData("test_layer_normalization_default_axis")]
    [InlineData("test_rms_normalization_2d_axis1")]
    [InlineData("test_rms_normalization_3d_axis2_epsilon")]
    [InlineData("test_rms_normalization_4d_axis3")]
    [InlineData("test_rms_normalization_default_axis")]
    public void Norms_are_those_of_the_reference(string name) => Check(name, nameof(Normalize));

    [SkippableTheory]
    [InlineData("test_rotary_embedding")]
    [InlineData("test_rotary_embedding_interleaved")]
    public void Rotary_positions_are_those_of_the_reference(string name) => Check(name, nameof(Rotate));

    [SkippableTheory]
    [InlineData("test_erf", typeof(Erf))]
    [InlineData("test_gelu_default_1", typeof(Gelu))]
    [InlineData("test_gelu_default_2", typeof(Gelu))]
    [InlineData("test_gelu_tanh_1", typeof(GeluTanh))]
    [InlineData("test_mish", typeof(Mish))]
    [InlineData("test_swish", typeof(Silu))]
    public void Activations_are_those_of_the_reference(string name, Type function) => Check(name, nameof(Map), function);

    private void Check(string name, string method, params Type[] types)
    {
        var given = OnnxNodeCase.Read(SharedData.Find($"onnx-node-cases/{name}.json"));
        foreach (var lane in CpuHarness.Lanes)
        {
            _harness.Clear();
            CpuHarness.Call(this, method, [lane, .. types], given);
        }
    }

    private void Attend<T, TMask>(OnnxNodeCase given)
        where T : struct, IWideLane<T>
        where TMask : struct, IMask
    {
        (HeadsApart.Heads, HeadsApart.KeyValueHeads, HeadsApart.HeadSize, var scale) = given.Attention;
        Scaled.Factor = (float)scale;
        var (query, key, value) = (OnnxNodeCase.Rows(given["Q"]), OnnxNodeCase.Rows(given["K"]), OnnxNodeCase.Rows(given["V"]));
        var batch = given["Q"].Sides[0];
        var output = _harness.Room(query.Values.Length);
        new OnCpu<T>(_harness.Execution).Attention<HeadsApart, TMask, Scaled>(
            Put(query.Values), Put(key.Values), Put(value.Values), RelativeBias.None, Place.None, output, _harness.Room(query.Rows * HeadsApart.Heads), batch, query.Rows / batch, key.Rows / batch);

        var rows = Read(output, query.Values.Length);
        given.Outputs[0].AssertNear(OnnxNodeCase.Heads(new(query.Sides, rows), given["Q"]).Values, Roundings);
    }

    private void Normalize<T>(OnnxNodeCase given)
        where T : struct, IWideLane<T>
    {
        var x = given.AlongLastSide("X");
        (Norm.Width, Norm.Centers, Norm.Epsilon) = (x.Width, given.Inputs.ContainsKey("B"), (float)given.Number("epsilon", 1e-5));
        var (output, statistics) = (_harness.Room(x.Values.Length), _harness.Room(2 * x.Rows));
        new OnCpu<T>(_harness.Execution).Normalize<Norm, Float32>(
            Put(x.Values), Put(given["W"].Values, Region.Weights), Norm.HasBias ? Put(given["B"].Values, Region.Weights) : Place.None, output, statistics, x.Rows);

        // Mean and 1 / deviation of a row lie side by side; RMSNorm's are no results.
        var rows = Read(statistics, 2 * x.Rows).Chunk(2).ToList();
        double[][] results = [Read(output, x.Values.Length), [.. rows.Select(row => row[0])], [.. rows.Select(row => row[1])]];
        Assert.Equal(Norm.Centers ? 3 : 1, given.Outputs.Count);
        foreach (var (published, result) in given.Outputs.Zip(results))
            published.AssertNear(result, Roundings);
    }

    private void Rotate<T>(OnnxNodeCase given)
        where T : struct, IWideLane<T>
    {
        var (input, cosines, sines) = (given["input"], given["cos_cache"], given["sin_cache"]);
        (Rotary.Heads, Rotary.HeadSize, Rotary.Interleaved) = (input.Sides[1], input.Sides[3], given.Number("interleaved", 0) == 1);
        var rows = OnnxNodeCase.Rows(input);
        var (query, key) = (Put(rows.Values), Put(rows.Values));
        double[] table = [.. cosines.Values.Chunk(cosines.Width).Zip(sines.Values.Chunk(sines.Width), (cosine, sine) => cosine.Concat(sine)).SelectMany(row => row)];
        var positions = _harness.Put(Array.ConvertAll(given["position_ids"].Values, position => (int)position));
        new OnCpu<T>(_harness.Execution).Rotate<Rotary>(query, key, positions, Put(table, Region.Tables), rows.Rows);

        foreach (var turned in new[] { query, key })
            given.Outputs[0].AssertNear(OnnxNodeCase.Heads(new(rows.Sides, Read(turned, rows.Values.Length)), input).Values, Roundings);
    }

    private void Map<T, TFunction>(OnnxNodeCase given)
        where T : struct, IWideLane<T>
        where TFunction : struct, IFunction
    {
        var x = given.Inputs.Values.Single();
        MapShape.Width = x.Sides[^1];
        var output = _harness.Room(x.Values.Length);
        new OnCpu<T>(_harness.Execution).Map<MapShape, Applied<TFunction>>(Put(x.Values), Place.None, Place.None, output, Place.None, x.Values.Length / MapShape.Width);
        given.Outputs[0].AssertNear(Read(output, x.Values.Length), Roundings);
    }

    private Place Put(double[] values, Region region = Region.Arena) => _harness.Put(Array.ConvertAll(values, value => (float)value), region);

    private double[] Read(Place place, int count) => Array.ConvertAll(_harness.Read(place, count), value => (double)value);

    private interface IFunction
    {
        static abstract T Of<T>(T x)
            where T : struct, ILane<T>;
    }

    private readonly struct Erf : IFunction
    {
        public static T Of<T>(T x)
            where T : struct, ILane<T> => T.Erf(x);
    }

    private readonly struct Gelu : IFunction
    {
        public static T Of<T>(T x)
            where T : struct, ILane<T> => T.Of(0.5f) * x * (T.Of(1) + T.Erf(x / T.Of(MathF.Sqrt(2))));
    }

    private readonly struct GeluTanh : IFunction
    {
        public static T Of<T>(T x)
            where T : struct, ILane<T> => T.Of(0.5f) * x * (T.Of(1) + T.Tanh(T.Of(MathF.Sqrt(2 / MathF.PI)) * (x + (T.Of(0.044715f) * x * x * x))));
    }

    private readonly struct Mish : IFunction
    {
        public static T Of<T>(T x)
            where T : struct, ILane<T> => x * T.Tanh(T.Softplus(x));
    }

    private readonly struct Silu : IFunction
    {
        public static T Of<T>(T x)
            where T : struct, ILane<T> => x / (T.Of(1) + T.Exp(-x));
    }

    private readonly struct Applied<TFunction> : IFusion
        where TFunction : struct, IFunction
    {
        public static bool HasRow => false;

        public static bool HasFull => false;

        public static bool Saves => false;

        public static float DropoutRate => 0;

        public static T Invoke<T>(T x, T row, T full, T keep, out T saved)
            where T : struct, ILane<T>
        {
            saved = x;
            return TFunction.Of(x);
        }
    }

    private readonly struct Scaled : IScoreModifier
    {
        public static float Factor { get; set; }

        public static T Invoke<T>(T product)
            where T : struct, ILane<T> => product * T.Of(Factor);

        public static T Derivative<T>(T product)
            where T : struct, ILane<T> => T.Of(Factor);
    }

    /// <summary>Queries, keys and values in tensors of their own.</summary>
    private readonly struct HeadsApart : IAttentionShape
    {
        public static int Heads { get; set; }

        public static int KeyValueHeads { get; set; }

        public static int HeadSize { get; set; }

        public static int QueryStride => Heads * HeadSize;

        public static int KeyStride => KeyValueHeads * HeadSize;

        public static int ValueStride => KeyStride;

        public static int HeadStride => HeadSize;

        public static bool HasBias => false;

        public static float DropoutRate => 0;

        public static string Kernel => "";
    }

    /// <summary>LayerNorm with a bias, or RMSNorm without.</summary>
    private readonly struct Norm : INormShape
    {
        public static bool Centers { get; set; }

        public static int Width { get; set; }

        public static float Epsilon { get; set; }

        public static bool HasBias => Centers;

        public static int Groups => 1;

        public static int InputStride => Width;

        public static int GroupStride => Width;

        public static float GainOffset => 0;

        public static string BackwardKernel => "";
    }

    private readonly struct Rotary : IRotaryShape
    {
        public static int Heads { get; set; }

        public static int KeyValueHeads => Heads;

        public static int HeadSize { get; set; }

        public static int RotatedSize => HeadSize;

        public static bool Interleaved { get; set; }

        public static int QueryStride => Heads * HeadSize;

        public static int KeyStride => QueryStride;

        public static int HeadStride => HeadSize;
    }
}
