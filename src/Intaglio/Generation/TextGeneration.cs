using System.Runtime.InteropServices;
using Intaglio.Tokenizers;

namespace Intaglio;

/// <summary>One text while it is generated.</summary>
/// <typeparam name="TModel">The model's class.</typeparam>
internal sealed class TextGeneration<TModel> : IDisposable
    where TModel : LanguageModel, ILanguageModel<TModel>
{
    private readonly GenerationSession<TModel> _session;
    private readonly StreamingDecoder _decoder;
    private readonly GenerationSettings _settings;

    // All tokens that may still have to be read again, those of the prompt included.
    private readonly List<int> _tokens;
    private int _left;

    public TextGeneration(TModel model, object? trainer, ITokenizer tokenizer, int[] prompt, GenerationSettings settings)
    {
        var context = model.Description.ContextLength;
        var capacity = (int)Math.Min(context, (long)prompt.Length + settings.MaxNewTokens);
        _session = new(model, new() { Capacity = capacity }, trainer) { Settings = settings };
        _decoder = new(tokenizer);
        _settings = settings;
        _tokens = [.. prompt];
        _left = settings.MaxNewTokens;
        _session.Append(prompt);
    }

    /// <summary>Generates until there is text to show.</summary>
    /// <returns>Whole characters; null at the end.</returns>
    public string? NextPiece(CancellationToken cancellationToken)
    {
        while (NextToken(cancellationToken) is { } token)
        {
            _tokens.Add(token);
            if (_decoder.Append(token) is { IsEmpty: false } piece)
                return new(piece);
        }

        _left = 0;
        return _decoder.Flush() is { IsEmpty: false } rest ? new(rest) : null;
    }

    public void Dispose() => _session.Dispose();

    private int? NextToken(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_left == 0 || !MakeRoom())
            return null;

        _left--;
        var token = _session.Next();
        return _settings.StopTokens.Contains(token) ? null : token;
    }

    // Whether one more token can be chosen.
    private bool MakeRoom()
    {
        if (_session.Length() <= _session.Capacity)
            return true;

        switch (_settings.WhenContextIsFull)
        {
            case ContextOverflow.Stop:
                return false;
            case ContextOverflow.Slide:
                _tokens.RemoveRange(0, _tokens.Count - Math.Max(1, _session.Capacity / 2));
                _session.Reset();
                _session.Append(CollectionsMarshal.AsSpan(_tokens));
                return true;
            default:
                throw new InvalidOperationException($"The text has filled the model's context of {_session.Capacity} tokens; ask for fewer, or set WhenContextIsFull to Slide.");
        }
    }
}
