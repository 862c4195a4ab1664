using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Intaglio.Generators.Parsing.Json;

/// <summary>
/// Reads JSON (RFC 8259) with positions, which the parsers that an analyzer could bring along do not keep. It is as strict as the runtime's: no comments, no trailing commas, no key twice, no half of a
/// surrogate pair. Text of any kind ends in a value or in its first fault; depth and length are bounded.
/// </summary>
internal sealed class JsonReader
{
    /// <summary>How deep arrays and objects may be nested, as in System.Text.Json.</summary>
    public const int MaximumDepth = 64;

    /// <summary>How many characters there may be: as many as the runtime reads bytes of a config.json.</summary>
    public const int MaximumLength = 16 << 20;

    private readonly string _text;
    private readonly CancellationToken _cancellation;
    private int _at;
    private JsonFault? _fault;

    private JsonReader(string text, CancellationToken cancellation) => (_text, _cancellation) = (text, cancellation);

    private char Next => _at < _text.Length ? _text[_at] : '\0';

    /// <returns>The value, or else the first fault.</returns>
    public static (JsonValue? Value, JsonFault? Fault) Read(string text, CancellationToken cancellation = default)
    {
        if (text.Length > MaximumLength)
            return (null, new(new(0, 0), $"at most {Words.Number(MaximumLength)} characters", Words.Number(text.Length)));

        var reader = new JsonReader(text, cancellation);
        var value = reader.ReadValue(1);
        reader.SkipSpace();
        if (value is not null && reader._at < text.Length)
            value = reader.Fault<JsonValue>("the end of the text");

        return value is null ? (null, reader._fault) : (value, null);
    }

    private JsonValue? ReadValue(int depth)
    {
        _cancellation.ThrowIfCancellationRequested();
        SkipSpace();
        if (depth > MaximumDepth && Next is '{' or '[')
            return Fault<JsonValue>($"at most {Words.Number(MaximumDepth)} levels");

        return Next switch
        {
            '{' => ReadObject(depth),
            '[' => ReadArray(depth),
            '"' => ReadString(),
            '-' or (>= '0' and <= '9') => ReadNumber(),
            't' => ReadWord("true", span => new JsonBoolean(true, span)),
            'f' => ReadWord("false", span => new JsonBoolean(false, span)),
            'n' => ReadWord("null", span => new JsonNull(span)),
            _ => Fault<JsonValue>("a value"),
        };
    }

    private JsonObject? ReadObject(int depth)
    {
        var start = _at++;
        var members = new List<JsonMember>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        SkipSpace();
        if (TryTake('}'))
            return new(members, TextSpan.FromBounds(start, _at));

        while (true)
        {
            SkipSpace();
            if (Next != '"')
                return Fault<JsonObject>(members.Count == 0 ? "a key in quotes or }" : "a key in quotes");

            if (ReadString() is not { } key)
                return null;

            if (!keys.Add(key.Value))
                return Fault<JsonObject>("a key that occurs once", key.Span, $"{key.Describe()} again");

            SkipSpace();
            if (!TryTake(':'))
                return Fault<JsonObject>("a colon");

            if (ReadValue(depth + 1) is not { } value)
                return null;

            members.Add(new(key.Value, key.Span, value));
            SkipSpace();
            if (TryTake('}'))
                return new(members, TextSpan.FromBounds(start, _at));
            if (!TryTake(','))
                return Fault<JsonObject>("a comma or }");
        }
    }

    private JsonArray? ReadArray(int depth)
    {
        var start = _at++;
        var items = new List<JsonValue>();
        SkipSpace();
        if (TryTake(']'))
            return new(items, TextSpan.FromBounds(start, _at));

        while (true)
        {
            if (ReadValue(depth + 1) is not { } value)
                return null;

            items.Add(value);
            SkipSpace();
            if (TryTake(']'))
                return new(items, TextSpan.FromBounds(start, _at));
            if (!TryTake(','))
                return Fault<JsonArray>("a comma or ]");
        }
    }

    private JsonString? ReadString()
    {
        var start = _at++;
        var value = new StringBuilder();
        while (Next != '"' || _at >= _text.Length)
        {
            if (_at >= _text.Length)
                return Fault<JsonString>("a closing quote");
            if (Next < ' ')
                return Fault<JsonString>("a control character written as an escape");

            if (Next != '\\')
                value.Append(_text[_at++]);
            else if (ReadEscape() is { } character)
                value.Append(character);
            else
                return null;
        }

        _at++;
        var (text, span) = (value.ToString(), TextSpan.FromBounds(start, _at));
        return HasHalfPair(text) ? Fault<JsonString>("whole surrogate pairs", span, "half of one") : new(text, span);
    }

    private char? ReadEscape()
    {
        const string Escaped = "\"\\/bfnrt";
        const string Meant = "\"\\/\b\f\n\r\t";
        var start = _at++;
        if (Next == 'u')
        {
            var digits = _text.Substring(_at + 1, Math.Min(4, _text.Length - _at - 1));
            if (digits.Length == 4 && digits.All(Uri.IsHexDigit))
            {
                _at += 5;
                return (char)Convert.ToInt32(digits, 16);
            }
        }
        else if (_at < _text.Length && Escaped.IndexOf(Next) is var index and >= 0)
        {
            _at++;
            return Meant[index];
        }

        Fault<JsonValue>("an escape such as \\n or \\u00e9", TextSpan.FromBounds(start, Math.Min(start + 2, _text.Length)), "another");
        return null;
    }

    private JsonNumber? ReadNumber()
    {
        var start = _at;
        TryTake('-');
        if (!TryTake('0') && SkipDigits() == 0)
            return Fault<JsonNumber>("a digit");
        if (TryTake('.') && SkipDigits() == 0)
            return Fault<JsonNumber>("a digit");

        if (TryTake('e') || TryTake('E'))
        {
            if (!TryTake('+'))
                TryTake('-');
            if (SkipDigits() == 0)
                return Fault<JsonNumber>("a digit");
        }

        return new(_text.Substring(start, _at - start), TextSpan.FromBounds(start, _at));
    }

    private JsonValue? ReadWord(string word, Func<TextSpan, JsonValue> make)
    {
        if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0)
            return Fault<JsonValue>("a value");

        _at += word.Length;
        return make(new(_at - word.Length, word.Length));
    }

    private int SkipDigits()
    {
        var start = _at;
        while (Next is >= '0' and <= '9')
            _at++;
        return _at - start;
    }

    private void SkipSpace()
    {
        while (Next is ' ' or '\t' or '\n' or '\r')
            _at++;
    }

    private bool TryTake(char character)
    {
        if (_at >= _text.Length || _text[_at] != character)
            return false;

        _at++;
        return true;
    }

    private static bool HasHalfPair(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[++i]))
                return true;
        }

        return false;
    }

    private T? Fault<T>(string expected)
        where T : class => _at >= _text.Length
            ? Fault<T>(expected, new(_text.Length, 0), "the end of the text")
            : Fault<T>(expected, new(_at, 1), Next < ' ' ? $"U+{(int)Next:X4}" : $"'{Next}'");

    private T? Fault<T>(string expected, TextSpan span, string found)
        where T : class
    {
        _fault ??= new(span, expected, found);
        return null;
    }
}
