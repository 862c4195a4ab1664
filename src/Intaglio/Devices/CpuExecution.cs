using System.Runtime.Intrinsics;
using Intaglio.Numerics;
using Intaglio.Numerics.Cpu;

namespace Intaglio;

/// <summary>One user's view of the processor: where the regions are, and the launches' working memory.</summary>
internal sealed unsafe class CpuExecution : Execution
{
    private static readonly string[] LaunchNames = Enum.GetNames<Launch>();

    private readonly CpuDevice _device;
    private readonly CpuBuffer _workspace;
    private readonly CpuBuffer?[] _regions = new CpuBuffer?[Enum.GetValues<Region>().Length];
    private readonly long[] _launches = new long[LaunchNames.Length];

    /// <summary>Takes the working memory.</summary>
    public CpuExecution(CpuDevice device)
    {
        _device = device;
        _workspace = new(device, device.WorkspaceBytes);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, long> LaunchCounts
        => LaunchNames.Zip(_launches).ToDictionary(StringComparer.Ordinal);

    /// <summary>The threads that work on launches.</summary>
    public WorkerPool Pool => _device.Pool;

    /// <summary>The launches' working memory.</summary>
    public CpuWorkspace Workspace => new((float*)_workspace.Start);

    /// <inheritdoc/>
    public override void Bind(Region region, DeviceBuffer buffer)
    {
        if (buffer is not CpuBuffer memory || memory.Device != _device)
            throw new ArgumentException($"The buffer is not on this device ({_device}).", nameof(buffer));
        _regions[(int)region] = memory;
    }

    /// <inheritdoc/>
    public override void Run<TAction>(ref TAction action)
    {
        // Folds when compiled: the program exists for one width.
        if (Vector512.IsHardwareAccelerated)
            action.Invoke(new OnCpu<F16>(this));
        else if (Vector256.IsHardwareAccelerated)
            action.Invoke(new OnCpu<F8>(this));
        else
            action.Invoke(new OnCpu<F4>(this));
    }

    /// <inheritdoc/>
    public override double SumOfSquares(Region region, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Math.Min(SquaresByBlock.LongestCount, Bound(region).Bytes / sizeof(float)));
        var sums = (double*)_workspace.Start;
        var work = new SquaresByBlock((float*)Bound(region).Start, sums, count);
        Pool.Run(ref work, work.Items);

        var total = 0.0;
        for (var block = 0; block < work.Items; block++)
            total += sums[block];
        return total;
    }

    /// <inheritdoc/>
    public override void AdamW(long start, long count, in AdamWStep step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, (Bound(Region.Weights).Bytes / sizeof(float)) - start);
        if (Vector512.IsHardwareAccelerated)
            AdamW<F16>(start, count, step);
        else if (Vector256.IsHardwareAccelerated)
            AdamW<F8>(start, count, step);
        else
            AdamW<F4>(start, count, step);
    }

    /// <inheritdoc/>
    public override void Synchronize()
    {
    }

    /// <inheritdoc/>
    public override void Dispose() => _workspace.Dispose();

    /// <summary>The address that a place stands for.</summary>
    internal byte* At(Place place) => Bound(place.Region).Start + place.Offset;

    /// <summary>Counts a launch.</summary>
    internal void Count(Launch launch) => _launches[(int)launch]++;

    internal void AdamW<T>(long start, long count, in AdamWStep step)
        where T : struct, IVectorLane<T>
    {
        var work = new AdamWUpdate<T>(Floats(Region.Weights), Floats(Region.Gradients), Floats(Region.FirstMoments), Floats(Region.SecondMoments), count, step);
        Pool.Run(ref work, work.Items);

        float* Floats(Region region) => (float*)Bound(region).Start + start;
    }

    private CpuBuffer Bound(Region region)
        => _regions[(int)region] ?? throw new InvalidOperationException($"No buffer is bound to {region}.");
}
