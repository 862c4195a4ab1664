using System.Text;
using CsCheck;
using Intaglio.Runtime.Tests.Checkpoints;
using Intaglio.Tokenizers;
using Xunit;

namespace Intaglio.Runtime.Tests.Tokenizers;

public sealed class TokenizerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Bytes_are_those_of_utf8()
    {
        var tokenizer = new ByteTokenizer();

        Assert.Equal(256, tokenizer.VocabularySize);
        Assert.Equal([0x61, 0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x98, 0x80], tokenizer.Encode("aé€😀"));
        Assert.Equal("aé€😀", tokenizer.Decode([0x61, 0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x98, 0x80]));
        Assert.Empty(tokenizer.Encode(""));
        Assert.Equal("", tokenizer.Decode([]));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(256)]
    [InlineData(int.MaxValue)]
    public void Token_beyond_the_vocabulary_is_an_argument_error(int token)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ByteTokenizer().Decode([token]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StreamingDecoder(new ByteTokenizer()).Append(token).ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => CharacterTokenizer.FromText("ab").Decode([token]));
        Assert.Throws<ArgumentOutOfRangeException>(() => CharacterTokenizer.FromText("ab").Utf8(token).Length);
    }

    [Fact]
    public void Streaming_holds_a_character_back_until_it_is_complete()
    {
        var tokenizer = new ByteTokenizer();
        var decoder = new StreamingDecoder(tokenizer);

        string[] pieces = [.. tokenizer.Encode("a€😀b").Select(token => decoder.Append(token).ToString())];

        Assert.Equal(["a", "", "", "€", "", "", "", "😀", "b"], pieces);
        Assert.Equal("", decoder.Flush().ToString());
    }

    [Fact]
    public void Half_a_character_at_the_end_is_replaced()
    {
        var decoder = new StreamingDecoder(new ByteTokenizer());

        Assert.Equal("", decoder.Append(0xE2).ToString());
        Assert.Equal("\uFFFD", decoder.Flush().ToString());
        Assert.Equal("x", decoder.Append('x').ToString());
    }

    [Fact]
    public void Streaming_gives_what_decoding_gives_for_any_bytes()
    {
        var tokenizer = new ByteTokenizer();

        // Bytes that begin, continue and break UTF-8 sequences more often than chance would.
        var token = Gen.OneOf(Gen.Int[0, 255], Gen.Int[0x80, 0xBF], Gen.Int[0xC0, 0xFF]);
        token.Array[0, 40].Sample(
            tokens =>
            {
                var decoder = new StreamingDecoder(tokenizer);
                var text = new StringBuilder();
                foreach (var item in tokens)
                    text.Append(decoder.Append(item));
                text.Append(decoder.Flush());
                Assert.Equal(tokenizer.Decode(tokens), text.ToString());
            },
            iter: 5000,
            threads: 1);
    }

    [Fact]
    public void Any_text_survives_bytes()
    {
        var tokenizer = new ByteTokenizer();

        Gen.String.Sample(text => Assert.Equal(string.Concat(text.EnumerateRunes()), tokenizer.Decode(tokenizer.Encode(text))), iter: 1000, threads: 1);
    }

    [Fact]
    public void Streaming_allocates_nothing()
    {
        var tokenizer = new ByteTokenizer();
        var tokens = tokenizer.Encode("Grüße, 世界 😀");
        var decoder = new StreamingDecoder(tokenizer);
        var characters = 0;
        Stream();
        var before = GC.GetAllocatedBytesForCurrentThread();

        Stream();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2 * "Grüße, 世界 😀".Length, characters);

        void Stream()
        {
            foreach (var token in tokens)
                characters += decoder.Append(token).Length;
        }
    }

    [Fact]
    public void Characters_are_numbered_by_code_point()
    {
        var tokenizer = CharacterTokenizer.FromText("b😀a\nbé｡");

        // U+1F600 comes after U+FF61, though its first UTF-16 unit is the smaller.
        Assert.Equal("\nabé｡😀", string.Concat(tokenizer.Characters));
        Assert.Equal([1, 2, 5, 0], tokenizer.Encode("ab😀\n"));
        Assert.Equal("😀é", tokenizer.Decode([5, 3]));
        Assert.Equal(Encoding.UTF8.GetBytes("😀"), tokenizer.Utf8(5).ToArray());
    }

    [Fact]
    public void Unknown_character_is_named()
    {
        var tokenizer = CharacterTokenizer.FromText("abc\n");

        Assert.Equal(
            "the character '☃' (U+2603) at position 5 (line 2) is not among the 4 of the vocabulary",
            Assert.Throws<DataException>(() => tokenizer.Encode("abc\na☃")).Message);
        Assert.Contains("U+0009 at position 0", Assert.Throws<DataException>(() => tokenizer.Encode("\t")).Message, StringComparison.Ordinal);
        Assert.Throws<DataException>(() => CharacterTokenizer.FromText(""));
    }

    [Fact]
    public void Saved_characters_are_loaded_in_their_order()
    {
        var tokenizer = CharacterTokenizer.FromText("\0\n\"\\/é\u2028😀\uFFFDz");

        tokenizer.Save(_directory["characters.json"]);
        var loaded = CharacterTokenizer.Load(_directory["characters.json"]);

        Assert.Equal(tokenizer.Characters, loaded.Characters);
        Assert.Equal(["characters.json"], _directory.Names());
        Assert.Throws<DataException>(() => tokenizer.Save(_directory["none/characters.json"]));
    }

    [SkippableFact]
    public void Shakespeare_has_65_characters()
    {
        var text = File.ReadAllText(SharedData.Find("text-tinyshakespeare/input.txt"));

        var tokenizer = CharacterTokenizer.FromText(text);

        // nanoGPT's data/shakespeare_char/prepare.py prints these.
        Assert.Equal("\n !$&',-.3:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", string.Concat(tokenizer.Characters));
        Assert.Equal(65, tokenizer.VocabularySize);
        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }

    public void Dispose() => _directory.Dispose();
}
