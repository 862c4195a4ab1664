using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Runtime;
using Accelerator = ILGPU.Runtime.Accelerator;

namespace Intaglio;

/// <summary>A device that ILGPU reaches: its accelerator, its kernels, and one queue on which everything runs in order.</summary>
internal abstract class IlgpuDevice : Device
{
    private readonly Context _context;
    private readonly Dictionary<(Type Owner, string Name), object> _kernels = [];

    private protected IlgpuDevice(Context context, Accelerator accelerator)
    {
        _context = context;
        Accelerator = accelerator;
    }

    /// <summary>Held while the queue or a kernel's operands are touched: OpenCL sets operands in the kernel, which all executions share.</summary>
    public Lock Queue { get; } = new();

    /// <inheritdoc/>
    public override string Name => Accelerator.Name;

    /// <inheritdoc/>
    public override long WorkspaceBytes => IlgpuExecution.WorkspaceBytes;

    /// <summary>ILGPU's own handle.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>
    /// Whether a group shares memory that is faster than a cache, as on a GPU: products then go by tiles in it. On a CPU it is memory like any other, and
    /// waiting for a group's threads costs more than it saves.
    /// </summary>
    public abstract bool UsesTiles { get; }

    /// <summary>Threads a group where each thread's work is long, such as a row.</summary>
    public abstract int CoarseGroup { get; }

    /// <summary>Threads a group where each thread's work is short, such as an element.</summary>
    public abstract int FineGroup { get; }

    /// <summary>Groups that a launch has at most; threads loop over what is left.</summary>
    public abstract int MaxGroups { get; }

    /// <inheritdoc/>
    public override DeviceBuffer Allocate(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        MemoryBuffer1D<byte, Stride1D.Dense> memory;
        try
        {
            // No backend passes an empty buffer to a kernel, and clearing goes by whole words.
            memory = Accelerator.Allocate1D<byte>(Math.Max(1, (bytes + IlgpuBuffer.Granule - 1) / IlgpuBuffer.Granule) * IlgpuBuffer.Granule);
        }
        catch (Exception error) when (error is AcceleratorException or OutOfMemoryException)
        {
            throw new DeviceException($"{Id} could not allocate {bytes:N0} bytes ({AllocatedBytes:N0} are in use): {error.Message}. Use a smaller batch or model.", error);
        }

        CountBytes(bytes);
        var buffer = new IlgpuBuffer(this, memory, bytes);
        buffer.Clear();
        return buffer;
    }

    /// <inheritdoc/>
    public override Execution CreateExecution(Type kernels)
    {
        ArgumentNullException.ThrowIfNull(kernels);
        return new IlgpuExecution(this, kernels);
    }

    /// <summary>Finds and compiles an entry point, once.</summary>
    public IlgpuKernel<TArguments> Kernel<TArguments>(Type owner, string name)
        where TArguments : struct
    {
        lock (_kernels)
        {
            if (!_kernels.TryGetValue((owner, name), out var kernel))
            {
                kernel = Compile<TArguments>(owner, name);
                _kernels.Add((owner, name), kernel);
            }

            return (IlgpuKernel<TArguments>)kernel;
        }
    }

    /// <summary>Waits for everything that has been launched.</summary>
    public void Synchronize()
    {
        lock (Queue)
        {
            try
            {
                Accelerator.DefaultStream.Synchronize();
            }
            catch (AcceleratorException error)
            {
                throw Lost("while it was waited for", error);
            }
        }
    }

    /// <summary>Copies from the host; the caller holds <see cref="Queue"/>.</summary>
    public abstract unsafe void Write(MemoryBuffer destination, long offset, void* source, long bytes);

    /// <summary>Copies to the host after all launches; the caller holds <see cref="Queue"/>.</summary>
    public abstract unsafe void Read(MemoryBuffer source, long offset, void* destination, long bytes);

    /// <summary>Clears a buffer; the caller holds <see cref="Queue"/>.</summary>
    public abstract void Clear(MemoryBuffer buffer);

    /// <summary>What to throw when the device stops working.</summary>
    public DeviceException Lost(string when, Exception error) => new($"{Id} ({Name}) failed {when}: {error.Message}. Start again, or choose another device.", error);

    /// <summary>Uncounts a released buffer.</summary>
    public void Release(long bytes) => CountBytes(-bytes);

    /// <inheritdoc/>
    public override void Dispose()
    {
        Accelerator.Dispose();
        _context.Dispose();
        GC.SuppressFinalize(this);
    }

    private IlgpuKernel<TArguments> Compile<TArguments>(Type owner, string name)
        where TArguments : struct
    {
        var method = owner.GetMethod(name, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic, [typeof(TArguments)])
            ?? throw new DeviceException($"{owner} has no GPU kernel '{name}' that takes {typeof(TArguments)}. Build the project again, so that its models are compiled anew.");

        OnKernelCompiling(name);
        try
        {
            lock (Queue)
            {
                var compiled = Accelerator.CompileKernel(EntryPointDescription.FromExplicitlyGroupedKernel(method));
                var launch = Accelerator.LoadKernel(compiled).CreateLauncherDelegate<Action<AcceleratorStream, KernelConfig, TArguments>>();
                return new(name, launch);
            }
        }
        catch (Exception error)
        {
            throw new DeviceException($"{Id} ({Name}) could not compile the GPU kernel '{name}' of {owner}: {error.Message}", error);
        }
    }
}

/// <summary>A compiled entry point.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Launch">Enqueues it.</param>
internal sealed record IlgpuKernel<TArguments>(string Name, Action<AcceleratorStream, KernelConfig, TArguments> Launch)
    where TArguments : struct;
