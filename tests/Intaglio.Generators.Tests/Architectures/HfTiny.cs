using System.Text.Json.Nodes;
using Intaglio.Compiler;
using Intaglio.Compiler.Tests.Data;

namespace Intaglio.Generators.Tests.Architectures;

/// <summary>The configurations of the shared data's checkpoints, as additional files.</summary>
internal static class HfTiny
{
    public const string Declaration = "[Architecture(\"config.json\")] partial class Story;";

    public const string Source = "using Intaglio; " + Declaration;

    public static TextFile File(string fixture)
    {
        var path = SharedData.Find($"hf-tiny/{fixture}/config.json");
        return new(path, System.IO.File.ReadAllText(path));
    }

    public static string ModelType(string fixture) => (string)JsonNode.Parse(System.IO.File.ReadAllText(SharedData.Find($"hf-tiny/{fixture}/config.json")))!["model_type"]!;

    /// <summary>A file with the keys that a model saves.</summary>
    public static TextFile File(string path, IReadOnlyList<ConfigurationKey> keys) =>
        new(path, new JsonObject(keys.Select(key => KeyValuePair.Create(key.Key, Node(key.Value)))).ToJsonString());

    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        string text => text,
        bool flag => flag,
        int number => number,
        float number => number,
        double number => number,
        string[] texts => new JsonArray([.. texts.Select(text => (JsonNode?)text)]),
        KeyValueList list => new JsonObject(list.Pairs.Select(pair => KeyValuePair.Create(pair.Key, Node(pair.Value)))),
        _ => throw new ArgumentException($"{value.GetType()} is no value of a configuration.", nameof(value)),
    };
}
