using System.Runtime.InteropServices;
using Intaglio.Numerics.Cpu;

namespace Intaglio;

/// <summary>The processor as a device: its memory and its threads.</summary>
internal sealed class CpuDevice(int threads) : Device
{
    /// <inheritdoc/>
    public override string Id => "cpu";

    /// <inheritdoc/>
    public override string Name { get; } = ProcessorName();

    /// <inheritdoc/>
    public override long WorkspaceBytes => CpuWorkspace.BytesFor(Pool.Threads);

    /// <summary>The threads that work on launches.</summary>
    internal WorkerPool Pool { get; } = new(threads);

    /// <inheritdoc/>
    public override DeviceBuffer Allocate(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        return new CpuBuffer(this, bytes);
    }

    /// <inheritdoc/>
    public override Execution CreateExecution(Type kernels) => new CpuExecution(this);

    /// <inheritdoc/>
    public override void Dispose() => Pool.Dispose();

    /// <summary>Counts an allocation (or, negative, a release).</summary>
    internal void Count(long bytes) => CountBytes(bytes);

    private static string ProcessorName()
    {
        const string Key = "model name";
        const string File = "/proc/cpuinfo";
        var line = OperatingSystem.IsLinux() && System.IO.File.Exists(File)
            ? System.IO.File.ReadLines(File).FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal))
            : null;
        return line is null ? $"{RuntimeInformation.ProcessArchitecture}" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
