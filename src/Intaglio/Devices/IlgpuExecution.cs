using ILGPU;
using ILGPU.Runtime;
using Intaglio.Numerics;
using Intaglio.Numerics.Gpu;

namespace Intaglio;

/// <summary>An execution whose launches are GPU kernels.</summary>
internal sealed class IlgpuExecution : Execution
{
    /// <summary>The partial sums of <see cref="SumOfSquares"/>.</summary>
    public const long WorkspaceBytes = GpuOptimizer.Partials * sizeof(float);

    private readonly IlgpuDevice _device;
    private readonly Type _owner;
    private readonly ArrayView<byte>[] _regions = new ArrayView<byte>[Enum.GetValues<Region>().Length];
    private readonly Dictionary<string, object> _modelKernels = [];
    private readonly Dictionary<string, object> _libraryKernels = [];
    private readonly Dictionary<string, string> _tiled = [];
    private readonly Dictionary<string, long> _counts = typeof(ITarget).GetMethods().ToDictionary(method => method.Name, _ => 0L, StringComparer.Ordinal);
    private readonly DeviceBuffer _workspace;
    private readonly float[] _partials = new float[GpuOptimizer.Partials];

    /// <summary>Takes the workspace; kernels are compiled when they are first launched.</summary>
    public IlgpuExecution(IlgpuDevice device, Type owner)
    {
        _device = device;
        _owner = owner;
        _workspace = device.Allocate(WorkspaceBytes);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, long> LaunchCounts => _counts;

    /// <inheritdoc/>
    public override void Bind(Region region, DeviceBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (buffer is not IlgpuBuffer own || own.Device != _device)
            throw new ArgumentException($"The buffer is on another device than {_device}.", nameof(buffer));
        _regions[(int)region] = own.View;
    }

    /// <inheritdoc/>
    public override void Run<TAction>(ref TAction action) => action.Invoke(new OnIlgpu(this));

    /// <inheritdoc/>
    public override double SumOfSquares(Region region, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        LaunchLibrary(
            nameof(LibraryKernels.SumOfSquares),
            new SumOfSquaresArguments { Values = View<float>(new(region, 0)), Partials = ((IlgpuBuffer)_workspace).View.Cast<float>(), Count = count },
            GpuOptimizer.Partials,
            _device.FineGroup);
        _workspace.Read(_partials.AsSpan());

        var sum = 0.0;
        foreach (var partial in _partials)
            sum += partial;
        return sum;
    }

    /// <inheritdoc/>
    public override void AdamW(long start, long count, in AdamWStep step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count == 0)
            return;

        var offset = start * sizeof(float);
        LaunchLibrary(
            nameof(LibraryKernels.AdamW),
            new AdamWArguments
            {
                Weights = View<float>(new(Region.Weights, offset)),
                Gradients = View<float>(new(Region.Gradients, offset)),
                FirstMoments = View<float>(new(Region.FirstMoments, offset)),
                SecondMoments = View<float>(new(Region.SecondMoments, offset)),
                Count = count,
                LearningRate = step.LearningRate,
                Beta1 = step.Beta1,
                Beta2 = step.Beta2,
                Epsilon = step.Epsilon,
                WeightDecay = step.WeightDecay,
                Correction1 = step.Correction1,
                Correction2 = step.Correction2,
                GradientScale = step.GradientScale,
            },
            (int)Math.Min(count, 1 << 28),
            _device.FineGroup);
    }

    /// <inheritdoc/>
    public override void Synchronize() => _device.Synchronize();

    /// <inheritdoc/>
    public override void Dispose() => _workspace.Dispose();

    /// <summary>The rest of a region from a place on, as kernels see it.</summary>
    public ArrayView<T> View<T>(Place place)
        where T : unmanaged
    {
        // An operand that a kernel does not look at still needs memory to point to.
        if (place == Place.None)
            return ((IlgpuBuffer)_workspace).View.Cast<T>();

        var region = _regions[(int)place.Region];
        if (!region.IsValid)
            throw new InvalidOperationException($"Nothing is bound to the region {place.Region}.");

        return region.SubView(place.Offset, region.Length - place.Offset).Cast<T>();
    }

    /// <summary>Counts one launch of a member of <see cref="ITarget"/>.</summary>
    public void Count(string algorithm) => _counts[algorithm]++;

    /// <summary>Launches an entry point of the model.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">Its operands.</param>
    /// <param name="threads">How many threads have work.</param>
    /// <param name="coarse">Whether each has much of it.</param>
    public void LaunchModel<TArguments>(string name, in TArguments arguments, int threads, bool coarse)
        where TArguments : struct => Launch(_modelKernels, _owner, name, arguments, threads, coarse ? _device.CoarseGroup : _device.FineGroup);

    /// <summary>Whether kernels work on tiles in shared memory here.</summary>
    public bool UsesTiles => _device.UsesTiles;

    /// <summary>Launches the entry point of the model that does the same as another by tiles in shared memory.</summary>
    /// <param name="name">The other's name.</param>
    /// <param name="arguments">Its operands.</param>
    /// <param name="groups">How many groups have work.</param>
    /// <param name="groupSize">Threads of each.</param>
    public void LaunchTiled<TArguments>(string name, in TArguments arguments, int groups, int groupSize)
        where TArguments : struct
    {
        // Joined once, so that a launch allocates nothing.
        if (!_tiled.TryGetValue(name, out var tiled))
            _tiled.Add(name, tiled = name + "Tiled");

        Launch(_modelKernels, _owner, tiled, arguments, groups * groupSize, groupSize);
    }

    /// <summary>Launches a product of the model: tile by tile where the device has shared memory, else by single threads.</summary>
    public void LaunchProduct<TElement>(string name, in MatMulArguments<TElement> arguments)
        where TElement : unmanaged
    {
        if (UsesTiles)
            LaunchTiled(name, arguments, GpuTiledMatMul.Groups(arguments.Rows, arguments.Columns), GpuTiledMatMul.GroupSize);
        else
            LaunchModel(name, arguments, GpuMatMul.Threads(arguments.Rows, arguments.Columns), coarse: true);
    }

    /// <summary>Launches the library's product that adds to its result, in the same way.</summary>
    public void LaunchWeightGradient(in MatMulArguments<float> arguments)
    {
        if (UsesTiles)
            Launch(_libraryKernels, typeof(LibraryKernels), nameof(LibraryKernels.WeightGradientTiled), arguments, GpuTiledMatMul.Groups(arguments.Rows, arguments.Columns) * GpuTiledMatMul.GroupSize, GpuTiledMatMul.GroupSize);
        else
            LaunchCoarse(nameof(LibraryKernels.WeightGradient), arguments, GpuMatMul.Threads(arguments.Rows, arguments.Columns));
    }

    /// <summary>Launches an entry point of the library, each thread with much work.</summary>
    public void LaunchCoarse<TArguments>(string name, in TArguments arguments, int threads)
        where TArguments : struct => LaunchLibrary(name, arguments, threads, _device.CoarseGroup);

    /// <summary>Launches an entry point of the library, each thread with little work.</summary>
    public void LaunchFine<TArguments>(string name, in TArguments arguments, int threads)
        where TArguments : struct => LaunchLibrary(name, arguments, threads, _device.FineGroup);

    private void LaunchLibrary<TArguments>(string name, in TArguments arguments, int threads, int group)
        where TArguments : struct => Launch(_libraryKernels, typeof(LibraryKernels), name, arguments, threads, group);

    private void Launch<TArguments>(Dictionary<string, object> kernels, Type owner, string name, in TArguments arguments, int threads, int group)
        where TArguments : struct
    {
        if (threads <= 0)
            return;

        if (!kernels.TryGetValue(name, out var known))
        {
            known = _device.Kernel<TArguments>(owner, name);
            kernels.Add(name, known);
        }

        var kernel = (IlgpuKernel<TArguments>)known;
        var groups = Math.Min(((threads - 1) / group) + 1, _device.MaxGroups);
        lock (_device.Queue)
        {
            try
            {
                kernel.Launch(_device.Accelerator.DefaultStream, new KernelConfig(groups, group), arguments);
            }
            catch (AcceleratorException error)
            {
                throw _device.Lost($"in the kernel '{name}'", error);
            }
        }
    }
}
