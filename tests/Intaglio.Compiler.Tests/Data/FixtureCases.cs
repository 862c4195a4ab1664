using System.Text.Json;
using Intaglio.Compiler.Tests.Data;

namespace Intaglio.Compiler.Tests;

/// <summary>The cases of hf-tiny's folders, as calls of graphs.</summary>
internal static class FixtureCases
{
    /// <summary>What was published of a case, and the call that it answers.</summary>
    public static (JsonElement Reference, Call Call) Case(string fixture, string name)
    {
        using var document = Document(fixture);
        var spec = Fixtures.ByName[fixture].Spec;
        var reference = document.RootElement.GetProperty("cases").EnumerateArray().Single(item => item.GetProperty("name").GetString() == name).Clone();
        var given = reference.GetProperty("inputs");
        var (ids, labels) = (given.GetProperty("input_ids"), Integers(given.GetProperty("labels")));
        var bounds = Bounds(given, ids);
        var inputs = spec.IsEncoderDecoder ? Source(Integers(ids), ids.GetArrayLength(), bounds) : [];
        var own = spec.IsEncoderDecoder ? given.GetProperty("decoder_input_ids") : ids;
        var (batch, time) = (own.GetArrayLength(), own[0].GetArrayLength());
        var targets = spec is { Encoder: null } ? Shifted(labels, time) : labels;

        inputs["Tokens"] = Tensor.Indices(Integers(own));
        inputs["Positions"] = Tensor.Filled([batch * time], row => row % time);
        inputs["TokenTypes"] = given.TryGetProperty("token_type_ids", out var types) ? Tensor.Indices(Integers(types)) : new([batch * time]);
        inputs["Bounds"] = Tensor.Filled([batch, 2], i => bounds[i]);
        inputs["PooledRows"] = Tensor.Filled([batch], sequence => sequence * time);
        inputs["Targets"] = Tensor.Indices(targets);
        return (reference, Empty(fixture) with
        {
            Batch = batch,
            Time = time,
            SourceTime = spec.IsEncoderDecoder ? ids[0].GetArrayLength() : 0,
            LossScale = 1.0 / targets.Count(target => target >= 0),
            Inputs = inputs,
        });
    }

    // The first token of each sequence that is no padding, and the one after the last.
    private static int[] Bounds(JsonElement given, JsonElement ids)
    {
        if (!given.TryGetProperty("attention_mask", out var mask))
            return [.. ids.EnumerateArray().SelectMany(sequence => new[] { 0, sequence.GetArrayLength() })];

        return [.. mask.EnumerateArray().Select(Integers).SelectMany(seen => new[] { Array.IndexOf(seen, 1), Array.LastIndexOf(seen, 1) + 1 })];
    }

    /// <summary>The inputs of an encoder.</summary>
    public static Dictionary<string, Tensor> Source(int[] tokens, int batch, IReadOnlyList<int> bounds) => new()
    {
        ["SourceTokens"] = Tensor.Indices(tokens),
        ["SourcePositions"] = Tensor.Filled([tokens.Length], row => row % (tokens.Length / batch)),
        ["SourceBounds"] = Tensor.Filled([batch, 2], i => bounds[i]),
        ["SourceSlots"] = new([tokens.Length]),
    };

    // Labels of causal models are not shifted: row t is to predict label t + 1, the last row nothing.
    private static int[] Shifted(int[] labels, int time) => [.. labels.Select((_, row) => row % time == time - 1 ? -1 : labels[row + 1])];

    /// <summary>A call with a checkpoint's weights and nothing else.</summary>
    public static Call Empty(string fixture)
    {
        var spec = Fixtures.ByName[fixture].Spec;
        var prefix = Family.Of(spec).Prefix;
        return new()
        {
            Batch = 0,
            Time = 0,
            Inputs = new Dictionary<string, Tensor>(),
            Parameters = Checkpoint.Read(Path.Combine(SharedData.Find($"hf-tiny/{fixture}"), "model.safetensors"))
                .ToDictionary(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal) ? pair.Key[prefix.Length..] : pair.Key, pair => pair.Value),
            Positions = spec.PositionEncoding,
            ContextLength = spec.ContextLength,
        };
    }

    /// <summary>A folder's cases.json.</summary>
    public static JsonDocument Document(string fixture) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.Find($"hf-tiny/{fixture}"), "cases.json")));

    /// <summary>The whole numbers of nested arrays, in order.</summary>
    public static int[] Integers(JsonElement element) => [.. Numbers(element).Select(number => (int)number)];

    /// <summary>The numbers of nested arrays, in order.</summary>
    public static IEnumerable<double> Numbers(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().SelectMany(Numbers) : [element.GetDouble()];
}
