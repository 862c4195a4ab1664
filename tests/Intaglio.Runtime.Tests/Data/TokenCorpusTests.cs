using Intaglio.Data;
using Intaglio.Runtime.Tests.Checkpoints;
using Intaglio.Tokenizers;
using Xunit;

namespace Intaglio.Runtime.Tests.Data;

public sealed class TokenCorpusTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData(0.1, 90)]
    [InlineData(0.0, 100)]
    [InlineData(0.5, 50)]
    [InlineData(0.999, 0)]
    public void Last_part_is_held_out(double heldOut, int training)
    {
        int[] tokens = [.. Enumerable.Range(0, 100)];

        var corpus = TokenCorpus.FromTokens(tokens, 100, heldOut);

        Assert.Equal(tokens[..training], corpus.Training.ToArray());
        Assert.Equal(tokens[training..], corpus.HeldOut.ToArray());
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void Share_that_is_none_is_an_argument_error(double heldOut) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TokenCorpus.FromTokens([1, 2], 3, heldOut));

    [SkippableFact]
    public void Shakespeare_is_split_as_nanogpt_splits_it()
    {
        var path = SharedData.Find("text-tinyshakespeare/input.txt");
        var tokenizer = CharacterTokenizer.FromText(TokenCorpus.ReadText(path));

        var corpus = TokenCorpus.FromFile(path, tokenizer);

        // nanoGPT's data/shakespeare_char/prepare.py: "train has 1,003,854 tokens", "val has 111,540 tokens".
        Assert.Equal(1_003_854, corpus.Training.Length);
        Assert.Equal(111_540, corpus.HeldOut.Length);
        Assert.Equal(65, corpus.VocabularySize);
    }

    [Fact]
    public void Targets_are_the_tokens_after_the_inputs()
    {
        var corpus = TokenCorpus.FromTokens([.. Enumerable.Range(0, 1000)], 1000);
        var (inputs, targets) = (new int[5 * 7], new int[5 * 7]);

        corpus.Fill(seed: 1, step: 2, batch: 5, time: 7, inputs, targets);

        for (var row = 0; row < 5; row++)
        {
            var start = inputs[row * 7];
            Assert.Equal(Enumerable.Range(start, 7), inputs.Skip(row * 7).Take(7));
            Assert.Equal(Enumerable.Range(start + 1, 7), targets.Skip(row * 7).Take(7));
        }
    }

    [Fact]
    public void Batches_depend_on_seed_and_step_alone()
    {
        var corpus = TokenCorpus.FromTokens([.. Enumerable.Range(0, 1000)], 1000);

        Assert.Equal(Batch(corpus, 1, 2, 8), Batch(corpus, 1, 2, 8));
        Assert.NotEqual(Batch(corpus, 1, 2, 8), Batch(corpus, 1, 3, 8));
        Assert.NotEqual(Batch(corpus, 1, 2, 8), Batch(corpus, 2, 2, 8));

        // A larger batch begins with the rows of a smaller one.
        Assert.Equal(Batch(corpus, 1, 2, 4), Batch(corpus, 1, 2, 8)[..16]);
    }

    [Fact]
    public void Every_window_is_as_likely_as_any_other()
    {
        // 10 training tokens and windows of 4 leave starts 0 to 5.
        var corpus = new TokenCorpus([.. Enumerable.Range(0, 10)], [0, 0], 10);
        var counts = new int[6];
        const int Draws = 60_000;

        for (var step = 0UL; step < Draws / 10; step++)
        {
            foreach (var start in Batch(corpus, 3, step, 10).Where((_, index) => index % 4 == 0))
                counts[start]++;
        }

        // Each is binomial with mean 10,000 and deviation √(60,000 · 1/6 · 5/6) = 91: five times that.
        Assert.All(counts, count => Assert.InRange(count, 10_000 - 456, 10_000 + 456));
    }

    [Fact]
    public void Filling_allocates_nothing()
    {
        var corpus = TokenCorpus.FromTokens([.. Enumerable.Range(0, 1000)], 1000);
        var windows = corpus.EvaluationWindows(16);
        var (inputs, targets) = (new int[64], new int[64]);
        Fill();
        var before = GC.GetAllocatedBytesForCurrentThread();

        Fill();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Fill()
        {
            corpus.Fill(1, 2, 4, 16, inputs, targets);
            windows.Fill(0, 4, inputs, targets);
        }
    }

    [Theory]
    [InlineData(2, 4, 3)]
    [InlineData(9, 4, 3)]
    [InlineData(10, 4, 1)]
    [InlineData(13, 4, 2)]
    [InlineData(100, 7, 4)]
    [InlineData(100, 200, 1)]
    public void Every_held_out_token_but_the_first_is_a_target_once(int length, int time, int batch)
    {
        int[] heldOut = [.. Enumerable.Range(0, length)];
        var windows = new TokenCorpus([0], heldOut, length).EvaluationWindows(time);
        var seen = new List<int>();

        for (var first = 0; first < windows.Count; first += batch)
        {
            var (inputs, targets) = (new int[batch * time], new int[batch * time]);
            var counted = windows.Fill(first, batch, inputs, targets);
            Assert.Equal(counted, targets.Count(target => target != EvaluationWindows.Ignored));
            for (var i = 0; i < targets.Length; i++)
            {
                Assert.Equal(targets[i] == EvaluationWindows.Ignored ? 0 : targets[i] - 1, inputs[i]);
                if (targets[i] != EvaluationWindows.Ignored)
                    seen.Add(targets[i]);
            }
        }

        Assert.Equal(heldOut[1..], seen);
        Assert.Equal(length - 1, windows.TargetCount);
        Assert.Equal((int)Math.Ceiling((length - 1) / (double)time), windows.Count);
        Assert.Equal(0, windows.Fill(windows.Count, 1, new int[time], new int[time]));
    }

    [Fact]
    public void Corpus_shorter_than_a_window_is_reported_with_both_lengths()
    {
        var corpus = TokenCorpus.FromText("0123456789", new ByteTokenizer());

        corpus.Fill(1, 1, 1, 8, new int[8], new int[8]);

        Assert.Equal(
            "the training part has 9 tokens; a window of 9 and the token after it need 10: take a longer text or a smaller ContextLength",
            Assert.Throws<DataException>(() => corpus.Fill(1, 1, 1, 9, new int[9], new int[9])).Message);
        Assert.Contains("1 tokens", Assert.Throws<DataException>(() => corpus.EvaluationWindows(4)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Impossible_arguments_are_refused()
    {
        var corpus = TokenCorpus.FromTokens([.. Enumerable.Range(0, 100)], 100);

        Assert.Throws<ArgumentOutOfRangeException>(() => corpus.Fill(1, 1, 0, 4, new int[4], new int[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => corpus.Fill(1, 1, 1, 0, new int[4], new int[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => corpus.Fill(1, 1, 2, 4, new int[7], new int[8]));
        Assert.Throws<ArgumentOutOfRangeException>(() => corpus.Fill(1, 1, 2, 4, new int[8], new int[7]));
        Assert.Throws<DataException>(() => new TokenCorpus([1, 100], [1], 100));
        Assert.Throws<DataException>(() => new TokenCorpus([1], [-1], 100));
    }

    [Fact]
    public void Unusable_files_are_named()
    {
        File.WriteAllBytes(_directory["latin1.txt"], [0x61, 0xE9, 0x62]);
        File.WriteAllBytes(_directory["empty.txt"], []);
        File.WriteAllText(_directory["snow.txt"], "ab\n☃");

        Assert.Contains("not UTF-8", Fault("latin1.txt", new ByteTokenizer()).Message, StringComparison.Ordinal);
        Assert.Contains("empty", Fault("empty.txt", new ByteTokenizer()).Message, StringComparison.Ordinal);
        Assert.Contains("'☃'", Fault("snow.txt", CharacterTokenizer.FromText("ab\n")).Message, StringComparison.Ordinal);
        Fault("none.txt", new ByteTokenizer());
        Fault(".", new ByteTokenizer());

        DataException Fault(string name, ITokenizer tokenizer)
        {
            var fault = Assert.Throws<DataException>(() => TokenCorpus.FromFile(_directory[name], tokenizer));
            Assert.Equal(_directory[name], fault.File);
            Assert.StartsWith(_directory[name], fault.Message, StringComparison.Ordinal);
            return fault;
        }
    }

    [Fact]
    public void Line_ends_stay_and_a_byte_order_mark_goes()
    {
        File.WriteAllBytes(_directory["dos.txt"], [0xEF, 0xBB, 0xBF, .. "a\r\nb"u8]);

        Assert.Equal("a\r\nb", TokenCorpus.ReadText(_directory["dos.txt"]));
    }

    public void Dispose() => _directory.Dispose();

    private static int[] Batch(TokenCorpus corpus, ulong seed, ulong step, int batch)
    {
        var (inputs, targets) = (new int[batch * 4], new int[batch * 4]);
        corpus.Fill(seed, step, batch, 4, inputs, targets);
        return inputs;
    }
}
