using Xunit;

namespace Intaglio.ExecutionTests;

/// <summary>Wherever numbers overflow, the launch is named as emitted code has it, with its layer.</summary>
[Collection(TargetsCollection.Name)]
public sealed class DivergenceTests(Targets targets)
{
    private const float Huge = 1e38f;

    // Sums of products overflow at once; what is huge and finite does so where it is squared, or multiplied by its like.
    [Theory]
    [InlineData("h.1.attn.c_attn.weight", "Layer 1: MatMul<QkvProjection, AddBias, Float32> -> Qkv")]
    [InlineData("h.2.attn.c_attn.bias", "Layer 2: Attention<TwoHeadsOf12, CausalMask, ScaledScore> -> Attended")]
    [InlineData("h.0.attn.c_proj.bias", "Layer 0: Normalize<FeedForwardNorm, Float32> -> FeedForwardNormed")]
    [InlineData("h.0.mlp.c_proj.bias", "Layer 1: Normalize<AttentionNorm, Float32> -> AttentionNormed")]
    [InlineData("h.2.mlp.c_proj.bias", "Normalize<FinalNorm, Float32> -> Final")]
    public void A_forward_pass_with_dropout(string parameter, string launch) => AssertNamed<Dropped>(launch, (parameter, Huge));

    [Theory]
    [InlineData("layers.1.mlp.up_proj.weight", "Layer 1: MatMul<GateUpProjection, Identity, Float32> -> GateUp")]
    [InlineData("layers.0.post_attention_layernorm.weight", "Layer 0: Gate<Gate, SiluGate, Identity> -> Activated")]
    public void A_forward_pass_with_gates(string parameter, string launch) => AssertNamed<LlamaStories>(launch, (parameter, Huge));

    // A huge activation that the next product makes small again; its weights' gradient has it as a factor.
    [Fact]
    public void A_backward_pass() => AssertNamed<Plain>(
        "Layer 0: WeightGradient<DownProjection> -> DownWeight", ("h.0.mlp.c_fc.bias", Huge), ("h.0.mlp.c_proj.weight", 1e-38f), ("ln_f.weight", 1e6f));

    private void AssertNamed<T>(string launch, params (string Name, float Value)[] parameters)
        where T : LanguageModel, ITrainable<T>
    {
        using var model = T.Create(targets.Open("cpu"), seed: 1);
        foreach (var (name, value) in parameters)
            model.WriteParameter(name, [.. model.ReadParameter(name).Select(_ => value)]);
        using var trainer = new Trainer<T>(model, new() { BatchSize = 2, ContextLength = 4, Seed = 3 });

        var fault = Assert.Throws<DivergedException>(() => trainer.Step(Corpora.Learnable(T.Description.VocabularySize)));

        Assert.Equal(launch, fault.Launch);
    }
}
