using System.Text.Json;
using Xunit;

namespace Intaglio.Benchmarks.Tests;

/// <summary>What the program says that no clock decides. Whether limits are kept is for a quiet machine to say.</summary>
public sealed class GeneratorCommandTests
{
    [Fact]
    public void Every_case_is_a_line_of_JSON_and_unrelated_edits_reuse_every_step()
    {
        var (code, output) = OwnProcess.Run("generator", "--json", "--runs", "1");

        var cases = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(
            ["generator/cold", "generator/attribute-edit", "generator/unrelated-edit", "generator/analyzer", "generator/96-layers-over-6"],
            cases.Select(measured => measured.GetProperty("case").GetString()));
        Assert.All(cases, measured =>
        {
            Assert.True(measured.GetProperty("ours").GetDouble() > 0);
            Assert.True(measured.TryGetProperty("limit", out var promised) || measured.TryGetProperty("least_ratio", out promised));
            Assert.True(promised.GetDouble() > 0);
            Assert.Equal("ms", measured.GetProperty("unit").GetString());
            Assert.Equal(1, measured.GetProperty("runs").GetInt32());
            Assert.False(measured.TryGetProperty("fault", out var fault), fault.ToString());
        });
        Assert.True(cases[^1].GetProperty("ratio").GetDouble() > 0);
        Assert.Equal(cases.All(measured => measured.GetProperty("is_kept").GetBoolean()) ? 0 : 1, code);
    }

    [Fact]
    public void Edit_of_a_model_is_not_taken_for_a_reused_step()
    {
        var project = new EditedProject();
        Assert.Empty(project.StepsNotReused());

        project.EditModel();
        project.Generate();
        Assert.Contains("Files is Modified, not Cached or Unchanged", project.StepsNotReused());
    }

    [Theory]
    [InlineData]
    [InlineData("nothing")]
    [InlineData("generator", "--runs", "0")]
    [InlineData("generator", "--runs", "many")]
    [InlineData("generator", "--fast")]
    public void Arguments_that_cannot_be_used_exit_with_2(params string[] arguments) => Assert.Equal(2, Program.Main(arguments));
}
