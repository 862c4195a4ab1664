using System.Globalization;
using Intaglio.Compiler;
using Intaglio.Generators.Parsing.Json;

namespace Intaglio.Generators.Parsing.Architectures;

/// <content>The head, and the names of its labels.</content>
internal sealed partial class Configuration
{
    /// <summary>How many labels there are where a file does not say (transformers, PretrainedConfig.num_labels).</summary>
    private const int UsualLabels = 2;

    /// <summary>The head that <c>architectures</c> says, unless an attribute does.</summary>
    /// <param name="heads">The attributes of heads by the classes of transformers that have them.</param>
    public void Head(IReadOnlyDictionary<string, string> heads)
    {
        if (Find("architectures") is not { } member || hasHead)
            return;

        var name = member.Value switch
        {
            JsonNull or JsonArray { Items.Count: 0 } => null,
            JsonArray { Items: [JsonString first, ..] } => first.Value,
            _ => Wrong<string?>(member, "an array of text", null),
        };
        if (name is null)
            return;

        if (heads.TryGetValue(name, out var head))
        {
            Set(Keys.Head, head, member);
            ReadLabels(head);
        }
        else
        {
            NotSupported(member with { Value = ((JsonArray)member.Value).Items[0] }, Words.Or([.. heads.Keys.Select(key => $"\"{key}\"")]) + ", or an attribute such as [SequenceClassification(2)] on the class");
        }
    }

    private void ReadLabels(string head)
    {
        if (head is not (ModelAttributes.SequenceClassification or ModelAttributes.TokenClassification))
            return;

        // Of several labels at once, or of a number, the loss is another one.
        if (head == ModelAttributes.SequenceClassification)
            Only("problem_type", null, "single_label_classification");

        var count = OptionalSize("num_labels");
        var member = Find("id2label");
        var labels = member?.Value switch
        {
            null or JsonNull => [.. Enumerable.Range(0, count ?? UsualLabels).Select(label => $"LABEL_{Words.Number(label)}")],
            JsonObject names => LabelsOf(names) ?? Wrong(member, "an object with a text for each number from \"0\" on", Array.Empty<string>()),
            _ => Wrong(member, "an object with a text for each number from \"0\" on", Array.Empty<string>()),
        };
        if (labels.Length > 0)
            Set($"{head}.Labels", new EquatableArray<string>(labels), member);

        if (count is { } said && labels.Length > 0 && said != labels.Length)
            Contradict(Find("num_labels")!, "id2label", $"there are {Words.Number(labels.Length)} labels");

        if (Find("label2id") is { Value: JsonObject numbers } inverse && !numbers.Members.All(pair => IsNumberOf(pair, labels)))
            Contradict(inverse, "id2label", "they are no inverses of each other");
    }

    private static string[]? LabelsOf(JsonObject names)
    {
        var labels = new string[names.Members.Count];
        foreach (var name in names.Members)
        {
            if (name.Value is not JsonString label || !int.TryParse(name.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= labels.Length)
                return null;
            labels[number] = label.Value;
        }

        return labels.Length > 0 && Array.IndexOf(labels, null) < 0 ? labels : null;
    }

    private static bool IsNumberOf(JsonMember pair, string[] labels) =>
        labels.Length == 0 || (pair.Value is JsonNumber number && int.TryParse(number.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < labels.Length && labels[index] == pair.Key);
}
