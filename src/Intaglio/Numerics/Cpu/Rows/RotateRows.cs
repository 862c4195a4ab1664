using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>
/// Turns the heads of queries and keys by their rows' angles, or back, in place (Su et al., "RoFormer", arXiv:2104.09864).
/// </summary>
internal readonly unsafe struct RotateRows<T, TShape>(float* query, float* key, int* positions, float* table, bool back, int rows) : IWork
    where T : struct, IVectorLane<T>
    where TShape : struct, IRotaryShape
{
    private static int Half => TShape.RotatedSize / 2;

    private static int BlockRows => RowBlocks.RowsOf(TShape.QueryStride);

    public int Items => RowBlocks.Items(rows, BlockRows);

    [MethodImpl(Jit.HotLoop)]
    public void Invoke(int item, int thread)
    {
        var end = Math.Min(rows, (item + 1) * BlockRows);
        for (var row = item * BlockRows; row < end; row++)
        {
            var cosines = table + ((nint)positions[row] * TShape.RotatedSize);
            for (var head = 0; head < TShape.Heads; head++)
                Turn(query + ((nint)row * TShape.QueryStride) + (head * TShape.HeadStride), cosines);
            for (var head = 0; head < TShape.KeyValueHeads; head++)
                Turn(key + ((nint)row * TShape.KeyStride) + (head * TShape.HeadStride), cosines);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Turn(float* head, float* cosines)
    {
        if (TShape.Interleaved)
        {
            for (var pair = 0; pair < Half; pair++)
                Turn<F1>(head + (2 * pair), head + (2 * pair) + 1, cosines + pair);
            return;
        }

        var column = 0;
        for (; column <= Half - T.Count; column += T.Count)
            Turn<T>(head + column, head + Half + column, cosines + column);
        for (; column < Half; column++)
            Turn<F1>(head + column, head + Half + column, cosines + column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Turn<TLane>(float* first, float* second, float* cosine)
        where TLane : struct, IVectorLane<TLane>
    {
        var (a, b) = (TLane.Load(first), TLane.Load(second));
        var (cos, sin) = (TLane.Load(cosine), TLane.Load(cosine + Half));
        if (back)
            sin = -sin;

        TLane.Store(first, (a * cos) - (b * sin));
        TLane.Store(second, (b * cos) + (a * sin));
    }
}
