using System.Text;
using Intaglio.Checkpoints;
using Intaglio.Numerics;
using Intaglio.Tokenizers;

namespace Intaglio.Data;

/// <summary>Tokens to train on, and tokens held out to evaluate on. Immutable and thread-safe.</summary>
public sealed class TokenCorpus
{
    /// <summary>The share that is held out where nothing else is said: the last tenth.</summary>
    public const double DefaultHeldOut = 0.1;

    // A string holds little more.
    private const int MaximumBytes = 1_000_000_000;

    // Far from the sites that a model draws dropout and initial weights from under the same seed.
    internal const uint SamplingSite = 1u << 31;

    private readonly int[] _training;
    private readonly int[] _heldOut;
    private string? _file;

    /// <summary>A corpus of tokens that are already apart.</summary>
    /// <param name="training">Tokens to train on.</param>
    /// <param name="heldOut">Tokens to evaluate on.</param>
    /// <param name="vocabularySize">How many different tokens there are.</param>
    /// <exception cref="DataException">A token is not of the vocabulary.</exception>
    public TokenCorpus(int[] training, int[] heldOut, int vocabularySize)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(heldOut);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vocabularySize);
        CheckTokens(training, vocabularySize);
        CheckTokens(heldOut, vocabularySize);
        _training = training;
        _heldOut = heldOut;
        VocabularySize = vocabularySize;
    }

    /// <summary>How many different tokens there are.</summary>
    public int VocabularySize { get; }

    /// <summary>Tokens to train on.</summary>
    public ReadOnlySpan<int> Training => _training;

    /// <summary>Tokens to evaluate on.</summary>
    public ReadOnlySpan<int> HeldOut => _heldOut;

    /// <summary>Splits tokens: of n, the first ⌊n · (1 - <paramref name="heldOut"/>)⌋ to train on, the rest held out.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="vocabularySize">How many different ones there are.</param>
    /// <param name="heldOut">The share to hold out, from 0 to less than 1.</param>
    public static TokenCorpus FromTokens(ReadOnlySpan<int> tokens, int vocabularySize, double heldOut = DefaultHeldOut)
    {
        if (heldOut is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(heldOut), heldOut, "The share to hold out is from 0 to less than 1.");

        var training = (int)(tokens.Length * (1 - heldOut));
        return new(tokens[..training].ToArray(), tokens[training..].ToArray(), vocabularySize);
    }

    /// <summary>Turns a text into tokens and splits them.</summary>
    /// <exception cref="DataException">The text is empty, or has a character that the tokenizer does not know.</exception>
    public static TokenCorpus FromText(ReadOnlySpan<char> text, ITokenizer tokenizer, double heldOut = DefaultHeldOut)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (text.IsEmpty)
            throw new DataException(null, null, "the text is empty");
        return FromTokens(tokenizer.Encode(text), tokenizer.VocabularySize, heldOut);
    }

    /// <summary>Turns a text file, UTF-8, into tokens and splits them.</summary>
    /// <exception cref="DataException">The file cannot be read, is empty or no text, or has a character that the tokenizer does not know.</exception>
    public static TokenCorpus FromFile(string path, ITokenizer tokenizer, double heldOut = DefaultHeldOut)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var text = ReadText(path);
        try
        {
            var corpus = FromText(text, tokenizer, heldOut);
            corpus._file = path;
            return corpus;
        }
        catch (DataException fault)
        {
            throw new DataException(path, fault.Line, fault.Message, fault);
        }
    }

    /// <summary>Reads a text file as UTF-8, its line ends as they are, a byte order mark left out. It may have 1,000,000,000 bytes.</summary>
    /// <exception cref="DataException">The file cannot be read, is empty or longer, or is not UTF-8.</exception>
    public static string ReadText(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return DecodeText(RegularFile.ReadAll(path, MaximumBytes), path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, null, $"expected a text that can be read: {fault.Message}", fault);
        }
    }

    internal static string DecodeText(ReadOnlySpan<byte> content, string path)
    {
        try
        {
            var text = Utf8Text.Decode(content);
            return text.Length > 0 ? text : throw new DataException(path, null, "the file is empty; expected text");
        }
        catch (DecoderFallbackException fault)
        {
            throw new DataException(path, content[..fault.Index].Count((byte)'\n') + 1, $"not UTF-8 text: {fault.Message}; save it as UTF-8", fault);
        }
    }

    /// <summary>
    /// Draws windows of the training part, each start as likely as any other: row r of step s depends on the seed, s and r alone. Allocates nothing.
    /// </summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="step">Counts micro-batches.</param>
    /// <param name="batch">Windows.</param>
    /// <param name="time">Tokens a window.</param>
    /// <param name="inputs">Receives [batch, time] tokens.</param>
    /// <param name="targets">Receives [batch, time] tokens, each the one after its input.</param>
    /// <exception cref="DataException">The training part is shorter than time + 1 tokens.</exception>
    public void Fill(ulong seed, ulong step, int batch, int time, Span<int> inputs, Span<int> targets)
    {
        CheckWindows(batch, time, inputs, targets);
        if (_training.Length <= time)
            throw new DataException(_file, null, $"the training part has {_training.Length} tokens; a window of {time} and the token after it need {(long)time + 1}: take a longer text or a smaller ContextLength");

        var stream = RandomStream.For(seed, step, SamplingSite);
        var starts = (ulong)(_training.Length - time);
        for (var row = 0; row < batch; row++)
        {
            var start = (int)((stream[(uint)row] * starts) >> 32);
            _training.AsSpan(start, time).CopyTo(inputs[(row * time)..]);
            _training.AsSpan(start + 1, time).CopyTo(targets[(row * time)..]);
        }
    }

    /// <summary>The held-out part as windows side by side, in which every token but the first is predicted exactly once.</summary>
    /// <param name="time">Tokens a window.</param>
    /// <exception cref="DataException">The held-out part has fewer than 2 tokens.</exception>
    public EvaluationWindows EvaluationWindows(int time) => new(_heldOut, time);

    internal static void CheckWindows(int batch, int time, ReadOnlySpan<int> inputs, ReadOnlySpan<int> targets)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs.Length, checked(batch * time), nameof(inputs));
        ArgumentOutOfRangeException.ThrowIfLessThan(targets.Length, batch * time, nameof(targets));
    }

    private static void CheckTokens(ReadOnlySpan<int> tokens, int vocabularySize)
    {
        var at = tokens.IndexOfAnyExceptInRange(0, vocabularySize - 1);
        if (at >= 0)
            throw new DataException(null, null, $"token {tokens[at]} at {at} is not of the vocabulary, 0 to {vocabularySize - 1}");
    }
}
