using Xunit;
using Xunit.Abstractions;

namespace Intaglio.Testing.Tests;

/// <summary>Right gradients pass, wrong ones fail and are named.</summary>
public sealed class GradientCheckTests(ITestOutputHelper output)
{
    [Fact]
    public void GPT_2_style_passes() => AssertPasses<Gpt>();

    [Fact]
    public void Dropout_passes() => AssertPasses<DroppedGpt>();

    [Fact]
    public void LLaMA_style_passes() => AssertPasses<Llama>();

    // A softmax does not see what is added to all scores: the keys' bias has no gradient.
    [Fact]
    public void Own_activation_passes() => AssertPasses<OwnActivation>("layers.0.self_attn.k_proj.bias");

    [Fact]
    public void Activation_with_a_kink_passes() => AssertPasses<Kinked>();

    [Fact]
    public void Masked_language_model_passes() => AssertPasses<Bert>(KeyBiases<Bert>());

    [Fact]
    public void Labels_of_sequences_pass() => AssertPasses<SequenceLabels>(KeyBiases<SequenceLabels>());

    [Fact]
    public void Labels_of_tokens_pass() => AssertPasses<TokenLabels>(KeyBiases<TokenLabels>());

    // Nor does the softmax over positions see what is the same at all of them.
    [Fact]
    public void Answers_pass() => AssertPasses<Answers>([.. KeyBiases<Answers>(), "encoder.layer.1.output.LayerNorm.bias", "qa_outputs.bias"]);

    [Fact]
    public void Encoder_decoder_passes() => AssertPasses<Translator>(KeyBiases<Translator>());

    [Fact]
    public void Encoder_decoder_with_distances_in_buckets_passes() => AssertPasses<Bucketed>();

    [Fact]
    public void Hand_written_model_without_a_mistake_passes() => AssertPasses<Mistaken<NoMistake>>();

    [Fact]
    public void Model_on_the_simulator_passes()
    {
        using var device = Device.Simulated();
        var result = GradientCheck.Run<Smallest>(device, new() { Directions = 1 }).ThrowIfFailed();

        Assert.StartsWith("simulated", result.Device, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_sign_fails() => AssertFails<WrongSign>();

    [Fact]
    public void Missing_gradient_fails() => AssertFails<Missing>();

    [Fact]
    public void Factor_of_1_1_fails() => AssertFails<TenthTooLarge>();

    [Fact]
    public void Elements_left_out_fail() => AssertFails<FirstRowsMissing>();

    [Fact]
    public void Other_numbers_each_time_fail() => AssertFails<Garbage>();

    [Fact]
    public void Gradient_that_is_no_number_fails() => AssertFails<NotANumber>();

    [Fact]
    public void Message_has_the_tensor_and_both_slopes()
    {
        var failure = Assert.Throws<GradientCheckException>(() => GradientCheck.Run<Mistaken<WrongSign>>().ThrowIfFailed());

        var worst = failure.Result.Tensors.Single(tensor => tensor.Name == Mistaken<WrongSign>.Tensor).Worst;
        Assert.StartsWith(
            FormattableString.Invariant($"The gradient of h.1.mlp.c_fc.weight is wrong: along a random direction the loss changes by {worst.Expected:0.0000e+0} a unit (expected), the gradient says {worst.Actual:0.0000e+0} (actual).\n"),
            failure.Message,
            StringComparison.Ordinal);
        Assert.Equal(-worst.Expected, worst.Actual, 0.01 * Math.Abs(worst.Expected));
    }

    [Fact]
    public void Loss_that_no_tensor_changes_does_not_pass()
    {
        DirectionalSlope[] flat = [new(Expected: 1e-9, Actual: 0, Rounding: 1e-7, Jumps: 0)];
        var result = new GradientCheckResult("Flat", "cpu", 1, 1e-9, [new("w", 0, flat, 1e-2)]);

        Assert.True(result.Tensors[0].Agrees);
        Assert.Contains("nothing was checked", Assert.Throws<GradientCheckException>(result.ThrowIfFailed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_leaves_the_checkpoint_as_it_was_and_checks_its_weights()
    {
        var folder = Directory.CreateTempSubdirectory("intaglio-gradients-").FullName;
        try
        {
            using var device = Device.Cpu();
            using (var model = Gpt.Create(device, seed: 3))
                model.Save(folder);
            var before = File.ReadAllBytes(Path.Combine(folder, "model.safetensors"));

            var result = GradientCheck.Run<Gpt>(device, new() { Checkpoint = folder }).ThrowIfFailed();

            // Weights that training starts with say nothing of the next token.
            Assert.InRange(result.Loss, 0.98 * Math.Log(Gpt.VocabularySize), 1.02 * Math.Log(Gpt.VocabularySize));
            Assert.Equal(before, File.ReadAllBytes(Path.Combine(folder, "model.safetensors")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientCheck.Run<Smallest>(new GradientCheckOptions { Directions = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientCheck.Run<Smallest>(new GradientCheckOptions { BatchSize = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientCheck.Run<Smallest>(new GradientCheckOptions { ContextLength = Smallest.ContextLength + 1 }));
    }

    // A softmax does not see what is added to all scores: the keys' bias has no gradient.
    private static string[] KeyBiases<T>()
        where T : LanguageModel, ITrainable<T> =>
        [.. T.Description.Parameters.Parameters().Select(parameter => parameter.Name).Where(name => name.EndsWith("key.bias", StringComparison.Ordinal) || name.EndsWith("k_proj.bias", StringComparison.Ordinal))];

    private void AssertPasses<T>(params string[] withoutGradient)
        where T : LanguageModel, ITrainable<T>
    {
        var result = GradientCheck.Run<T>().ThrowIfFailed();

        output.WriteLine($"{result}");
        Assert.Equal(T.Description.Parameters.Parameters().Select(parameter => parameter.Name), result.Tensors.Select(tensor => tensor.Name));

        // Of every other tensor an error of a twentieth would have shown.
        Assert.Equal(withoutGradient, result.Tensors.Where(tensor => tensor.IsBelowRounding).Select(tensor => tensor.Name));
        Assert.All(result.Tensors.Where(tensor => !tensor.IsBelowRounding), tensor => Assert.InRange(tensor.SeenFrom, 0, 0.05));
    }

    private void AssertFails<TMistake>()
        where TMistake : struct, IMistake
    {
        // One thread, so that a mistake by chance is the same mistake each time.
        using var device = Device.Cpu(threads: 1);
        var result = GradientCheck.Run<Mistaken<TMistake>>(device);

        output.WriteLine($"{result}");
        Assert.Equal([Mistaken<TMistake>.Tensor], result.Tensors.Where(tensor => !tensor.Agrees).Select(tensor => tensor.Name));
        Assert.Throws<GradientCheckException>(result.ThrowIfFailed);
    }
}
