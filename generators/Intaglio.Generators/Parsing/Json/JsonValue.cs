using Microsoft.CodeAnalysis.Text;

namespace Intaglio.Generators.Parsing.Json;

/// <summary>A value of a JSON text: a union.</summary>
/// <param name="Span">Where it stands.</param>
internal abstract record JsonValue(TextSpan Span)
{
    /// <summary>What it is, as a sentence has it.</summary>
    public string Describe() => this switch
    {
        JsonObject => "an object",
        JsonArray => "an array",
        JsonString text => $"\"{Shorten(text.Value)}\"",
        JsonNumber number => Shorten(number.Text),
        JsonBoolean { Value: true } => "true",
        JsonBoolean => "false",
        _ => "null",
    };

    private static string Shorten(string text) => text.Length <= 60 ? text : text.Substring(0, 60) + "...";
}

/// <summary>An object; no key occurs twice.</summary>
/// <param name="Members">Its members, in the order in which they are written.</param>
/// <param name="Span">Where it stands.</param>
internal sealed record JsonObject(IReadOnlyList<JsonMember> Members, TextSpan Span) : JsonValue(Span);

/// <summary>A key with its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="KeySpan">Where it stands.</param>
/// <param name="Value">Its value.</param>
internal sealed record JsonMember(string Key, TextSpan KeySpan, JsonValue Value);

internal sealed record JsonArray(IReadOnlyList<JsonValue> Items, TextSpan Span) : JsonValue(Span);

internal sealed record JsonString(string Value, TextSpan Span) : JsonValue(Span);

/// <summary>A number, as it is written.</summary>
internal sealed record JsonNumber(string Text, TextSpan Span) : JsonValue(Span);

internal sealed record JsonBoolean(bool Value, TextSpan Span) : JsonValue(Span);

internal sealed record JsonNull(TextSpan Span) : JsonValue(Span);

/// <summary>What makes a text no JSON.</summary>
/// <param name="Span">Where.</param>
/// <param name="Expected">What should stand there.</param>
/// <param name="Found">What does.</param>
internal sealed record JsonFault(TextSpan Span, string Expected, string Found);
