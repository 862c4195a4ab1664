namespace Intaglio;

/// <summary>
/// A layer of one's own: a static method of the class whose first parameter is the layer's input, and whose others are what the layer owns; their names are the checkpoint's names. Its body,
/// sums, products, functions of each element and locals, is differentiated and fused when the model is compiled.
/// </summary>
/// <example>
/// <code>
/// [Decoder]
/// public sealed partial class Parallel
/// {
///     [Block]
///     private static Tensor Layer(Tensor x, Norm inputNorm, SelfAttention attention, Norm postNorm, FeedForward mlp) =&gt;
///         x + attention(inputNorm(x)) + mlp(postNorm(x));
/// }
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class BlockAttribute : Attribute
{
    /// <summary>Whose layer it is, in an encoder-decoder: <see cref="AppliesTo.EncoderSelf"/> or <see cref="AppliesTo.DecoderSelf"/>. Default: that of the only stack.</summary>
    public AppliesTo AppliesTo { get; set; }
}
