using Xunit;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>The devices under test, each opened once: GPU kernels are compiled once a device.</summary>
public sealed class Targets : IDisposable
{
    private readonly Dictionary<string, Device> _open = [];

    /// <summary>Every target; sizes are tiny for the last one's sake.</summary>
    public static IReadOnlyList<string> Names { get; } = ["cpu", "opencl:0", "simulated"];

    /// <summary>Opens a device; skips the test where it is absent, but fails it in CI, where all are present.</summary>
    public Device Open(string name)
    {
        if (_open.TryGetValue(name, out var device))
            return device;

        var found = Device.List().FirstOrDefault(candidate => candidate.Id == name && candidate.IsUsable);
        if (Environment.GetEnvironmentVariable("CI") != "true")
            Skip.If(found is null, $"{name} is not here: {Device.List().FirstOrDefault(candidate => candidate.Id.StartsWith("opencl", StringComparison.Ordinal))?.Reason}");
        return _open[name] = Device.Parse(name);
    }

    public void Dispose()
    {
        foreach (var device in _open.Values)
            device.Dispose();
    }
}
