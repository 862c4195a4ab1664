using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Intaglio.Tokenizers;

namespace Intaglio.Checkpoints;

/// <summary>
/// A file's list of tokens, in SentencePiece's terms (<c>tokenizer.ggml.model</c> is <c>llama</c>), of which llama.cpp makes the same tokens where each is a byte or a
/// character: it looks characters up and falls back to bytes.
/// </summary>
internal static class GgufVocabulary
{
    private const string Space = "\u2581";

    // llama_token_type of llama.h.
    private const int Normal = 1, Control = 3, Unused = 5, Byte = 6;

    /// <summary>The keys that tell of tokens.</summary>
    /// <exception cref="ArgumentException">The options name tokens that the model does not have, or tokens that such a list cannot hold.</exception>
    public static IEnumerable<GgufPair> Metadata(GgufOptions options, int size)
    {
        var tokens = Tokens(options, size);
        yield return new("tokenizer.ggml.model", "llama");
        yield return new("tokenizer.ggml.pre", "default");
        yield return new("tokenizer.ggml.tokens", tokens.Select(token => token.Text).ToArray());
        yield return new("tokenizer.ggml.scores", new float[size]);
        yield return new("tokenizer.ggml.token_type", tokens.Select(token => token.Type).ToArray());
        yield return new("tokenizer.ggml.add_space_prefix", false);
        yield return new("tokenizer.ggml.add_bos_token", options.BeginToken is not null);
        yield return new("tokenizer.ggml.add_eos_token", false);
        if (options.BeginToken is { } begin)
            yield return new("tokenizer.ggml.bos_token_id", Special(begin, size, nameof(options.BeginToken)));
        if (options.EndToken is { } end)
            yield return new("tokenizer.ggml.eos_token_id", Special(end, size, nameof(options.EndToken)));
    }

    private static (string Text, int Type)[] Tokens(GgufOptions options, int size)
    {
        var given = Given(options, size);
        if (given.Length > size)
            throw new ArgumentException($"There are {given.Length} tokens for a vocabulary of {size}.", nameof(options));

        var all = new (string Text, int Type)[size];
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var token = 0; token < size; token++)
        {
            all[token] = token < given.Length ? (given[token], TypeOf(given[token])) : ($"<unused{token}>", Unused);
            if (token == options.BeginToken || token == options.EndToken)
                all[token].Type = Control;
            if (!seen.TryAdd(all[token].Text, token))
                throw new ArgumentException($"Token {token} is \"{all[token].Text}\", as token {seen[all[token].Text]} is; llama.cpp wants each to be another.", nameof(options));
        }

        return all;
    }

    private static string[] Given(GgufOptions options, int size)
    {
        if (options is { Tokens: not null, Tokenizer: not null })
            throw new ArgumentException($"Either {nameof(options.Tokens)} or a {nameof(options.Tokenizer)} says what the tokens are, not both.", nameof(options));
        if (options.Tokens is { } tokens)
            return [.. tokens.Select(Checked)];

        // A vocabulary may be rounded up beyond its tokenizer's, or, where nothing says what its tokens are, be smaller than all bytes.
        var tokenizer = options.Tokenizer ?? new ByteTokenizer();
        return [.. Enumerable.Range(0, options.Tokenizer is null ? Math.Min(size, tokenizer.VocabularySize) : tokenizer.VocabularySize).Select(token => TextOf(tokenizer.Utf8(token), token))];
    }

    private static string Checked(string text, int token)
    {
        if (string.IsNullOrEmpty(text) || text.Contains('\0'))
            throw new ArgumentException($"Token {token} is {(string.IsNullOrEmpty(text) ? "empty" : "text with a zero character")}, which llama.cpp cannot read.", nameof(GgufOptions.Tokens));
        return text;
    }

    // llama.cpp ends strings at zeros, so that byte is no character.
    private static string TextOf(ReadOnlySpan<byte> utf8, int token) => utf8 switch
    {
        [not 0, ..] when Utf8.IsValid(utf8) && !utf8.Contains((byte)0) => Encoding.UTF8.GetString(utf8).Replace(" ", Space, StringComparison.Ordinal),
        [var single] => string.Create(CultureInfo.InvariantCulture, $"<0x{single:X2}>"),
        _ => throw new ArgumentException($"Token {token} is a part of a character or has a zero byte, for which SentencePiece has no token; give {nameof(GgufOptions.Tokens)}.", nameof(GgufOptions.Tokenizer)),
    };

    private static int TypeOf(string text) =>
        text is ['<', '0', 'x', var high, var low, '>'] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low) ? Byte : Normal;

    private static uint Special(int token, int size, string name) =>
        token >= 0 && token < size ? (uint)token : throw new ArgumentException($"{name} is {token}, and the vocabulary has {size} tokens.", name);
}
