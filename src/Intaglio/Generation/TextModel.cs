using System.Runtime.CompilerServices;
using System.Text;
using Intaglio.Tokenizers;

namespace Intaglio;

/// <summary>A model with its tokenizer: text in, text out. Thread-safe; each text has a session of its own while it is generated.</summary>
/// <typeparam name="TModel">The model's class.</typeparam>
public sealed class TextModel<TModel>
    where TModel : LanguageModel, ILanguageModel<TModel>
{
    private readonly TModel _model;
    private readonly ITokenizer _tokenizer;
    private readonly object? _trainer;

    /// <summary>Joins a model and a tokenizer.</summary>
    /// <exception cref="ArgumentException">They have different vocabularies.</exception>
    public TextModel(TModel model, ITokenizer tokenizer)
        : this(model, tokenizer, trainer: null)
    {
    }

    internal TextModel(TModel model, ITokenizer tokenizer, object? trainer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        var vocabulary = model.Description.VocabularySize;
        if (tokenizer.VocabularySize != vocabulary)
            throw new ArgumentException($"The tokenizer has {tokenizer.VocabularySize} tokens, {model.Description.Name} has {vocabulary}.", nameof(tokenizer));

        _model = model;
        _tokenizer = tokenizer;
        _trainer = trainer;
    }

    /// <summary>
    /// What an empty prompt stands for, since a model needs a token to begin after; not part of the generated text. Default a line feed, the end of the line before.
    /// </summary>
    public string EmptyPrompt { get; init; } = "\n";

    /// <summary>Continues a prompt.</summary>
    /// <param name="prompt">The text to continue; an empty one stands for <see cref="EmptyPrompt"/>.</param>
    /// <param name="settings">How tokens are chosen; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the generation between two tokens.</param>
    /// <returns>What the model adds, without the prompt.</returns>
    /// <inheritdoc cref="GenerateAsync"/>
    public string Generate(string prompt, GenerationSettings? settings = null, CancellationToken cancellationToken = default)
    {
        var (tokens, chosen) = Prepare(prompt, settings);
        using var generation = new TextGeneration<TModel>(_model, _trainer, _tokenizer, tokens, chosen);
        var text = new StringBuilder();
        while (generation.NextPiece(cancellationToken) is { } piece)
            text.Append(piece);

        return text.ToString();
    }

    /// <summary>Continues a prompt and gives the text as it comes, in pieces of whole characters. The work is done on the thread pool.</summary>
    /// <param name="prompt">The text to continue; an empty one stands for <see cref="EmptyPrompt"/>.</param>
    /// <param name="settings">How tokens are chosen; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the generation between two tokens.</param>
    /// <exception cref="ArgumentException">
    /// A setting is out of its range, the prompt (unless <see cref="ContextOverflow.Slide"/> is set) does not fit the model's context, or it has no tokens.
    /// </exception>
    /// <exception cref="DataException">The prompt has a character that the tokenizer does not know.</exception>
    /// <exception cref="InvalidOperationException">The model is being trained, or its context is full and <see cref="ContextOverflow.Throw"/> is set.</exception>
    /// <exception cref="OperationCanceledException">The generation was cancelled.</exception>
    public IAsyncEnumerable<string> GenerateAsync(string prompt, GenerationSettings? settings = null, CancellationToken cancellationToken = default)
    {
        var (tokens, chosen) = Prepare(prompt, settings);
        return Stream(tokens, chosen, cancellationToken);
    }

    private async IAsyncEnumerable<string> Stream(int[] prompt, GenerationSettings settings, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var generation = await Task.Run(() => new TextGeneration<TModel>(_model, _trainer, _tokenizer, prompt, settings), cancellationToken).ConfigureAwait(false);
        while (await Task.Run(() => generation.NextPiece(cancellationToken), cancellationToken).ConfigureAwait(false) is { } piece)
            yield return piece;
    }

    private (int[] Tokens, GenerationSettings Settings) Prepare(string prompt, GenerationSettings? settings)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        settings ??= new();
        settings.Validate();
        var tokens = _tokenizer.Encode(prompt.Length > 0 ? prompt : EmptyPrompt);
        var context = _model.Description.ContextLength;
        if (tokens.Length == 0)
            throw new ArgumentException("The prompt has no tokens, and EmptyPrompt has none either.", nameof(prompt));

        if (tokens.Length <= context)
            return (tokens, settings);

        return settings.WhenContextIsFull == ContextOverflow.Slide
            ? (tokens[^context..], settings)
            : throw new ArgumentException($"The prompt has {tokens.Length} tokens, the context of {_model.Description.Name} {context}; shorten it, or set WhenContextIsFull to Slide.", nameof(prompt));
    }
}
