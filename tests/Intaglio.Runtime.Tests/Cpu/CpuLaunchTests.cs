using System.Runtime.CompilerServices;
using Intaglio.Numerics;
using Intaglio.Runtime.Tests.Kernels;
using Xunit;

namespace Intaglio.Runtime.Tests.Cpu;

/// <summary>What holds of all launches together.</summary>
[Collection(CpuCollection.Name)]
public sealed class CpuLaunchTests
{
    [Fact]
    public void Results_have_the_same_bits_for_any_number_of_threads()
    {
        var one = Results(threads: 1);
        foreach (var threads in new[] { 2, 3, 7 })
        {
            var several = Results(threads);
            Assert.Equal(one.Length, several.Length);
            for (var index = 0; index < one.Length; index++)
                Assert.Equal(BitConverter.SingleToUInt32Bits(one[index]), BitConverter.SingleToUInt32Bits(several[index]));
        }
    }

    [Fact]
    public void Launches_allocate_nothing_on_any_thread()
    {
        using var step = new Step(threads: 2);
        Assert.Equal(0, Allocations.Least(step.Run));
    }

    [Fact]
    public void Launches_are_counted_by_name()
    {
        using var step = new Step(threads: 1);
        step.Run();
        step.Run();
        var counts = step.Harness.Execution.LaunchCounts;
        Assert.Equal(typeof(ITarget).GetMethods().Select(method => method.Name).Order(), counts.Keys.Order());
        Assert.Equal(4, counts[nameof(ITarget.MatMul)]);
        Assert.All(counts.Where(count => count.Key != nameof(ITarget.MatMul)), count => Assert.Equal(2, count.Value));
    }

    [Fact]
    public void Executions_on_several_threads_at_once_do_not_disturb_each_other()
    {
        using var device = Device.Cpu(2);
        var expected = Results(threads: 2);
        var callers = Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            using var step = new Step(new CpuHarness(device));
            for (var run = 0; run < 5; run++)
            {
                step.Run();
                Assert.Equal(expected, step.Read());
            }
        })).ToList();
        callers.ForEach(caller => caller.Start());
        callers.ForEach(caller => caller.Join());
    }

    private static float[] Results(int threads)
    {
        using var step = new Step(threads);
        step.Run();
        return step.Read();
    }

    /// <summary>Every launch once or twice, on sizes of several items each.</summary>
    private sealed class Step : IDisposable
    {
        private const int Batch = 2;
        private const int Time = 150;
        private const int Rows = Batch * Time;
        private const int Width = 96;
        private const int Vocabulary = 70;

        private readonly Place _start;
        private Launches _launches;

        public Step(int threads)
            : this(new CpuHarness(threads))
        {
        }

        public Step(CpuHarness harness)
        {
            Harness = harness;
            harness.Execution.Random = new(1, 2, IsTraining: true);
            (MatMulShape.Inner, MatMulShape.Columns, MatMulShape.Transposed) = (Width, 3 * Width, false);
            (MapShape.Width, NormShape.Width, NormShape.HasBias) = (Width, Width, true);
            (EmbeddingShape.Width, EmbeddingShape.Vocabulary, EmbeddingShape.Positions) = (Width, Vocabulary, Time);
            (HeadShape.Width, HeadShape.Vocabulary, HeadShape.ChunkRows, HeadShape.HasBias, HeadShape.LogitSoftCap) = (Width, Vocabulary, 128, true, 30);
            (AttentionShape.Heads, AttentionShape.KeyValueHeads, AttentionShape.HeadSize, AttentionShape.DropoutRate) = (3, 3, 32, 0.1f);
            AttentionShape.HasBias = true;
            _launches = new()
            {
                Tokens = harness.Put(Enumerable.Range(0, Rows).Select(row => row * 7 % Vocabulary).ToArray(), Region.Batch),
                Positions = harness.Put(Enumerable.Range(0, Rows).Select(row => row % Time).ToArray(), Region.Batch),
                Slots = harness.Put(Enumerable.Range(0, Rows).Select(row => row / Time).ToArray(), Region.Batch),
                Bounds = harness.Put(new[] { 0, 100, 20, Time }, Region.Batch),
                Starts = harness.Put(new[] { 7, 30 }, Region.Batch),
                Ends = harness.Put(new[] { 99, 31 }, Region.Batch),
                Buckets = harness.Put(Enumerable.Range(0, Time).Select(distance => distance * 3 % 5).ToArray(), Region.Batch),
                Weights = harness.Put(CpuHarness.Random(Width * 3 * Width, 1, scale: 0.1), Region.Weights),
                Gradients = harness.Put(new float[Width * 3 * Width], Region.Gradients),
            };
            _start = harness.Room(0);
            _launches.Arena = _start;
            _launches.Cache = new(Region.Cache, 0);
        }

        public CpuHarness Harness { get; }

        public void Run()
        {
            for (var region = Region.Gradients; region <= Region.SecondMoments; region++)
                Harness.Zero(region);
            Harness.Execution.Run(ref _launches);
            _launches.Norm = Harness.Execution.SumOfSquares(Region.Gradients, Width * 3 * Width);
            Harness.Execution.AdamW(0, Width * 3 * Width, new(0, 0.9f, 0.99f, 1e-8f, 0.1f, 0.1f, 0.01f, 1));
        }

        public float[] Read() =>
        [
            .. Harness.Read(_start, 24 * Rows * Width),
            .. Harness.Read(new(Region.Gradients, 0), Width * 3 * Width),
            .. Harness.Read(new(Region.Weights, 0), Width * 3 * Width),
            (float)_launches.Norm,
        ];

        public void Dispose() => Harness.Dispose();

        private struct Launches : ITargetAction
        {
            public Place Tokens;
            public Place Positions;
            public Place Bounds;
            public Place Slots;
            public Place Starts;
            public Place Ends;
            public Place Buckets;
            public Place Weights;
            public Place Gradients;
            public Place Arena;
            public Place Cache;
            public double Norm;

            public readonly void Invoke<TTarget>(in TTarget on)
                where TTarget : struct, ITarget
            {
                on.Embed<EmbeddingShape, Dropped, Float32>(Tokens, Positions, Weights, Weights, At(0), Rows, site: 1);
                on.Normalize<NormShape, Float32>(At(0), Weights, Weights, At(1), At(2), Rows);
                on.MatMul<MatMulShape, Combination<Yes, No, No, Yes>, Float32>(At(1), Weights, Weights, Place.None, At(3), Place.None, Rows, site: 2);
                on.Rotate<RotaryOf64>(At(3), At(3) + (128 * sizeof(float)), Positions, Weights, Rows);
                on.RotateBackward<RotaryOf64>(At(3), At(3) + (128 * sizeof(float)), Positions, Weights, Rows);
                on.Attention<AttentionShape, CausalMask, Identical>(At(3), Head(1), Head(2), Bias, Bounds, At(6), At(7), Batch, Time, Time, site: 3);
                on.AttentionBackward<AttentionShape, CausalMask, Identical>(
                    At(3), Head(1), Head(2), Bias, Bounds, At(6), At(7), At(1), At(8), At(9), Head(1, 9), Head(2, 9), At(16), Batch, Time, Time, site: 3);
                on.WeightGradient<MatMulShape>(At(1), At(9), Gradients, Gradients, Rows);
                on.Map<MapShape, Dropped>(At(6), Place.None, Place.None, At(12), Place.None, Rows, site: 4);
                on.NormalizeBackward<NormShape, Combination<No, Yes, No, No>, Float32>(At(12), At(0), Weights, At(2), Place.None, At(12), At(12), Place.None, Gradients, Gradients + (4 * Width), Rows);
                on.Gate<GateOf21<Identity>, TanhGate, Identity>(At(6), Place.None, Place.None, At(14), Place.None, Rows);
                on.GateBackward<GateOf21<Identity>, TanhGate>(At(6), At(14), At(12), Rows);
                on.SumRows<MapShape>(At(12), Gradients, Rows);
                on.GatherRows<MapShape>(At(12), Tokens, At(13), Rows);
                on.CrossEntropyWithGradient<HeadShape>(At(13), Weights, Weights, Tokens, At(14), At(15), At(8), Gradients, Gradients, 0.01f, Rows);
                on.CrossEntropy<HeadShape, Float32>(At(8), Weights, Weights, Tokens, At(14), At(15), Rows);
                on.EmbedBackward<EmbeddingShape>(Tokens, Positions, At(8), Gradients, Gradients, Rows);
                on.StoreKeys<AttentionShape>(Head(1), Head(2), Positions, Slots, Cache, Rows, Time);
                on.CachedAttention<AttentionShape, CausalMask, Identical>(At(3), Bias, Positions, Slots, Cache, At(10), Rows, Time);
                on.MeanRows<MapShape>(At(13), Bounds, At(16), Batch, Time);
                on.MeanRowsBackward<MapShape>(At(16), Bounds, At(17), Batch, Time);
                on.NormalizeLength<MapShape>(At(13), At(18), At(19), Rows);
                on.NormalizeLengthBackward<MapShape>(At(17), At(18), At(19), At(20), Rows);
                on.ScatterRows<MapShape>(At(20), Tokens, At(21), Rows, Rows);
                on.ExpandBias<ThreeHeadsOf5Buckets, Float32>(Weights, Buckets, At(22), Time);
                on.ExpandBiasBackward<ThreeHeadsOf5Buckets>(At(13), Buckets, Gradients, Batch, Time);
                on.SpanCrossEntropy(At(13), Bounds, Starts, Ends, At(16) + (Batch * Width * sizeof(float)), At(23), 0.5f, Batch, Time);
                on.Clear<MapShape>(At(12), Rows);

                // Few rows take another way.
                on.MatMul<MatMulShape, Identity, Float32>(At(10), Weights, Place.None, Place.None, At(11), Place.None, rows: 2);
            }

            private readonly RelativeBias Bias => new(Weights, Time, Time - 1);

            private readonly Place At(int index) => Arena + ((long)index * Rows * Width * sizeof(float));

            private readonly Place Head(int part, int index = 3) => At(index) + (part * Width * sizeof(float));
        }
    }

    private readonly struct Dropped : IFusion
    {
        public static bool HasRow => false;

        public static bool HasFull => false;

        public static bool Saves => false;

        public static float DropoutRate => 0.1f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Invoke<T>(T x, T row, T full, T keep, out T saved)
            where T : struct, ILane<T>
        {
            saved = x;
            return x * keep;
        }
    }

    private readonly struct Identical : IScoreModifier
    {
        public static T Invoke<T>(T product)
            where T : struct, ILane<T> => product;

        public static T Derivative<T>(T product)
            where T : struct, ILane<T> => T.Of(1);
    }
}
