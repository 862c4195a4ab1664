using Intaglio.Compiler;

namespace Intaglio.ExecutionTests;

/// <summary>Models whose layers are methods, and what these compute written a second time.</summary>
internal static partial class OwnLayers
{
    private static readonly Dictionary<Compiler.AppliesTo, BlockSpec> None = [];

    private static readonly Dictionary<Type, Dictionary<Compiler.AppliesTo, BlockSpec>> Layers = new()
    {
        [typeof(Gating)] = new() { [Compiler.AppliesTo.DecoderSelf] = GatingLayer() },
        [typeof(Mixing)] = new() { [Compiler.AppliesTo.EncoderSelf] = MixingEncoder(), [Compiler.AppliesTo.DecoderSelf] = MixingDecoder() },
    };

    /// <summary>The layers of a model; none where the usual ones are its.</summary>
    public static IReadOnlyDictionary<Compiler.AppliesTo, BlockSpec> Of(Type model) => Layers.GetValueOrDefault(model, None);

    private static BlockSpec GatingLayer()
    {
        var x = new BlockInput();
        var normed = new BlockCall("FirstNorm", x).Named("Normed");
        var attended = (x + (new BlockCall("Attention", normed) * new BlockMap(Compiler.Activations.Of(Compiler.Activation.Silu), new BlockCall("Gate", normed)))).Named("Attended");
        return new(
            new([new("FirstNorm", ModuleKind.Norm), new("Attention", ModuleKind.SelfAttention), new("Gate", ModuleKind.Linear), new("SecondNorm", ModuleKind.Norm), new("Network", ModuleKind.FeedForward)]),
            attended + new BlockScale(0.5, new BlockCall("Network", new BlockCall("SecondNorm", attended + normed)))) { IsOwn = true };
    }

    private static BlockSpec MixingEncoder()
    {
        var x = new BlockInput();
        var squash = new ActivationSpec("Squash", "squash", OwnActivations.Formulas["Squash"]) { IsOwn = true };
        return new(
            new([new("Mix", ModuleKind.Linear), new("Attention", ModuleKind.SelfAttention), new("Norm", ModuleKind.Norm)]),
            new BlockCall("Norm", x + new BlockCall("Attention", new BlockMap(squash, new BlockCall("Mix", x))))) { IsOwn = true };
    }

    private static BlockSpec MixingDecoder()
    {
        var x = new BlockInput();
        return new(
            new([new("Norm", ModuleKind.Norm), new("Source", ModuleKind.CrossAttention), new("Network", ModuleKind.FeedForward)]),
            x + new BlockCall("Source", new BlockCall("Norm", x)) + new BlockCall("Network", x)) { IsOwn = true };
    }

    /// <summary>A gate over attention, a local that is read twice, a scaled network.</summary>
    [Transformer(HiddenSize = 12, ContextLength = 9, VocabularySize = 17, Dropout = 0.1f)]
    [Decoder(Layers = 2)]
    [Attention(Heads = 3)]
    [FeedForward(IntermediateSize = 20)]
    internal sealed partial class Gating
    {
        [Block]
        private static Tensor Layer(Tensor x, Norm firstNorm, SelfAttention attention, Linear gate, Norm secondNorm, FeedForward network)
        {
            var normed = firstNorm(x);
            var attended = x + (attention(normed) * gate(normed).Map(Activations.Silu));
            return attended + (0.5f * network(secondNorm(attended + normed)));
        }
    }

    /// <summary>Two stacks with a layer each: an encoder without networks, a decoder that attends to its source alone.</summary>
    [Transformer(HiddenSize = 8, ContextLength = 7, VocabularySize = 11)]
    [Encoder(Layers = 2), Decoder(Layers = 2)]
    [Attention(Heads = 2)]
    internal sealed partial class Mixing
    {
        [Block(AppliesTo = AppliesTo.EncoderSelf)]
        private static Tensor Read(Tensor x, Linear mix, SelfAttention attention, Norm norm) => norm(x + attention(mix(x).Map(OwnActivations.Squash)));

        [Block(AppliesTo = AppliesTo.DecoderSelf)]
        private static Tensor Write(Tensor x, Norm norm, CrossAttention source, FeedForward network) => x + source(norm(x)) + network(x);
    }
}
