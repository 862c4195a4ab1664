using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Intaglio.Checkpoints;

namespace Intaglio.Tokenizers;

/// <summary>
/// One token for each distinct character (Unicode scalar value) of a text, in the order of their code points, as nanoGPT's character-level examples have
/// it.
/// </summary>
public sealed class CharacterTokenizer : ITokenizer
{
    private const string Key = "characters";
    private const int MaximumBytes = 32 << 20;

    private readonly Rune[] _characters;
    private readonly byte[][] _utf8;
    private readonly Dictionary<Rune, int> _ids;

    private CharacterTokenizer(Rune[] characters)
    {
        _characters = characters;
        _utf8 = [.. characters.Select(character => Encoding.UTF8.GetBytes(character.ToString()))];
        _ids = characters.Select((character, id) => (character, id)).ToDictionary(pair => pair.character, pair => pair.id);
    }

    /// <inheritdoc/>
    public int VocabularySize => _characters.Length;

    /// <summary>The characters, by token.</summary>
    public IReadOnlyList<Rune> Characters => _characters;

    /// <summary>A tokenizer for the characters of a text.</summary>
    /// <exception cref="DataException">The text is empty.</exception>
    public static CharacterTokenizer FromText(ReadOnlySpan<char> text)
    {
        var characters = new HashSet<Rune>();
        foreach (var character in text.EnumerateRunes())
            characters.Add(character);
        return characters.Count > 0
            ? new([.. characters.Order()])
            : throw new DataException(null, null, "an empty text has no characters to make tokens of");
    }

    /// <summary>Reads what <see cref="Save"/> wrote: JSON, of at most 32 MiB, which is more than all of Unicode takes.</summary>
    /// <exception cref="DataException">The file cannot be read, or is not such a file.</exception>
    public static CharacterTokenizer Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return Parse(RegularFile.ReadAll(path, MaximumBytes), path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, null, $"cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Reads the content of such a file.</summary>
    /// <exception cref="DataException">It is something else.</exception>
    internal static CharacterTokenizer Parse(ReadOnlyMemory<byte> content, string path)
    {
        try
        {
            using var document = StrictJson.Parse(content);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty(Key, out var list)
                || list.ValueKind != JsonValueKind.Array
                || list.GetArrayLength() == 0)
                throw new DataException(path, null, $"expected a JSON object whose key \"{Key}\" is an array of characters");

            return new(ReadCharacters(list, path));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text with half a surrogate pair, which is found only when it is looked at.
            throw new DataException(path, (fault as JsonException)?.LineNumber + 1, $"not valid JSON: {Excerpt.Of(fault)}", fault);
        }
    }

    /// <summary>Writes the characters as JSON; the file appears whole or not at all.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray(Key);
            foreach (var character in _characters)
                json.WriteStringValue(character.ToString());
            json.WriteEndArray();
            json.WriteEndObject();
        }

        try
        {
            AtomicFile.Write(path, buffer.WrittenSpan);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, null, $"cannot be written: {fault.Message}", fault);
        }
    }

    /// <inheritdoc/>
    public int[] Encode(ReadOnlySpan<char> text)
    {
        var tokens = new List<int>(text.Length);
        var position = 0;
        foreach (var character in text.EnumerateRunes())
        {
            if (!_ids.TryGetValue(character, out var id))
                throw new DataException(null, null, $"the character {Name(character)} at position {position} (line {text[..position].Count('\n') + 1}) is not among the {VocabularySize} of the vocabulary");
            tokens.Add(id);
            position += character.Utf16SequenceLength;
        }

        return [.. tokens];
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Utf8(int token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, VocabularySize);
        return _utf8[token];
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        var text = new StringBuilder(tokens.Length);
        foreach (var token in tokens)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(token, nameof(tokens));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, VocabularySize, nameof(tokens));
            text.Append(_characters[token]);
        }

        return text.ToString();
    }

    private static Rune[] ReadCharacters(JsonElement list, string path)
    {
        var characters = new Rune[list.GetArrayLength()];
        var seen = new HashSet<Rune>();
        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            characters[index] = ReadCharacter(item, index, path);
            if (!seen.Add(characters[index]))
                throw new DataException(path, null, $"\"{Key}\" has {Name(characters[index])} twice");
        }

        return characters;
    }

    private static Rune ReadCharacter(JsonElement item, int index, string path)
    {
        if (item.ValueKind == JsonValueKind.String
            && item.GetString() is { } text
            && Rune.DecodeFromUtf16(text, out var character, out var length) == OperationStatus.Done
            && length == text.Length)
            return character;
        throw new DataException(path, null, $"\"{Key}\"[{index}] is {Excerpt.Of(JsonMarshal.GetRawUtf8Value(item))}, expected a string of one character");
    }

    private static string Name(Rune character) =>
        Rune.IsControl(character) ? $"U+{character.Value:X4}" : $"'{character}' (U+{character.Value:X4})";
}
