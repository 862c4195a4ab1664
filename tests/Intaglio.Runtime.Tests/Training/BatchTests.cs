using Intaglio.Objectives;
using Intaglio.Runtime.Tests.Cpu;
using Xunit;

namespace Intaglio.Runtime.Tests.Training;

/// <summary>What a trainer takes of models that read more than tokens: padding, types, sources, labels.</summary>
[Collection(CpuCollection.Name)]
public sealed class BatchTests : IDisposable
{
    private static readonly TrainerOptions Options = new() { BatchSize = 2, ContextLength = 4, LearningRate = 1e-2f };
    private readonly Device _device = Device.Cpu(threads: 1);

    public void Dispose() => _device.Dispose();

    [Theory]
    [InlineData("Tokens", "8 Tokens, not 7")]
    [InlineData("Targets", "8 Targets, not 9")]
    [InlineData("TokenTypes", "8 TokenTypes, not 5")]
    [InlineData("Bounds", "4 Bounds, not 3")]
    [InlineData("EndTargets", "0 EndTargets, not 2")]
    [InlineData("SourceTokens", "0 SourceTokens, not 8")]
    [InlineData("SourceBounds", "0 SourceBounds, not 4")]
    [InlineData("Rows", "2 sequences, not 3")]
    public void A_length_that_does_not_fit_is_named_with_both_counts(string what, string message)
    {
        var given = new Given();
        given = what switch
        {
            "Tokens" => given with { Tokens = new int[7] },
            "Targets" => given with { Targets = new int[9] },
            "TokenTypes" => given with { TokenTypes = new int[5] },
            "Bounds" => given with { Bounds = [0, 4, 0] },
            "EndTargets" => given with { EndTargets = [1, 1] },
            "SourceTokens" => given with { SourceTokens = new int[8] },
            "SourceBounds" => given with { SourceBounds = [0, 4, 0, 4] },
            _ => given with { Rows = 3 },
        };

        AssertRefused<TinyEncoder, ArgumentException>(given, message);
    }

    [Fact]
    public void A_value_that_does_not_fit_is_named_with_its_range()
    {
        AssertRefused<TinyEncoder, ArgumentOutOfRangeException>(new() { Tokens = [1, 2, 3, 4, 5, 6, 7, 50] }, "Tokens of this model are from 0 to 49");
        AssertRefused<TinyEncoder, ArgumentOutOfRangeException>(new() { Tokens = [1, 2, 3, 4, 5, 6, 7, -1] }, "Tokens of this model are from 0 to 49");
        AssertRefused<TinyEncoder, ArgumentOutOfRangeException>(new() { Targets = [50, 2, 3, 4, 5, 6, 7, 1] }, "from 0 to 49, or negative to be ignored");
        AssertRefused<TinyEncoder, ArgumentOutOfRangeException>(new() { TokenTypes = [0, 0, 0, 0, 0, 0, 0, 2] }, "Token types of this model are from 0 to 1");
        AssertRefused<TinyEncoder, ArgumentException>(new() { Bounds = [0, 4, 0, 5] }, "Bounds of sequence 1 are 0 and 5; they lie within 0 and 4");
        AssertRefused<TinyEncoder, ArgumentException>(new() { Bounds = [-1, 4, 0, 4] }, "Bounds of sequence 0 are -1 and 4; they lie within 0 and 4");
        AssertRefused<TinyTagger, ArgumentOutOfRangeException>(new() { Targets = [0, 1, 2, 3, 4, 0, 0, 0] }, "from 0 to 3");
        AssertRefused<TinyTagger, ArgumentException>(new() { Targets = new int[8], TokenTypes = new int[8] }, "0 TokenTypes, not 8");
    }

    [Fact]
    public void A_sequence_that_is_all_padding_is_refused()
    {
        AssertRefused<TinyEncoder, ArgumentException>(new() { Bounds = [0, 4, 2, 2] }, "Bounds of sequence 1 are 2 and 2: all of it is padding");
        AssertRefused<TinyTranslator, ArgumentException>(
            new() { SourceTokens = new int[6], SourceBounds = [1, 1, 0, 3] }, "Source bounds of sequence 0 are 1 and 1: all of it is padding", Options with { SourceLength = 3 });
    }

    [Fact]
    public void A_batch_whose_targets_are_all_ignored_is_refused() =>
        AssertRefused<TinyEncoder, ArgumentException>(new() { Targets = [-1, -1, -1, -1, -1, -1, -1, -1] }, "Every target is ignored");

    [Fact]
    public void Labels_of_sequences_are_one_a_sequence()
    {
        AssertRefused<TinyClassifier, ArgumentException>(new(), "2 Targets, not 8");
        AssertRefused<TinyClassifier, ArgumentOutOfRangeException>(new() { Targets = [3, 0] }, "from 0 to 2");

        using var model = TinyClassifier.Create(_device, 1);
        using var trainer = new Trainer<TinyClassifier>(model, Options);
        var first = trainer.Step(new Given { Targets = [2, 0] }.Batch).Loss;
        for (var step = 0; step < 100; step++)
            trainer.Step(new Given { Targets = [2, 0] }.Batch);

        // ln 3 before anything is learned, and next to nothing once two sequences are known by heart.
        Assert.Equal(Math.Log(3), first, 0.3);
        Assert.InRange(trainer.ComputeGradients(new Given { Targets = [2, 0] }.Batch), 0, 0.05);
    }

    [Fact]
    public void Answers_have_a_start_and_an_end()
    {
        AssertRefused<TinyReader, ArgumentException>(new() { Targets = [1, 2] }, "2 EndTargets, not 0");
        AssertRefused<TinyReader, ArgumentOutOfRangeException>(new() { Targets = [1, 2], EndTargets = [4, 3] }, "from 0 to 3");

        using var model = TinyReader.Create(_device, 1);
        using var trainer = new Trainer<TinyReader>(model, Options);
        Assert.Contains("TrainingBatch", Assert.Throws<ArgumentException>(() => trainer.Step(new int[8], [1, 2])).Message, StringComparison.Ordinal);

        // ½ (ln 4 + ln 4) before anything is learned.
        Assert.Equal(Math.Log(4), trainer.Step(new Given { Targets = [1, 2], EndTargets = [3, 2] }.Batch).Loss, 0.3);
    }

    [Fact]
    public void A_source_is_needed_and_has_a_length_of_its_own()
    {
        var options = Options with { SourceLength = 3 };
        AssertRefused<TinyTranslator, ArgumentException>(new(), "6 SourceTokens, not 0", options);
        AssertRefused<TinyTranslator, ArgumentException>(new() { SourceTokens = new int[8] }, "6 SourceTokens, not 8", options);
        AssertRefused<TinyTranslator, ArgumentOutOfRangeException>(new() { SourceTokens = [1, 2, 3, 4, 5, 50] }, "Source tokens of this model are from 0 to 49", options);

        using var model = TinyTranslator.Create(_device, 1);
        using var trainer = new Trainer<TinyTranslator>(model, options);
        Assert.Contains("TrainingBatch", Assert.Throws<ArgumentException>(() => trainer.Step(new int[8], new int[8])).Message, StringComparison.Ordinal);
        Assert.Equal(2 * (4 + 3), trainer.TokensPerStep);
    }

    [Fact]
    public void Text_trains_only_what_predicts_the_next_token()
    {
        using var encoder = TinyEncoder.Create(_device, 1);
        using var training = new Trainer<TinyEncoder>(encoder, Options);
        Assert.Contains("objective", Assert.Throws<InvalidOperationException>(() => training.Step(Sequences.Learnable)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => training.Evaluate(Sequences.Learnable));
    }

    [Fact]
    public void What_is_padding_does_not_matter()
    {
        using var model = TinyEncoder.Create(_device, 1);
        using var trainer = new Trainer<TinyEncoder>(model, Options);
        var given = new Given { Targets = [1, 2, 3, 4, 5, -1, -1, -1], Bounds = [0, 4, 0, 1] };
        var loss = trainer.ComputeGradients(given.Batch);
        var gradient = trainer.ReadGradient("layers.0.self_attn.q_proj.weight");

        var other = given with { Tokens = [.. given.Tokens[..5], 7, 8, 9] };

        Assert.Equal(loss, trainer.ComputeGradients(other.Batch));
        Assert.Equal(gradient, trainer.ReadGradient("layers.0.self_attn.q_proj.weight"));
        Assert.NotEqual(loss, trainer.ComputeGradients((given with { Bounds = [] }).Batch));
    }

    [Fact]
    public void What_is_left_out_is_whole_and_of_type_0()
    {
        using var model = TinyEncoder.Create(_device, 1);
        using var trainer = new Trainer<TinyEncoder>(model, Options);
        trainer.ComputeGradients(new Given { Bounds = [0, 2, 1, 3], TokenTypes = [1, 1, 1, 1, 1, 1, 1, 1] }.Batch);

        var explicitly = trainer.ComputeGradients(new Given { Bounds = [0, 4, 0, 4], TokenTypes = new int[8] }.Batch);

        Assert.Equal(explicitly, trainer.ComputeGradients(new Given().Batch));
        Assert.Equal(explicitly, trainer.ComputeGradients(new Given().Tokens, new Given().Targets));
    }

    [Fact]
    public void A_step_of_an_objective_is_a_step_on_its_batches()
    {
        var options = Options with { GradientAccumulation = 2, Seed = 9 };
        using var byObjective = TinyEncoder.Create(_device, 1);
        using var byBatch = TinyEncoder.Create(_device, 1);
        using var first = new Trainer<TinyEncoder>(byObjective, options);
        using var second = new Trainer<TinyEncoder>(byBatch, options);
        for (var step = 0; step < 3; step++)
        {
            var (tokens, targets, bounds) = (new int[16], new int[16], new int[8]);
            for (var micro = 0; micro < 2; micro++)
                Masked(4).Fill(9, (ulong)((2 * step) + micro), new(2, tokens.AsSpan(8 * micro, 8), targets.AsSpan(8 * micro, 8)) { Bounds = bounds.AsSpan(4 * micro, 4) });

            Assert.Equal(second.Step(new Given { Rows = 4, Tokens = tokens, Targets = targets, Bounds = bounds }.Batch), first.Step(Masked(4)));
        }

        Assert.Equal(byBatch.ReadParameter("model.embed_tokens.weight"), byObjective.ReadParameter("model.embed_tokens.weight"));
    }

    [Fact]
    public void An_evaluation_is_the_mean_over_all_targets_and_leaves_the_run_alone()
    {
        using var model = TinyEncoder.Create(_device, 1);
        using var trainer = new Trainer<TinyEncoder>(model, Options);
        var (sum, count) = (0.0, 0);
        for (var batch = 0; batch < 3; batch++)
        {
            var given = new Given { Bounds = new int[4] };
            var counted = Masked(4).Fill(Options.Seed, (ulong)batch, given.Batch);
            sum += counted * trainer.ComputeGradients(given.Batch);
            count += counted;
        }

        // Each batch's mean is rounded once more than the sum.
        Assert.Equal(sum / count, trainer.Evaluate(Masked(4), batches: 3), 1e-9);
        Assert.Equal(trainer.Evaluate(Masked(4), batches: 3), trainer.Evaluate(Masked(4), batches: 3));
        Assert.Equal(0, trainer.CompletedSteps);
        Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Evaluate(Masked(4), batches: 0));
    }

    [Fact]
    public void An_objective_of_other_lengths_or_tokens_is_refused()
    {
        using var model = TinyEncoder.Create(_device, 1);
        using var trainer = new Trainer<TinyEncoder>(model, Options);
        Assert.Contains("rows of 5 tokens from 0 of a source, the trainer takes 4 from 0", Assert.Throws<ArgumentException>(() => trainer.Step(Masked(5))).Message, StringComparison.Ordinal);
        Assert.Contains("rows of 5 tokens", Assert.Throws<ArgumentException>(() => trainer.Evaluate(Masked(5), 1)).Message, StringComparison.Ordinal);

        var foreign = new MaskedLanguageModeling(new TokenSequences([[98, 98, 98]], 99), 4, new() { VocabularySize = 99, MaskToken = 98, PadToken = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Step(foreign));
        Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Evaluate(foreign, 1));
    }

    [Fact]
    public void Steps_of_every_kind_allocate_nothing()
    {
        using var encoder = TinyEncoder.Create(_device, 1);
        using var encoding = new Trainer<TinyEncoder>(encoder, Options);
        using var translator = TinyTranslator.Create(_device, 1);
        using var translating = new Trainer<TinyTranslator>(translator, Options with { SourceLength = 3 });
        var (masked, padded) = (Masked(4), new Given { Bounds = [0, 4, 1, 3], TokenTypes = [0, 0, 1, 1, 0, 1, 1, 1] });
        var pair = new Given { SourceTokens = [1, 2, 3, 4, 5, 6], SourceBounds = [0, 3, 0, 2] };

        Assert.Equal(0, Allocations.Least(() =>
        {
            encoding.Step(masked);
            encoding.Step(padded.Batch);
            encoding.Evaluate(masked, 2);
            translating.Step(pair.Batch);
        }));
    }

    private static MaskedLanguageModeling Masked(int length) => new(
        new TokenSequences([[10, 11, 12, 13, 14], [20, 21], [30, 31, 32]], 50), length, new() { VocabularySize = 50, MaskToken = 49, PadToken = 0, MaskingRate = 0.5 });

    private void AssertRefused<TModel, TException>(Given given, string message, TrainerOptions? options = null)
        where TModel : LanguageModel, ITrainable<TModel>
        where TException : ArgumentException
    {
        using var model = TModel.Create(_device, 1);
        using var trainer = new Trainer<TModel>(model, options ?? Options);
        var error = Assert.Throws<TException>(() => trainer.Step(given.Batch));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, trainer.CompletedSteps);
    }
}
