using System.Reflection;
using System.Runtime.Loader;
using Intaglio.Runtime.Tests.Training;
using Xunit;

namespace Intaglio.Runtime.Tests.Cpu;

public sealed class CpuIsolationTests
{
    [Fact]
    public void Training_and_generation_load_no_GPU_assembly()
    {
        var context = new Isolated();
        var copy = context.LoadFromAssemblyPath(typeof(CpuIsolationTests).Assembly.Location);
        copy.GetType(typeof(CpuIsolationTests).FullName!)!.GetMethod(nameof(TrainAndGenerate), BindingFlags.NonPublic | BindingFlags.Static)!.Invoke(null, null);

        Assert.Contains("Intaglio", context.Requested);
        Assert.DoesNotContain(context.Requested, name => name.StartsWith("ILGPU", StringComparison.Ordinal));
    }

    private static void TrainAndGenerate()
    {
        using var device = Device.Cpu(2);
        using var model = TinyGpt.Create(device, seed: 1);
        using (var trainer = new Trainer<TinyGpt>(model, new() { Steps = 2 }))
        {
            trainer.Step(Sequences.Learnable);
            trainer.Step(Sequences.Learnable);
        }

        using var session = model.OpenSession();
        session.Append([1, 2, 3]);
        session.Next();
    }

    /// <summary>Copies of this project's own assemblies, in which nothing is loaded yet, whatever other tests have done.</summary>
    private sealed class Isolated() : AssemblyLoadContext("Isolated")
    {
        public List<string> Requested { get; } = [];

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            Requested.Add(assemblyName.Name!);
            return assemblyName.Name == "Intaglio" ? LoadFromAssemblyPath(typeof(Device).Assembly.Location) : null;
        }
    }
}
