using Intaglio.Numerics;
using Intaglio.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>A whole model on every target.</summary>
[Collection(AloneCollection.Name)]
public sealed class TinyGptTests(Targets targets, ITestOutputHelper output)
{
    private const int Batch = 2;
    private const int Time = 7;

    // Too many steps for the simulator, which checks a smaller model in the library's own tests.
    [SkippableTheory]
    [InlineData("cpu")]
    [InlineData("opencl:0")]
    public void Gradients_are_the_slopes_of_the_loss(string target)
    {
        var result = GradientCheck.Run<TinyGpt>(targets.Open(target), new() { Directions = 1 }).ThrowIfFailed();
        output.WriteLine($"{result}");
    }

    [SkippableTheory]
    [InlineData("cpu")]
    [InlineData("opencl:0")]
    [InlineData("simulated")]
    public void Training_lowers_the_loss_and_runs_the_kernels_that_it_should(string target)
    {
        using var run = new TrainingRun(targets.Open(target));
        var first = run.Step();
        double last = 0;
        for (var i = 1; i <= 8; i++)
        {
            run.Update(i);
            last = run.Step();
        }

        output.WriteLine($"loss {first:0.0000} to {last:0.0000}");
        Assert.True(last < first - 0.5, $"loss went from {first} to {last}");
        Assert.Equal(9, run.LaunchCounts["Embed"]);
        Assert.Equal(9 * 5, run.LaunchCounts["Normalize"]);
        Assert.Equal(9 * 2 * 8, run.LaunchCounts["MatMul"]);
        Assert.Equal(9 * 2 * 4, run.LaunchCounts["WeightGradient"]);
        Assert.Equal(9 * 2, run.LaunchCounts["AttentionBackward"]);
        Assert.Equal(0, run.LaunchCounts["CachedAttention"]);
    }

    [SkippableTheory]
    [InlineData("opencl:0")]
    [InlineData("simulated")]
    public void Twenty_steps_have_the_losses_of_the_cpu(string target)
    {
        using var reference = new TrainingRun(targets.Open("cpu"));
        using var run = new TrainingRun(targets.Open(target));
        var largest = 0.0;
        for (var i = 1; i <= 20; i++)
        {
            largest = Math.Max(largest, Math.Abs(run.Step() - reference.Step()));
            run.Update(i);
            reference.Update(i);
        }

        output.WriteLine($"largest difference {largest:0.0e+0}");

        // 1.6e-7 was seen, the rounding of a loss; ten times that.
        Assert.InRange(largest, 0, 1.6e-6);
        Assert.Equal(reference.LaunchCounts.OrderBy(count => count.Key, StringComparer.Ordinal), run.LaunchCounts.OrderBy(count => count.Key, StringComparer.Ordinal));
    }

    [SkippableFact]
    public void Bits_are_the_same_from_run_to_run_on_OpenCl()
    {
        var device = targets.Open("opencl:0");
        Assert.Equal(Train(device), Train(device));

        static float[] Train(Device device)
        {
            using var run = new TrainingRun(device);
            for (var i = 1; i <= 5; i++)
            {
                run.Step();
                run.Update(i);
            }

            return run.Weights();
        }
    }

    [SkippableFact]
    public void Step_allocates_nothing_on_OpenCl()
    {
        using var run = new TrainingRun(targets.Open("opencl:0"));
        for (var i = 1; i <= 3; i++)
            Step(i);

        // Of this thread, on which everything of ours runs: the test host allocates on others now and then.
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 4; i <= 13; i++)
            Step(i);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Step(int number)
        {
            run.Step();
            run.Update(number);
        }
    }

    [Fact]
    public void Simulated_launches_allocate_little()
    {
        using var run = new TrainingRun(targets.Open("simulated"));
        run.Step();
        run.Step();

        // The least of three steps: the count is the process's, which has more to do than this test.
        var bytes = double.PositiveInfinity;
        for (var step = 0; step < 3; step++)
        {
            var launches = run.LaunchCounts.Values.Sum();
            var before = GC.GetTotalAllocatedBytes(precise: true);
            run.Step();
            bytes = Math.Min(bytes, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(run.LaunchCounts.Values.Sum() - launches));
        }

        output.WriteLine($"{bytes:0} bytes a launch");

        // 630 were seen: ILGPU's simulator makes a task for each launch, and an object for each array of a thread's own.
        Assert.InRange(bytes, 0, 1_000);
    }

    [SkippableTheory]
    [InlineData("cpu")]
    [InlineData("opencl:0")]
    [InlineData("simulated")]
    public void Decoding_token_by_token_gives_the_logits_of_the_whole_prompt(string target)
    {
        var device = targets.Open(target);
        var whole = Logits(device, [[0, 1, 2, 3, 4]]);
        var single = Logits(device, [[0], [1], [2], [3], [4]]);
        var pieces = Logits(device, [[0, 1, 2], [3, 4]]);

        // The same sums in the same order; products of one row add theirs in another, over 64 terms at most.
        Assert.InRange(Distance.Between(single, Reference.Doubles(whole)), 0, 2e-6);
        Assert.InRange(Distance.Between(pieces, Reference.Doubles(whole)), 0, 2e-6);
    }

    // Logits of the last of some positions, run in several calls.
    private static float[] Logits(Device device, int[][] calls)
    {
        const int slots = 2;
        const int capacity = 8;
        const int rows = 16;
        using var run = new TrainingRun(device);
        var layoutOfCache = new CacheLayout(2, slots, capacity, 0, Model<TinyGpt>.Description.CacheBytesPerTokenAndLayer, 0, 0);
        using var cache = device.Allocate(layoutOfCache.Bytes);
        using var arena = device.Allocate(Model<TinyGpt>.InferenceArenaBytes(rows));
        using var batch = device.Allocate(new BatchLayout(rows).Bytes);
        run.Execution.Bind(Region.Cache, cache);
        run.Execution.Bind(Region.Arena, arena);
        run.Execution.Bind(Region.Batch, batch);
        foreach (var positions in calls)
        {
            var layout = new BatchLayout(rows);
            batch.Write<int>([.. positions.Select(position => (position * 11) + 3)], layout.Tokens.Offset);
            batch.Write<int>(positions, layout.Positions.Offset);
            batch.Write<int>([.. positions.Select(_ => 1)], layout.Slots.Offset);
            batch.Write<int>([positions.Length - 1], layout.Outputs.Offset);
            var infer = new Infer(positions.Length, rows, layoutOfCache);
            run.Execution.Run(ref infer);
        }

        var logits = new float[50];
        arena.Read(logits.AsSpan(), Model<TinyGpt>.Logits(rows).Offset);
        return logits;
    }

    private readonly struct Infer(int count, int rows, CacheLayout cache) : ITargetAction
    {
        public void Invoke<TTarget>(in TTarget on)
            where TTarget : struct, ITarget => Model<TinyGpt>.Infer(on, count, rows, outputs: 1, cache);
    }

    private struct ForwardBackward : ITargetAction
    {
        public readonly void Invoke<TTarget>(in TTarget on)
            where TTarget : struct, ITarget
        {
            Model<TinyGpt>.Forward(on, new(Batch, Time), lossScale: 1f / (Batch * Time));
            Model<TinyGpt>.Backward(on, new(Batch, Time));
        }
    }

    // The buffers of a training run, with random weights and tokens.
    private sealed class TrainingRun : IDisposable
    {
        private readonly Dictionary<Region, DeviceBuffer> _buffers = [];
        private readonly float[] _weights = new float[Model<TinyGpt>.Description.Parameters.Length];
        private readonly float[] _losses = new float[Batch * Time];
        private readonly BatchLayout _layout = new(new BatchShape(Batch, Time));

        public TrainingRun(Device device)
        {
            Execution = device.CreateExecution(Model<TinyGpt>.Description.Kernels);
            var random = new Random(11);
            foreach (var parameter in Model<TinyGpt>.Description.Parameters.Parameters())
            {
                for (var i = 0; i < parameter.Entry.Count; i++)
                    _weights[parameter.Offset + i] = parameter.Entry.Initialization.Mean + (0.2f * (random.NextSingle() + random.NextSingle() - 1));
            }

            Add(device, Region.Weights, _weights.Length * sizeof(float)).Write<float>(_weights);
            foreach (var region in new[] { Region.Gradients, Region.FirstMoments, Region.SecondMoments })
                Add(device, region, _weights.Length * sizeof(float));
            Add(device, Region.Arena, Model<TinyGpt>.TrainingArenaBytes(_layout));
            var batch = Add(device, Region.Batch, _layout.Bytes);
            batch.Write<int>([.. Enumerable.Range(0, Batch * Time).Select(_ => random.Next(50))], _layout.Tokens.Offset);
            batch.Write<int>([.. Enumerable.Range(0, Batch * Time).Select(_ => random.Next(50))], _layout.Targets.Offset);
            batch.Write<int>([.. Enumerable.Range(0, Batch * Time).Select(row => row % Time)], _layout.Positions.Offset);
        }

        public Execution Execution { get; }

        public IReadOnlyDictionary<string, long> LaunchCounts => Execution.LaunchCounts;

        public double Step()
        {
            _buffers[Region.Gradients].Clear();
            var action = default(ForwardBackward);
            Execution.Run(ref action);
            return Loss();
        }

        public void Update(int step) => Execution.AdamW(
            0, _weights.Length, new(0.01f, 0.9f, 0.99f, 1e-8f, 0.1f, 1 - MathF.Pow(0.9f, step), 1 - MathF.Pow(0.99f, step), Execution.SumOfSquares(Region.Gradients, _weights.Length) > 1 ? 0.5f : 1));

        public float[] Weights() => Read(Region.Weights);

        public void Dispose()
        {
            Execution.Dispose();
            foreach (var buffer in _buffers.Values)
                buffer.Dispose();
        }

        private double Loss()
        {
            _buffers[Region.Batch].Read(_losses.AsSpan(), _layout.Losses.Offset);
            var sum = 0.0;
            foreach (var loss in _losses)
                sum += loss;
            return sum / _losses.Length;
        }

        private float[] Read(Region region)
        {
            var values = new float[_weights.Length];
            _buffers[region].Read(values.AsSpan());
            return values;
        }

        private DeviceBuffer Add(Device device, Region region, long bytes)
        {
            var buffer = _buffers[region] = device.Allocate(bytes);
            Execution.Bind(region, buffer);
            return buffer;
        }
    }
}
