using Xunit;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>The devices under test, each opened once: GPU kernels are compiled once a device.</summary>
public sealed class Targets : IDisposable
{
    /// <summary>The OpenCL device with the kernels of a GPU, whatever it is.</summary>
    public const string TiledOpenCl = "opencl:0 by tiles";

    private readonly Dictionary<string, Device> _open = [];

    /// <summary>Every target; sizes are tiny for the last one's sake.</summary>
    public static IReadOnlyList<string> Names { get; } = ["cpu", "opencl:0", TiledOpenCl, "simulated"];

    /// <summary>Opens a device; skips the test where it is absent, but fails it in CI, where all are present.</summary>
    public Device Open(string name)
    {
        if (_open.TryGetValue(name, out var device))
            return device;

        var id = name == TiledOpenCl ? "opencl:0" : name;
        var found = Device.List().FirstOrDefault(candidate => candidate.Id == id && candidate.IsUsable);
        if (Environment.GetEnvironmentVariable("CI") != "true")
            Skip.If(found is null, $"{name} is not here: {Device.List().FirstOrDefault(candidate => candidate.Id.StartsWith("opencl", StringComparison.Ordinal))?.Reason}");
        return _open[name] = name == TiledOpenCl ? OpenClDevice.Open(0, usesTiles: true) : Device.Parse(name);
    }

    public void Dispose()
    {
        foreach (var device in _open.Values)
            device.Dispose();
    }
}
