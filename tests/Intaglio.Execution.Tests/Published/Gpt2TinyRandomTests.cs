using System.Text.Json;
using Intaglio.Compiler.Tests.Data;
using Intaglio.Generation;
using Xunit;
using Xunit.Abstractions;

namespace Intaglio.ExecutionTests;

/// <summary>A checkpoint whose own authors published logits and a greedy continuation.</summary>
[Collection(TargetsCollection.Name)]
public sealed class Gpt2TinyRandomTests(Targets targets, ITestOutputHelper output)
{
    private const string Folder = "gpt2-tiny-random";

    [SkippableTheory]
    [InlineData("cpu")]
    [InlineData("opencl:0")]
    public void Logits_of_the_prompts_are_the_published_ones(string target)
    {
        var folder = SharedData.Find(Folder);
        using var published = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected_published.json")));
        using var model = Gpt2TinyRandom.Load(folder, targets.Open(target));
        using var session = model.OpenSession();

        var logits = session.ComputeLogits(published.RootElement.GetProperty("input_ids").Rows());

        float[] every200th = [.. logits.Where((_, i) => i % 200 == 0)];
        double[] expected = [.. published.RootElement.GetProperty("every_200th_prompt_logit").Numbers()];
        var largest = Distance.Largest(every200th, expected);
        output.WriteLine($"largest difference {largest:0.0e+0}");

        // Published with 8 digits, from single precision: 8e-8 was seen.
        Assert.InRange(largest, 0, 1e-6);
    }

    [SkippableTheory]
    [InlineData("cpu")]
    [InlineData("opencl:0")]
    public void Greedy_continuations_side_by_side_are_the_published_ones(string target)
    {
        var folder = SharedData.Find(Folder);
        using var published = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected_published.json")));
        using var model = Gpt2TinyRandom.Load(folder, targets.Open(target));
        using var session = model.OpenSession(new() { Slots = 2 });
        var prompts = published.RootElement.GetProperty("input_ids").Rows();
        var expected = published.RootElement.GetProperty("greedy_max_length_10").Rows();
        for (var slot = 0; slot < prompts.Length; slot++)
            session.Append(slot, prompts[slot]);

        var continued = prompts.Select(prompt => prompt.ToList()).ToArray();
        var tokens = new int[prompts.Length];
        while (continued[0].Count < expected[0].Length)
        {
            session.Next(default(Greedy), [0, 1], tokens);
            for (var slot = 0; slot < prompts.Length; slot++)
                continued[slot].Add(tokens[slot]);
        }

        Assert.Equal(expected, continued.Select(row => row.ToArray()));
    }
}
