using Intaglio;

namespace OwnLayers;

/// <summary>Attention and feed-forward network side by side, as in GPT-NeoX (Black et al., arXiv:2204.06745).</summary>
[Transformer(HiddenSize = 128, ContextLength = 64)]
[Decoder(Layers = 4)]
[Attention(Heads = 4)]
public sealed partial class Parallel
{
    [Block]
    private static Tensor Layer(Tensor x, Norm inputNorm, SelfAttention attention, Norm postNorm, FeedForward mlp) =>
        x + attention(inputNorm(x)) + mlp(postNorm(x));
}

/// <summary>A norm before and after each block, as in Gemma 2 (Ding et al., arXiv:2105.13290).</summary>
[BasedOn<Parallel>]
public sealed partial class Sandwich
{
    [Block]
    private static Tensor Layer(Tensor x, Norm beforeAttention, SelfAttention attention, Norm afterAttention, Norm beforeMlp, FeedForward mlp, Norm afterMlp)
    {
        var middle = x + afterAttention(attention(beforeAttention(x)));
        return middle + afterMlp(mlp(beforeMlp(middle)));
    }
}

/// <summary>A gate of one's own: a product of the input decides how much of attention gets through.</summary>
[BasedOn<Parallel>]
public sealed partial class Gated
{
    [Block]
    private static Tensor Layer(Tensor x, Norm attentionNorm, SelfAttention attention, Linear gate, Norm mlpNorm, FeedForward mlp)
    {
        var normed = attentionNorm(x);
        var middle = x + gate(normed).Map(Sigmoid) * attention(normed);
        return middle + mlp(mlpNorm(middle));
    }

    [Pointwise]
    private static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));
}
