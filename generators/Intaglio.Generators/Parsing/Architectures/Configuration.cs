using System.Globalization;
using Intaglio.Generators.Diagnostics;
using Intaglio.Generators.Parsing.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Location = Microsoft.CodeAnalysis.Location;

namespace Intaglio.Generators.Parsing.Architectures;

/// <summary>
/// A config.json while it is read: each call reads a key and sets the arguments that it stands for. What is wrong is reported where it stands, and reading goes on with the key's default.
/// </summary>
internal sealed partial class Configuration(JsonObject root, string path, SourceText text, bool hasHead, Problems problems)
{
    private readonly Dictionary<string, JsonMember> _members = root.Members.ToDictionary(member => member.Key, StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _aliases = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>The arguments that are set, as <see cref="Keys"/> names them.</summary>
    public Dictionary<string, object> Values { get; } = [];

    /// <summary>Where those that the file sets stand in it.</summary>
    public Dictionary<string, Location> Locations { get; } = [];

    /// <summary>Other names of a key, as the attribute_map of transformers' configuration class has them.</summary>
    public void Alias(string key, params string[] others) => _aliases[key] = others;

    /// <summary>Keys that change no result, or that others say already.</summary>
    public void Ignore(params string[] keys) => _known.UnionWith(keys);

    /// <summary>Sets an argument that no key, or that several keys together say.</summary>
    public void Set(string target, object value, JsonMember? member = null)
    {
        Values[target] = value;
        if (member is not null)
            Locations[target] = LocationOf(member.Value.Span);
    }

    /// <summary>A key's member; null where it is absent.</summary>
    public JsonMember? Find(string key)
    {
        var names = _aliases.TryGetValue(key, out var others) ? [key, .. others] : new[] { key };
        _known.UnionWith(names);
        var found = names.Where(_members.ContainsKey).Select(name => _members[name]).ToList();
        if (found.FirstOrDefault(member => member.Value.Describe() != found[0].Value.Describe()) is { } other)
            Contradict(other, found[0].Key, $"they are names of one key, but one is {other.Value.Describe()}, the other {found[0].Value.Describe()}");

        return found.FirstOrDefault();
    }

    /// <summary>A whole number of at least 1.</summary>
    public int Size(string key, int otherwise, params string[] targets) => Read(key, otherwise, TryWhole, Sizes, targets);

    /// <summary>The same, null where the key is absent or null.</summary>
    public int? OptionalSize(string key, params string[] targets) => IsNull(key) ? null : Size(key, 1, targets);

    /// <summary>A token's number, null for none.</summary>
    public int? Token(string key, int? otherwise) => Find(key) switch
    {
        null => otherwise,
        { Value: JsonNull } => null,
        { Value: JsonNumber number } when int.TryParse(number.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var token) => token,
        var member => Wrong<int?>(member, "a whole number or null", otherwise),
    };

    /// <summary>A number above 0.</summary>
    public float Number(string key, float otherwise, params string[] targets) => Read(key, otherwise, TryPositive, "a number above 0", targets);

    /// <summary>The same, null where the key is absent or null.</summary>
    public float? OptionalNumber(string key, params string[] targets) => IsNull(key) ? null : Number(key, 1, targets);

    /// <summary>A rate of dropout.</summary>
    public float Rate(string key, float otherwise, params string[] targets) => Read(key, otherwise, TryRate, "a number from 0 to below 1", targets);

    /// <summary>The same, where null stands for the default too.</summary>
    public float OptionalRate(string key, float otherwise, params string[] targets)
    {
        if (!IsNull(key))
            return Rate(key, otherwise, targets);

        foreach (var target in targets)
            Set(target, otherwise);
        return otherwise;
    }

    public bool Flag(string key, bool otherwise, params string[] targets) =>
        Read(key, otherwise, value => value is JsonBoolean flag ? flag.Value : null, "true or false", targets);

    /// <summary>An activation, by transformers' name.</summary>
    public void Activation(string key, string otherwise, params string[] targets) =>
        Read(key, (int)ActivationNames.Table[otherwise], value => value is JsonString name && ActivationNames.Table.TryGetValue(name.Value, out var activation) ? (int)activation : null, ActivationNames.Expected, targets);

    /// <summary>A key that can have one of few values; an absent one has one of them.</summary>
    /// <param name="key">The key.</param>
    /// <param name="supported">A value: text, a number, a truth value or null.</param>
    /// <param name="others">Other values.</param>
    public void Only(string key, object? supported, params object?[] others)
    {
        object?[] all = [supported, .. others];
        if (Find(key) is { } member && !all.Any(value => IsEqual(member.Value, value)))
            NotSupported(member, Words.Or([.. all.Select(Json)]));
    }

    /// <summary>Reports a value of transformers' that describes what Intaglio does not compute.</summary>
    public void NotSupported(JsonMember member, string supported) =>
        problems.Add(Descriptors.ConfigurationValueNotSupported, LocationOf(member.Value.Span), member.Key, member.Value.Describe(), supported);

    public void Contradict(JsonMember member, string other, string why) =>
        problems.Add(Descriptors.ConfigurationContradicts, LocationOf(member.Value.Span), member.Key, other, why);

    /// <summary>Reports a value that the key cannot have.</summary>
    public T Wrong<T>(JsonMember member, string expected, T otherwise)
    {
        problems.Add(Descriptors.ConfigurationValueWrong, LocationOf(member.Value.Span), member.Key, member.Value.Describe(), expected);
        return otherwise;
    }

    /// <summary>The keys of an object inside of the file, which reports and sets as this one does.</summary>
    public Configuration? Inside(string key)
    {
        if (IsNull(key) || Find(key) is not { } member)
            return null;
        if (member.Value is JsonObject inner)
            return new(inner, path, text, hasHead, problems);

        return Wrong<Configuration?>(member, "an object or null", null);
    }

    /// <summary>Takes over what was set inside.</summary>
    public void Add(Configuration inside)
    {
        foreach (var pair in inside.Values)
            Values[pair.Key] = pair.Value;
        foreach (var pair in inside.Locations)
            Locations[pair.Key] = pair.Value;
    }

    /// <summary>Reports the keys that nobody asked for.</summary>
    public void ReportUnknown(string of)
    {
        foreach (var member in root.Members.Where(member => !_known.Contains(member.Key) && !member.Key.StartsWith("_", StringComparison.Ordinal)))
            problems.Add(Descriptors.ConfigurationKeyUnknown, LocationOf(member.KeySpan), member.Key, of);
    }

    /// <summary>Whether a key is absent or null.</summary>
    private bool IsNull(string key) => Find(key) is null or { Value: JsonNull };

    private Location LocationOf(TextSpan span) => Location.Create(path, span, text.Lines.GetLinePositionSpan(span));

    private T Read<T>(string key, T otherwise, Func<JsonValue, T?> read, string expected, string[] targets)
        where T : struct
    {
        var member = Find(key);
        var value = member is null ? otherwise : read(member.Value) ?? Wrong(member, expected, otherwise);
        foreach (var target in targets)
            Set(target, value, member);
        return value;
    }

    private const string Sizes = "a whole number of at least 1";

    private static int? TryWhole(JsonValue value) =>
        value is JsonNumber number && int.TryParse(number.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size >= 1 ? size : null;

    private static float? TryPositive(JsonValue value) => TryFloat(value) is { } number && number > 0 ? number : null;

    private static float? TryRate(JsonValue value) => TryFloat(value) is { } rate && rate is >= 0 and < 1 ? rate : null;

    private static float? TryFloat(JsonValue value) =>
        value is JsonNumber number && float.TryParse(number.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) && !float.IsInfinity(parsed) ? parsed : null;

    private static bool IsEqual(JsonValue value, object? supported) => (value, supported) switch
    {
        (JsonNull, null) => true,
        (JsonBoolean flag, bool expected) => flag.Value == expected,
        (JsonString own, string expected) => own.Value == expected,
        (JsonNumber, IConvertible expected and not string and not bool) => TryFloat(value) == expected.ToSingle(CultureInfo.InvariantCulture),
        _ => false,
    };

    private static string Json(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        string word => $"\"{word}\"",
        _ => Words.Number((IFormattable)value),
    };
}
