using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>
/// inputGradient = fusion(rstd · (g - mean(g) - x̂ · mean(g · x̂))) with g = outputGradient · (GainOffset + gain), without mean(g) in RMSNorm, and each block's sums of the gain's and the bias's
/// gradient in <c>partial</c>, [blocks][gain, bias][Width]; <see cref="AddRows{T}"/> then adds the blocks up in order.
/// </summary>
internal readonly unsafe struct NormalizeRowsBackward<T, TShape, TFusion, TWeight>(
    float* outputGradient, float* x, void* gain, float* statistics, FusionOperands<TFusion, TWeight> fusion, float* partial, int blockGroups, int rows) : IWork
    where T : struct, IVectorLane<T>
    where TShape : struct, INormShape
    where TFusion : struct, IFusion
    where TWeight : struct, IStorage
{
    private const int MostBlocks = 32;
    private const int FewestGroups = 8;

    public int Items => RowBlocks.Items(rows * TShape.Groups, blockGroups);

    /// <summary>Groups of a block, such that the blocks' sums fit the shared workspace.</summary>
    public static int BlockGroups(int rows)
    {
        var blocks = Math.Clamp(CpuWorkspace.SharedFloats / (2 * TShape.Width), 1, MostBlocks);
        return Math.Max(FewestGroups, RowBlocks.Items(rows * TShape.Groups, blocks));
    }

    [MethodImpl(Jit.HotLoop)]
    public void Invoke(int item, int thread)
    {
        var gainSum = partial + ((nint)item * 2 * TShape.Width);
        var biasSum = gainSum + TShape.Width;
        new Span<float>(gainSum, 2 * TShape.Width).Clear();

        var end = Math.Min(rows * TShape.Groups, (item + 1) * blockGroups);
        for (var group = item * blockGroups; group < end; group++)
        {
            var gradient = outputGradient + ((nint)group * TShape.Width);
            var start = NormGroups<TShape>.InputAt(group);
            var source = x + start;
            var mean = statistics[2 * group];
            var rstd = statistics[(2 * group) + 1];

            T s1 = T.Of(0), s2 = T.Of(0);
            var column = 0;
            for (; column <= TShape.Width - T.Count; column += T.Count)
                Accumulate(gradient, source, column, mean, rstd, gainSum, biasSum, ref s1, ref s2);
            F1 t1 = F1.Of(T.Sum(s1)), t2 = F1.Of(T.Sum(s2));
            for (; column < TShape.Width; column++)
                Accumulate(gradient, source, column, mean, rstd, gainSum, biasSum, ref t1, ref t2);

            var meanOfGradient = TShape.Centers ? F1.Sum(t1) / TShape.Width : 0;
            var meanOfProduct = F1.Sum(t2) / TShape.Width;
            column = 0;
            for (; column <= TShape.Width - T.Count; column += T.Count)
                fusion.StoreAt(InputGradient<T>(gradient, source, column, mean, rstd, meanOfGradient, meanOfProduct), start + column, column);
            for (; column < TShape.Width; column++)
                fusion.StoreAt(InputGradient<F1>(gradient, source, column, mean, rstd, meanOfGradient, meanOfProduct), start + column, column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Accumulate<TLane>(float* gradient, float* source, int column, float mean, float rstd, float* gainSum, float* biasSum, ref TLane s1, ref TLane s2)
        where TLane : struct, IVectorLane<TLane>
    {
        var dy = TLane.Load(gradient + column);
        var normalized = (TLane.Load(source + column) - TLane.Of(mean)) * TLane.Of(rstd);
        var g = dy * NormGroups<TShape>.Gain<TLane, TWeight>(gain, column);
        s1 += g;
        s2 = TLane.MultiplyAdd(g, normalized, s2);
        TLane.Store(gainSum + column, TLane.MultiplyAdd(dy, normalized, TLane.Load(gainSum + column)));
        if (TShape.HasBias)
            TLane.Store(biasSum + column, TLane.Load(biasSum + column) + dy);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLane InputGradient<TLane>(float* gradient, float* source, int column, float mean, float rstd, float meanOfGradient, float meanOfProduct)
        where TLane : struct, IVectorLane<TLane>
    {
        var normalized = (TLane.Load(source + column) - TLane.Of(mean)) * TLane.Of(rstd);
        var g = TLane.Load(gradient + column) * NormGroups<TShape>.Gain<TLane, TWeight>(gain, column);
        return TLane.Of(rstd) * (g - TLane.Of(meanOfGradient) - (normalized * TLane.Of(meanOfProduct)));
    }
}
