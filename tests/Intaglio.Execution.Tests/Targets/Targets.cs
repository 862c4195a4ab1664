using Xunit;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Intaglio.ExecutionTests;

/// <summary>The devices under test, each opened once, since GPU kernels are compiled once a device.</summary>
public sealed class Targets : IDisposable
{
    /// <summary>ILGPU's simulator.</summary>
    public const string Simulated = "simulated";

    /// <summary>The OpenCL device with the kernels of a GPU, whatever it is.</summary>
    public const string TiledOpenCl = "opencl:0 by tiles";

    private readonly Dictionary<string, Device> _open = [];
    private readonly Dictionary<(string Target, string Subject), Errors> _training = [];
    private readonly Dictionary<(string Target, string Subject), Errors> _results = [];

    /// <summary>Every device.</summary>
    public static IReadOnlyList<string> Names { get; } = ["cpu", "opencl:0", Simulated];

    /// <summary>Every device, those with two kinds of kernels twice.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Names, TiledOpenCl];

    /// <summary>A device that all tests share.</summary>
    public Device Open(string name) => _open.TryGetValue(name, out var device) ? device : _open[name] = OpenNew(name);

    /// <summary><see cref="Subject.TrainingErrors"/> on a target, computed once however many tests ask.</summary>
    internal Errors TrainingErrors(string target, Subject subject) => Once(_training, target, subject, subject.TrainingErrors);

    /// <summary><see cref="Subject.ResultErrors"/> on a target, computed once however many tests ask.</summary>
    internal Errors ResultErrors(string target, Subject subject) => Once(_results, target, subject, subject.ResultErrors);

    /// <summary>A device of the caller's own. An absent one skips the test; in CI, where all are present, it fails it.</summary>
    public static Device OpenNew(string name)
    {
        if (Environment.GetEnvironmentVariable("CI") != "true")
        {
            var found = Device.List().Where(device => device.Id == name.Split(' ')[0]).ToList();
            Skip.If(found is not [{ IsUsable: true }], $"{name} is not here: {found.FirstOrDefault()?.Reason ?? "there is no such device"}");
        }

        return name == TiledOpenCl ? OpenClDevice.Open(0, usesTiles: true) : Device.Parse(name);
    }

    private Errors Once(Dictionary<(string Target, string Subject), Errors> known, string target, Subject subject, Func<Device, Errors> compute) =>
        known.TryGetValue((target, subject.Name), out var errors) ? errors : known[(target, subject.Name)] = compute(Open(target));

    public void Dispose()
    {
        foreach (var device in _open.Values)
            device.Dispose();
    }
}

/// <summary>Tests that share devices. None runs beside another: some count what the whole process allocates.</summary>
[CollectionDefinition(Name)]
public sealed class TargetsCollection : ICollectionFixture<Targets>
{
    /// <summary>What classes name to belong to it.</summary>
    public const string Name = "Targets";
}
