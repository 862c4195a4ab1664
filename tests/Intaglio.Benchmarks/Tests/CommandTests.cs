using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Intaglio.Benchmarks.Tests;

/// <summary>What the commands print of the cases that are chosen. How fast they are is for a quiet machine to say.</summary>
public sealed class CommandTests
{
    [Theory]
    [InlineData("gemm", "768x65x128", "GFLOP/s", "gemm/fwd/768x65x128", "gemm/dx/768x65x128", "gemm/dw/768x65x128")]
    [InlineData("attention", "96x128x64", "ms", "attention/96x128x64-fwd")]
    [InlineData("attention", "bwd", "ms", "attention/48x256x64-causal-fwd-bwd")]
    [InlineData("elementwise", "norm", "GB/s", "elementwise/layernorm-fwd-8192x768", "elementwise/layernorm-bwd-8192x768", "elementwise/rmsnorm-fwd-8192x768", "elementwise/rmsnorm-bwd-8192x768")]
    [InlineData("elementwise", "cross-entropy", "GB/s", "elementwise/cross-entropy-8192x768", "elementwise/cross-entropy-with-gradient-8192x768")]
    [InlineData("adamw", "10m", "GB/s", "adamw/10m")]
    [InlineData("train", "gpt-4x128", "ms", "train/gpt-4x128-ctx64-b12-v65")]
    public void Every_chosen_case_is_a_line_of_JSON_with_a_share_of_a_peak(string command, string part, string unit, params string[] names)
    {
        var cases = Lines(command, "--case", part);

        Assert.Equal(names, cases.Select(Name));
        Assert.All(cases, measured =>
        {
            Assert.True(measured.GetProperty("ours").GetDouble() > 0);
            Assert.True(measured.GetProperty("fraction_of_peak").GetDouble() > 0);
            Assert.Equal(unit, measured.GetProperty("unit").GetString());
            Assert.Equal(1, measured.GetProperty("runs").GetInt32());
        });
    }

    [Fact]
    public void Step_beside_a_busy_process_is_compared_with_one_that_is_undisturbed()
    {
        var measured = Assert.Single(Lines("train", "--case", "busy-core"));

        Assert.Equal("train/gpt-6x384-busy-core", Name(measured));
        Assert.Equal("undisturbed", measured.GetProperty("peer").GetString());
        Assert.True(measured.GetProperty("ratio").GetDouble() > 0);
        Assert.Equal(1 / 2.3, measured.GetProperty("least_ratio").GetDouble());
        Assert.False(measured.TryGetProperty("fault", out var fault), fault.ToString());
    }

    [Fact]
    public void Memory_grows_as_a_line()
    {
        var cases = Lines("growth", "--case", "growth/layers");

        Assert.Equal(["growth/layers-2", "growth/layers-4", "growth/layers-8", "growth/layers-16", "growth/layers-32", "growth/layers-48"], cases.Select(Name));
        Assert.All(cases, measured => Assert.False(measured.TryGetProperty("fault", out var fault), fault.ToString()));
        Assert.Equal(
            (cases[1].GetProperty("planned_bytes").GetInt64() - cases[0].GetProperty("planned_bytes").GetInt64()) * 8,
            cases[5].GetProperty("planned_bytes").GetInt64() - cases[4].GetProperty("planned_bytes").GetInt64());
    }

    [Theory]
    [InlineData("decode", "decode/llama-15m-bf16")]
    [InlineData("prefill", "prefill/llama-15m-fp32")]
    public void Without_its_peer_a_case_is_measured_alone_and_says_what_to_install(string command, string name)
    {
        // Neither npm nor node is found.
        var settings = new ProcessStartInfo { Environment = { ["PATH"] = "" } };
        var (code, output) = OwnProcess.Run(settings, command, "--case", name, "--json", "--runs", "1");

        var cases = Parse(output);
        Assert.Equal([name, $"{name}-1thread"], cases.Select(Name));
        Assert.All(cases, measured => Assert.True(measured.GetProperty("ours").GetDouble() > 0));
        Assert.True(cases[0].GetProperty("fraction_of_peak").GetDouble() > 0);
        Assert.False(cases[1].TryGetProperty("peer_value", out _));
        Assert.Contains("Install Node.js", cases[1].GetProperty("fault").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, code);
    }

    private static List<JsonElement> Lines(params string[] arguments) => Parse(OwnProcess.Run([.. arguments, "--json", "--runs", "1"]).Output);

    private static List<JsonElement> Parse(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string? Name(JsonElement measured) => measured.GetProperty("case").GetString();
}
