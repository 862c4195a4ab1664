using System.Globalization;
using Intaglio.Generators.Parsing.Json;
using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Parsing.Architectures;

/// <summary>A tensor, as a safetensors header describes it.</summary>
/// <param name="Checkpoint">The file.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its sides.</param>
internal sealed record IndexedTensor(string Checkpoint, string Name, string Type, IReadOnlyList<long> Shape);

/// <summary>The text that the package's build writes of a safetensors file: where it is, and its header or why there is none.</summary>
/// <param name="Checkpoint">The file's path.</param>
/// <param name="Tensors">Its tensors.</param>
/// <param name="Fault">Why it cannot be read; null where it can.</param>
internal sealed record CheckpointIndex(string Checkpoint, IReadOnlyList<IndexedTensor> Tensors, string? Fault)
{
    private const string Metadata = "__metadata__";

    /// <returns>What the text says; null where the build did not write it.</returns>
    public static CheckpointIndex? Read(AdditionalText file, CancellationToken cancellation)
    {
        var text = file.GetText(cancellation)?.ToString() ?? "";
        var (value, fault) = JsonReader.Read(text, cancellation);
        if (value is JsonObject { Members: [{ Key: "checkpoint", Value: JsonString path }, { Key: "stamp" }, { } rest] })
        {
            return rest switch
            {
                { Key: "header", Value: JsonObject header } => Read(path.Value, header),
                { Key: "fault", Value: JsonString reason } => new(path.Value, [], reason.Value),
                _ => new(path.Value, [], "its header is no JSON object"),
            };
        }

        // The path comes first, and is whole where the header at the end is damaged.
        return fault is not null && PathIn(text) is { } damaged ? new(damaged, [], $"its header is not valid JSON: expected {fault.Expected}, found {fault.Found}") : null;
    }

    private static string? PathIn(string text)
    {
        const string Before = "{\"checkpoint\": ";
        const string After = ", \"stamp\": ";
        var end = text.IndexOf(After, StringComparison.Ordinal);
        return text.StartsWith(Before, StringComparison.Ordinal) && end > 0 && JsonReader.Read(text.Substring(Before.Length, end - Before.Length)).Value is JsonString path ? path.Value : null;
    }

    private static CheckpointIndex Read(string checkpoint, JsonObject header)
    {
        var tensors = new List<IndexedTensor>();
        foreach (var member in header.Members.Where(member => member.Key != Metadata))
        {
            if (TensorOf(checkpoint, member) is not { } tensor)
                return new(checkpoint, [], $"its header has no dtype and shape for {member.Key}");
            tensors.Add(tensor);
        }

        return new(checkpoint, tensors, null);
    }

    private static IndexedTensor? TensorOf(string checkpoint, JsonMember member)
    {
        var entries = (member.Value as JsonObject)?.Members ?? [];
        var type = entries.FirstOrDefault(entry => entry.Key == "dtype")?.Value as JsonString;
        var shape = (entries.FirstOrDefault(entry => entry.Key == "shape")?.Value as JsonArray)?.Items.Select(SideOf).ToList();
        return type is null || shape is null || shape.Contains(null) ? null : new(checkpoint, member.Key, type.Value, [.. shape.Select(side => side!.Value)]);
    }

    private static long? SideOf(JsonValue value) => value is JsonNumber number && long.TryParse(number.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var side) ? side : null;
}
