using Intaglio.Generation;
using Intaglio.Runtime.Tests.Training;
using Xunit;

namespace Intaglio.Runtime.Tests.Generation;

public sealed class SessionTests : IDisposable
{
    private readonly NaiveDevice _device = new();
    private readonly TinyGpt _model;

    public SessionTests() => _model = TinyGpt.Create(_device, seed: 5);

    public void Dispose()
    {
        _model.Dispose();
        _device.Dispose();
    }

    [Fact]
    public void Cached_decoding_equals_the_full_forward_pass()
    {
        using var session = _model.OpenSession();
        session.Settings = new() { Temperature = 0 };
        session.Append([7, 3]);
        List<int> tokens = [7, 3];
        while (tokens.Count < 16)
        {
            var token = session.Next();
            var full = FullLogits([.. tokens]);

            // The same sums over the same floats; only the launches' row counts differ.
            Assert.All(full.Zip(session.Logits().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
            Assert.Equal(full.IndexOf(full.Max()), token);
            tokens.Add(token);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    public void Chunks_of_a_prompt_do_not_show(int chunkRows)
    {
        int[] prompt = Sequences.Random(16);
        using var whole = _model.OpenSession();
        using var chunked = _model.OpenSession(new() { ChunkRows = chunkRows });

        whole.Append(prompt);
        chunked.Append(prompt.AsSpan(0, 5));
        chunked.Append(prompt.AsSpan(5));

        Assert.Equal(whole.Logits(), chunked.Logits());
        Assert.Equal(whole.ComputeLogits(prompt), chunked.ComputeLogits(prompt));
    }

    [Fact]
    public void Sequences_side_by_side_do_not_see_each_other()
    {
        int[][] prompts = [[1, 2, 3], [4], [5, 6, 7, 8, 9]];
        using var together = _model.OpenSession(new() { Slots = 3 });
        for (var slot = 0; slot < 3; slot++)
            together.Append(slot, prompts[slot]);

        var tokens = new int[3];
        for (var step = 0; step < 6; step++)
            together.Next(default(Greedy), [2, 0, 1], tokens);

        var last = new[] { tokens[1], tokens[2], tokens[0] };
        for (var slot = 0; slot < 3; slot++)
        {
            using var alone = _model.OpenSession();
            alone.Append(prompts[slot]);
            var token = 0;
            for (var step = 0; step < 6; step++)
                token = alone.Next(default(Greedy));

            Assert.Equal(token, last[slot]);
            Assert.Equal(alone.Logits(), together.Logits(slot));
            Assert.Equal(prompts[slot].Length + 6, together.Length(slot));
        }
    }

    [Fact]
    public void Appending_goes_on_after_a_chosen_token()
    {
        using var session = _model.OpenSession();
        session.Append([1, 2]);
        var token = session.Next(default(Greedy));
        session.Append([3]);

        Assert.Equal(FullLogits(1, 2, token, 3), session.Logits());
    }

    [Fact]
    public void A_seed_decides_the_tokens()
    {
        int[] Tokens(ulong seed)
        {
            using var session = _model.OpenSession();
            session.Settings = new() { Seed = seed, TopK = 40, TopP = 0.99f };
            session.Append([1]);
            return [.. Enumerable.Range(0, 15).Select(_ => session.Next())];
        }

        Assert.Equal(Tokens(1), Tokens(1));
        Assert.NotEqual(Tokens(1), Tokens(2));
    }

    [Fact]
    public void Reset_forgets_the_sequence()
    {
        using var session = _model.OpenSession();
        session.Append([9, 8, 7]);
        session.Next();
        session.Reset();
        session.Append([1, 2]);

        Assert.Equal(2, session.Length());
        Assert.Equal(FullLogits(1, 2), session.Logits());
    }

    [Fact]
    public void A_full_slot_says_so_and_keeps_its_sequence()
    {
        using var session = _model.OpenSession(new() { Capacity = 4 });
        Assert.Throws<InvalidOperationException>(() => session.Append([1, 2, 3, 4, 5]));
        session.Append([1, 2, 3, 4]);
        session.Next();

        var error = Assert.Throws<InvalidOperationException>(() => session.Next());

        Assert.Contains("4", error.Message);
        Assert.Equal(5, session.Length());
    }

    [Fact]
    public void Misuse_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _model.OpenSession(new() { Slots = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => _model.OpenSession(new() { Capacity = 17 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => _model.OpenSession(new() { ChunkRows = 0 }));
        using var session = _model.OpenSession();
        Assert.Throws<InvalidOperationException>(() => session.Next());
        Assert.Throws<ArgumentException>(() => session.Append([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Append([50]));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Append([-1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Settings = new() { Temperature = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Settings = new() { TopP = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Settings = new() { TopK = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Settings = new() { MaxNewTokens = -1 });
    }

    [Fact]
    public void Damaged_weights_are_reported_instead_of_sampled()
    {
        _model.WriteParameter("ln_f.bias", Enumerable.Repeat(float.NaN, 32).ToArray());
        using var session = _model.OpenSession();
        session.Append([1]);

        Assert.Throws<IntaglioException>(() => session.Next());
    }

    [Fact]
    public void Planned_bytes_are_what_the_device_was_asked_for()
    {
        var before = _device.AllocatedBytes;
        using (var session = _model.OpenSession(new() { Slots = 3, Capacity = 10 }))
            Assert.Equal(_device.AllocatedBytes - before, session.PlannedBytes);

        Assert.Equal(before, _device.AllocatedBytes);
    }

    private float[] FullLogits(params int[] tokens)
    {
        using var session = _model.OpenSession();
        return session.ComputeLogits(tokens)[^50..];
    }
}
