using System.Text.Json;
using System.Text.Json.Serialization;
using Intaglio.Objectives;
using Intaglio.Runtime.Tests.Checkpoints;
using Xunit;

namespace Intaglio.Runtime.Tests.Objectives;

/// <summary>Examples with given choices, made by another implementation and checked by hand: all of hf-tiny's objectives-*.</summary>
public sealed class PublishedExamplesTests
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    [SkippableFact]
    public void Spans_are_cut_as_published() => ForEach(examples => examples.SpanCorruption, example =>
    {
        TokenSpan[] spans = [.. example.SpansStartLength.Select(span => new TokenSpan(span[0], span[1]))];
        var options = new SpanCorruptionOptions { VocabularySize = example.VocabularySize, EndToken = example.EosTokenId };

        Check(options, example.Targets);
        if (example.TargetsT5Code is { } targets)
            Check(options with { FinalSentinel = false }, targets);

        void Check(SpanCorruptionOptions options, int[] expected)
        {
            var (inputs, targets) = (new int[1000], new int[1000]);
            var lengths = SpanCorruption.Corrupt(example.Tokens, spans, options, inputs, targets);
            Assert.Equal(example.Inputs, inputs[..lengths.Inputs]);
            Assert.Equal(expected, targets[..lengths.Targets]);
        }
    });

    [SkippableFact]
    public void Tokens_are_masked_as_published() => ForEach(examples => examples.Masking, example =>
    {
        int[] tokens = [.. example.Tokens];
        int[] targets = [.. Enumerable.Repeat(Labels.Ignored, tokens.Length)];
        foreach (var choice in example.Chosen)
        {
            var position = choice[0].GetInt32();
            var replacement = choice[1].ValueKind == JsonValueKind.Number ? choice[1].GetInt32()
                : choice[1].GetString() == "mask" ? example.MaskTokenId
                : tokens[position];
            MaskedLanguageModeling.Choose(tokens, targets, position, replacement);
        }

        Assert.Equal(example.InputIds, tokens);
        Assert.Equal(example.Labels, targets);
    });

    [SkippableFact]
    public void Labels_are_shifted_as_published() => ForEach(examples => examples.LabelShift, example =>
    {
        foreach (var (labels, expected) in example.Labels.Zip(example.DecoderInputIds))
        {
            var inputs = new int[labels.Length];
            Labels.ShiftRight(labels, example.DecoderStartTokenId, example.PadTokenId, inputs);
            Assert.Equal(expected, inputs);
        }
    });

    private static void ForEach<T>(Func<Examples, T[]> kind, Action<T> check)
    {
        var examples = Directory.GetDirectories(SharedData.Find("hf-tiny"), "objectives-*")
            .Select(folder => JsonSerializer.Deserialize<Examples>(File.ReadAllText(Path.Combine(folder, "objectives.json")), SnakeCase)!)
            .SelectMany(kind)
            .ToArray();
        Assert.NotEmpty(examples);
        Assert.All(examples, check);
    }

    private sealed record Examples(SpanExample[] SpanCorruption, MaskExample[] Masking, ShiftExample[] LabelShift);

    private sealed record SpanExample(int[] Tokens, int[][] SpansStartLength, int VocabularySize, int EosTokenId, int[] Inputs, int[] Targets)
    {
        [JsonPropertyName("targets_t5_code")]
        public int[]? TargetsT5Code { get; init; }
    }

    private sealed record MaskExample(int[] Tokens, int MaskTokenId, JsonElement[][] Chosen, int[] InputIds, int[] Labels);

    private sealed record ShiftExample(int[][] Labels, int PadTokenId, int DecoderStartTokenId, int[][] DecoderInputIds);
}
