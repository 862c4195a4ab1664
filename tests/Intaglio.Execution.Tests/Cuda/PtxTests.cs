using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Intaglio.Numerics.Gpu;
using Intaglio.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Intaglio.ExecutionTests;

/// <summary>Every GPU kernel of both families, compiled for CUDA offline: what its PTX must have, and must not.</summary>
public sealed partial class PtxTests(ITestOutputHelper output)
{
    private static readonly Type[] Owners = [Of<Plain>(), Of<DroppedUnbiased>(), Of<Llama>(), Of<MultiQuery>(), Of<Windowed>(), Of<LlamaServing>(), typeof(LibraryKernels)];

    public static TheoryData<string> Architectures => [.. Ptx.Architectures.Keys];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Every_kernel_compiles_without_atomics_calls_or_memory_of_its_own(string architecture)
    {
        var count = 0;
        foreach (var owner in Owners)
        {
            foreach (var kernel in Ptx.LaunchedByCuda(owner))
            {
                var (ptx, name) = (Ptx.Compile(kernel, Ptx.Architectures[architecture]), $"{owner.DeclaringType?.Name} {kernel.Name}");
                Assert.True(ptx.Contains($".target {architecture}", StringComparison.Ordinal), $"{name} is for another target");
                AssertHasNone(Atomics(), ptx, name);
                AssertHasNone(Calls(), ptx, name);
                AssertHasNone(Local(), ptx, name);
                if (kernel.Name.EndsWith(Ptx.Tiled, StringComparison.Ordinal))
                    AssertTiled(kernel, ptx, name);

                count++;
            }
        }

        output.WriteLine($"{count} kernels for {architecture}");
    }

    [Fact]
    public Task Product_by_tiles_is_as_reviewed() => Snapshots.Verify(Text<Plain>("MatMulAddBiasTiled"), "ptx");

    [Fact]
    public Task Attention_by_tiles_is_as_reviewed() => Snapshots.Verify(Text<Llama>("AttentionTiled"), "ptx");

    [Fact]
    public Task Gate_is_as_reviewed() => Snapshots.Verify(Text<Llama>("GateSilu"), "ptx");

    [Fact]
    public void Registers_and_spills_are_printed_where_ptxas_is_there()
    {
        var assembler = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "ptxas")).FirstOrDefault(File.Exists);
        foreach (var kernel in Ptx.LaunchedByCuda(Of<Llama>()).Where(kernel => kernel.Name.EndsWith(Ptx.Tiled, StringComparison.Ordinal)))
        {
            // What ptxas would spill starts with what PTX holds: its virtual registers.
            var ptx = Ptx.Compile(kernel, Ptx.Architectures["sm_80"]);
            Assert.Matches(VirtualRegisters(), ptx);
            output.WriteLine($"{kernel.Name}: {VirtualRegisters().Matches(ptx).Sum(match => int.Parse(match.Groups[1].ValueSpan))} virtual registers");
            if (assembler is not null)
                output.WriteLine(Assemble(assembler, ptx, kernel.Name));
        }
    }

    private static void AssertTiled(MethodInfo kernel, string ptx, string name)
    {
        Assert.True(ptx.Contains(".shared", StringComparison.Ordinal) && ptx.Contains("bar.sync", StringComparison.Ordinal), $"{name} has no shared memory or no barrier");

        // Operands of products come by four neighbours, from global and from shared memory.
        if (kernel.GetParameters()[0].ParameterType == typeof(MatMulArguments<float>))
            Assert.True(ptx.Contains("ld.global.v4.f32", StringComparison.Ordinal) && ptx.Contains("ld.shared.v4.f32", StringComparison.Ordinal), $"{name} has no vector loads");
    }

    private static void AssertHasNone(Regex pattern, string ptx, string name) => Assert.True(!pattern.IsMatch(ptx), $"{name} has '{pattern.Match(ptx).Value}'");

    private static string Assemble(string assembler, string ptx, string name)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, ptx);
        using var process = Process.Start(new ProcessStartInfo(assembler, ["-v", "-arch=sm_80", "-o", "/dev/null", file]) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        File.Delete(file);
        Assert.True(process.ExitCode == 0, said);
        Assert.True(said.Contains("0 bytes spill stores, 0 bytes spill loads", StringComparison.Ordinal), $"{name} spills: {said}");
        return said;
    }

    // The compiler's version and the numbers of its symbols change with ILGPU and from run to run.
    private static string Text<T>(string kernel)
        where T : LanguageModel, ILanguageModel<T>
    {
        var ptx = Ptx.Compile(Ptx.EntryPoints(Of<T>()).Single(method => method.Name == kernel), Ptx.Architectures["sm_80"]);
        return Serials().Replace(ptx.ReplaceLineEndings("\n"), "_N");
    }

    private static Type Of<T>()
        where T : LanguageModel, ILanguageModel<T> => T.Description.Kernels;

    [GeneratedRegex(@"\b(atom|red)\.")]
    private static partial Regex Atomics();

    [GeneratedRegex(@"\bcall(\.uni)?\b")]
    private static partial Regex Calls();

    [GeneratedRegex(@"\.local\b")]
    private static partial Regex Local();

    [GeneratedRegex(@"\.reg \.\w+\s+%\w+<(\d+)>")]
    private static partial Regex VirtualRegisters();

    [GeneratedRegex(@"_\d+\b")]
    private static partial Regex Serials();
}
