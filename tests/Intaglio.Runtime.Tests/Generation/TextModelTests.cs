using System.Text;
using Intaglio.Runtime.Tests.Training;
using Intaglio.Tokenizers;
using Xunit;

namespace Intaglio.Runtime.Tests.Generation;

public sealed class TextModelTests : IDisposable
{
    private const string Characters = "\nabcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW";

    private readonly NaiveDevice _device = new();
    private readonly TinyGpt _model;

    public TextModelTests() => _model = TinyGpt.Create(_device, seed: 5);

    public void Dispose()
    {
        _model.Dispose();
        _device.Dispose();
    }

    [Fact]
    public async Task Streamed_pieces_are_the_whole_text()
    {
        var text = new TextModel<TinyGpt>(_model, CharacterTokenizer.FromText(Characters));
        var settings = new GenerationSettings { MaxNewTokens = 12, Seed = 4 };

        var pieces = new List<string>();
        await foreach (var piece in text.GenerateAsync("abc", settings))
            pieces.Add(piece);

        Assert.Equal(12, pieces.Count);
        Assert.Equal(text.Generate("abc", settings), string.Concat(pieces));
        Assert.Equal(_model.Weights.Bytes, _device.AllocatedBytes);
    }

    [Fact]
    public void Pieces_are_whole_characters()
    {
        // Tokens are single bytes of é (two bytes) and 😀 (four), and the rest of the vocabulary is plain.
        var tokenizer = new BytePieces();
        var text = new TextModel<TinyGpt>(_model, tokenizer);
        for (var seed = 0UL; seed < 20; seed++)
        {
            var settings = new GenerationSettings { MaxNewTokens = 15, Seed = seed };
            using var session = _model.OpenSession();
            session.Settings = settings;
            session.Append([1]);
            int[] tokens = [.. Enumerable.Range(0, 15).Select(_ => session.Next())];

            Assert.Equal(tokenizer.Decode(tokens), text.Generate("x", settings));
        }
    }

    [Fact]
    public void An_empty_prompt_begins_after_a_line_feed()
    {
        var text = new TextModel<TinyGpt>(_model, CharacterTokenizer.FromText(Characters));
        var settings = new GenerationSettings { MaxNewTokens = 5, Temperature = 0 };

        Assert.Equal(text.Generate("\n", settings), text.Generate("", settings));
    }

    [Fact]
    public void Stop_tokens_end_the_text_and_are_not_part_of_it()
    {
        var tokenizer = CharacterTokenizer.FromText(Characters);
        var text = new TextModel<TinyGpt>(_model, tokenizer);
        var settings = new GenerationSettings { MaxNewTokens = 12, Seed = 4 };
        var whole = text.Generate("a", settings);

        var stopped = text.Generate("a", settings with { StopTokens = [tokenizer.Encode(whole.AsSpan(5, 1))[0]] });

        Assert.Equal(whole[..whole.IndexOf(whole[5])], stopped);
    }

    [Fact]
    public void A_full_context_ends_throws_or_slides()
    {
        var text = new TextModel<TinyGpt>(_model, CharacterTokenizer.FromText(Characters));
        var settings = new GenerationSettings { MaxNewTokens = 40, Temperature = 0 };

        // Fifteen tokens fill a context of 16 after "a"; one more can be chosen from it.
        Assert.Equal(16, text.Generate("a", settings).Length);
        Assert.Throws<InvalidOperationException>(() => text.Generate("a", settings with { WhenContextIsFull = ContextOverflow.Throw }));
        var slid = text.Generate("a", settings with { WhenContextIsFull = ContextOverflow.Slide });
        Assert.Equal(40, slid.Length);
        Assert.StartsWith(text.Generate("a", settings), slid);
        Assert.Equal(slid[16..24], text.Generate(("a" + slid)[9..17], settings with { MaxNewTokens = 8 }));
    }

    [Fact]
    public void A_prompt_longer_than_the_context_needs_sliding()
    {
        var text = new TextModel<TinyGpt>(_model, CharacterTokenizer.FromText(Characters));
        var prompt = new string('a', 17);

        Assert.Throws<ArgumentException>(() => text.Generate(prompt));
        Assert.Equal(3, text.Generate(prompt, new() { MaxNewTokens = 3, WhenContextIsFull = ContextOverflow.Slide }).Length);
    }

    [Fact]
    public async Task Cancellation_ends_the_stream_and_gives_back_the_memory()
    {
        var text = new TextModel<TinyGpt>(_model, CharacterTokenizer.FromText(Characters));
        using var cancellation = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var piece in text.GenerateAsync("a").WithCancellation(cancellation.Token))
                await cancellation.CancelAsync();
        });
        Assert.Equal(_model.Weights.Bytes, _device.AllocatedBytes);
    }

    [Fact]
    public void Mistakes_are_told_before_anything_is_generated()
    {
        Assert.Throws<ArgumentException>(() => new TextModel<TinyGpt>(_model, new ByteTokenizer()));
        var text = new TextModel<TinyGpt>(_model, CharacterTokenizer.FromText(Characters));
        Assert.Throws<ArgumentOutOfRangeException>(() => { text.GenerateAsync("a", new() { TopP = 2 }); });
        Assert.Throws<DataException>(() => { text.GenerateAsync("?"); });
    }

    [Fact]
    public void A_trainer_samples_its_own_model()
    {
        using var trainer = new Trainer<TinyGpt>(_model, new() { BatchSize = 1 });
        var tokenizer = CharacterTokenizer.FromText(Characters);

        Assert.Throws<InvalidOperationException>(() => new TextModel<TinyGpt>(_model, tokenizer).Generate("a"));
        Assert.Equal(3, trainer.OpenTextModel(tokenizer).Generate("a", new() { MaxNewTokens = 3 }).Length);
    }

    private sealed class BytePieces : ITokenizer
    {
        private static readonly byte[] Pieces = [.. "\nx"u8, .. "é😀é😀é😀é😀é😀é😀é😀é😀"u8];

        public int VocabularySize => Pieces.Length;

        public int[] Encode(ReadOnlySpan<char> text) => [.. text.ToArray().Select(character => character == 'x' ? 1 : 0)];

        public ReadOnlySpan<byte> Utf8(int token) => Pieces.AsSpan(token, 1);

        public string Decode(ReadOnlySpan<int> tokens) => Encoding.UTF8.GetString([.. tokens.ToArray().Select(token => Pieces[token])]);
    }
}
