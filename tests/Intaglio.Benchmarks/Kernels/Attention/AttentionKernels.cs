using Intaglio.Numerics;

namespace Intaglio.Benchmarks;

/// <summary>
/// Attention of whole sequences: heads of all sequences x time x head size. Of operations count those that no algorithm spares: two products of time · time · 64
/// forward, four backward (the probabilities, which ours computes again, do not count), and half of them under a causal mask.
/// </summary>
internal static class AttentionKernels
{
    private const int HeadSize = 64;
    private const int ForwardProducts = 2;
    private const int BackwardProducts = 4;

    public static Kernel[] All { get; } =
    [
        Of<Six, CausalMask>("attention/48x256x64-causal-fwd-bwd", batch: 8, time: 256, isCausal: true, hasBackward: true) with { LeastFraction = 0.55 },
        Of<Twelve, CausalMask>("attention/12x512x64-causal-fwd", batch: 1, time: 512, isCausal: true, hasBackward: false),
        Of<Twelve, FullMask>("attention/96x128x64-fwd", batch: 8, time: 128, isCausal: false, hasBackward: false),
    ];

    private static Kernel Of<THeads, TMask>(string name, int batch, int time, bool isCausal, bool hasBackward)
        where THeads : struct, ICount
        where TMask : struct, IMask
    {
        var products = ForwardProducts + (hasBackward ? BackwardProducts : 0);
        var operations = 2.0 * products * batch * THeads.Value * time * time * HeadSize / (isCausal ? 2 : 1);
        return new(name, Bound.Arithmetic, operations, "ms", device => new SelfAttention<HeadsOf64<THeads>, TMask>(device, batch, time, hasBackward).Prepared());
    }
}
