using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>
/// output = (x - mean) · rstd · (GainOffset + gain) + bias by row and group (Ba, Kiros and Hinton, "Layer normalization", arXiv:1607.06450); the mean is 0 in RMSNorm (Zhang and
/// Sennrich, arXiv:1910.07467).
/// </summary>
internal readonly unsafe struct NormalizeRows<T, TShape, TWeight>(float* x, void* gain, void* bias, float* output, float* statistics, int rows) : IWork
    where T : struct, IVectorLane<T>
    where TShape : struct, INormShape
    where TWeight : struct, IStorage
{
    public int Items => RowBlocks.Items(rows * TShape.Groups, RowBlocks.RowsOf(TShape.Width));

    [MethodImpl(Jit.HotLoop)]
    public void Invoke(int item, int thread)
    {
        var block = RowBlocks.RowsOf(TShape.Width);
        var end = Math.Min(rows * TShape.Groups, (item + 1) * block);
        for (var group = item * block; group < end; group++)
        {
            var source = x + NormGroups<TShape>.InputAt(group);
            var destination = output + ((nint)group * TShape.Width);
            var mean = TShape.Centers ? Mean(source) : 0;
            var rstd = 1 / MathF.Sqrt(Variance(source, mean) + TShape.Epsilon);
            statistics[2 * group] = mean;
            statistics[(2 * group) + 1] = rstd;

            var column = 0;
            for (; column <= TShape.Width - T.Count; column += T.Count)
                Store<T>(source, destination, column, mean, rstd);
            for (; column < TShape.Width; column++)
                Store<F1>(source, destination, column, mean, rstd);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Mean(float* source)
    {
        T s0 = T.Of(0), s1 = T.Of(0);
        var column = 0;
        for (; column <= TShape.Width - (2 * T.Count); column += 2 * T.Count)
        {
            s0 += T.Load(source + column);
            s1 += T.Load(source + column + T.Count);
        }

        var sum = T.Sum(s0 + s1);
        for (; column < TShape.Width; column++)
            sum += source[column];
        return sum / TShape.Width;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Variance(float* source, float mean)
    {
        T s0 = T.Of(0), s1 = T.Of(0);
        var column = 0;
        for (; column <= TShape.Width - (2 * T.Count); column += 2 * T.Count)
        {
            var d0 = T.Load(source + column) - T.Of(mean);
            var d1 = T.Load(source + column + T.Count) - T.Of(mean);
            s0 = T.MultiplyAdd(d0, d0, s0);
            s1 = T.MultiplyAdd(d1, d1, s1);
        }

        var sum = T.Sum(s0 + s1);
        for (; column < TShape.Width; column++)
            sum += (source[column] - mean) * (source[column] - mean);
        return sum / TShape.Width;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store<TLane>(float* source, float* destination, int column, float mean, float rstd)
        where TLane : struct, IVectorLane<TLane>
    {
        var normalized = (TLane.Load(source + column) - TLane.Of(mean)) * TLane.Of(rstd);
        var weight = NormGroups<TShape>.Gain<TLane, TWeight>(gain, column);
        TLane.Store(
            destination + column,
            TShape.HasBias ? TLane.MultiplyAdd(normalized, weight, TWeight.Load<TLane>(bias, column)) : normalized * weight);
    }
}
