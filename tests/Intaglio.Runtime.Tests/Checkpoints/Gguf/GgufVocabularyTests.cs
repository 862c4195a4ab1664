using System.Text;
using Intaglio.Tokenizers;
using Xunit;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>The list of tokens in a GGUF file.</summary>
public sealed class GgufVocabularyTests : IDisposable
{
    // llama_token_type of llama.h.
    private const int Normal = 1, Control = 3, Unused = 5, Byte = 6;

    private readonly TemporaryDirectory _directory = new();
    private readonly HostDevice _device = new();

    [Fact]
    public void Bytes_are_characters_where_they_can_be()
    {
        var (tokens, types) = Saved(258, new());

        Assert.Equal(("<0x00>", Byte), (tokens[0], types[0]));
        Assert.Equal(("\n", Normal), (tokens[10], types[10]));
        Assert.Equal(("▁", Normal), (tokens[32], types[32]));
        Assert.Equal(("a", Normal), (tokens[97], types[97]));
        Assert.Equal(("<0x80>", Byte), (tokens[128], types[128]));
        Assert.Equal(("<0xFF>", Byte), (tokens[255], types[255]));
        Assert.Equal(("<unused257>", Unused), (tokens[257], types[257]));
        Assert.Equal(258, tokens.Distinct().Count());
    }

    [Fact]
    public void Vocabulary_smaller_than_all_bytes_has_the_first() => Assert.Equal("▁", Saved(33, new()).Tokens[^1]);

    [Fact]
    public void Characters_are_tokens()
    {
        var (tokens, types) = Saved(5, new() { Tokenizer = CharacterTokenizer.FromText("a é\n") });

        Assert.Equal(["\n", "▁", "a", "é", "<unused4>"], tokens);
        Assert.Equal([Normal, Normal, Normal, Normal, Unused], types);
    }

    [Fact]
    public void Tokens_may_be_given()
    {
        var (tokens, types) = Saved(4, new() { Tokens = ["<s>", "<0x0A>", "▁once"] });

        Assert.Equal(["<s>", "<0x0A>", "▁once", "<unused3>"], tokens);
        Assert.Equal([Normal, Byte, Normal, Unused], types);
    }

    [Fact]
    public void Tokens_that_begin_and_end_are_no_text()
    {
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2(vocabulary: 4));
        model.SaveGguf(_directory["model.gguf"], new() { Tokens = ["<s>", "</s>", "a"], BeginToken = 0, EndToken = 1 });

        var file = new GgufFile(_directory["model.gguf"]);

        Assert.Equal([Control, Control, Normal, Unused], file.List<int>("tokenizer.ggml.token_type"));
        Assert.Equal((0u, 1u, true), (file.Metadata["tokenizer.ggml.bos_token_id"], file.Metadata["tokenizer.ggml.eos_token_id"], file.Metadata["tokenizer.ggml.add_bos_token"]));
    }

    [Theory]
    [InlineData("Token 2 is \"a\", as token 0 is", "a", "b", "a")]
    [InlineData("Token 3 is \"<unused3>\", as token 0 is", "<unused3>")]
    [InlineData("There are 5 tokens for a vocabulary of 4", "a", "b", "c", "d", "e")]
    [InlineData("Token 1 is empty", "a", "")]
    [InlineData("Token 0 is text with a zero character", "a\0")]
    public void Tokens_that_llama_cpp_would_not_load_are_refused(string says, params string[] tokens) => Refused(says, new() { Tokens = tokens });

    [Fact]
    public void Tokenizer_of_more_tokens_than_the_model_is_refused() => Refused("There are 256 tokens for a vocabulary of 4", new() { Tokenizer = new ByteTokenizer() });

    [Fact]
    public void Tokenizer_with_a_token_inside_a_character_is_refused() => Refused("Token 1 is a part of a character", new() { Tokenizer = new Pieces() });

    [Fact]
    public void Tokens_are_told_in_one_way() => Refused("not both", new() { Tokens = ["a"], Tokenizer = CharacterTokenizer.FromText("a") });

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void Special_tokens_are_tokens(int token)
    {
        Refused($"BeginToken is {token}, and the vocabulary has 4 tokens", new() { BeginToken = token });
        Refused($"EndToken is {token}, and the vocabulary has 4 tokens", new() { EndToken = token });
    }

    public void Dispose() => _directory.Dispose();

    private void Refused(string says, GgufOptions options)
    {
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2(vocabulary: 4));

        var fault = Assert.Throws<ArgumentException>(() => model.SaveGguf(_directory["model.gguf"], options));

        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
        Assert.Empty(_directory.Names());
    }

    private (string[] Tokens, int[] Types) Saved(int vocabulary, GgufOptions options)
    {
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2(vocabulary: vocabulary));
        model.SaveGguf(_directory["model.gguf"], options);
        var file = new GgufFile(_directory["model.gguf"]);
        Assert.Equal(vocabulary, file.List<float>("tokenizer.ggml.scores").Length);
        Assert.Equal(["tokenizer.ggml.model String llama", "tokenizer.ggml.pre String default", "tokenizer.ggml.add_space_prefix Boolean False", "tokenizer.ggml.add_bos_token Boolean False", "tokenizer.ggml.add_eos_token Boolean False"],
            file.Lines().Where(line => line.StartsWith("tokenizer", StringComparison.Ordinal)));
        return (file.List<string>("tokenizer.ggml.tokens"), file.List<int>("tokenizer.ggml.token_type"));
    }

    // As a byte-level tokenizer has it: é in two halves, the first with a character before it.
    private sealed class Pieces : ITokenizer
    {
        private static readonly byte[][] All = [[0xA9], [(byte)'a', 0xC3]];

        public int VocabularySize => All.Length;

        public int[] Encode(ReadOnlySpan<char> text) => throw new NotSupportedException();

        public ReadOnlySpan<byte> Utf8(int token) => All[token];

        public string Decode(ReadOnlySpan<int> tokens) => Encoding.UTF8.GetString([.. tokens.ToArray().SelectMany(token => All[token])]);
    }
}
