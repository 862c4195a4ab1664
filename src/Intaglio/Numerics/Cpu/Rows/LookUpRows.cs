using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>output[r] = fusion(tokenTable[tokens[r]] + positionTable[positions[r]]), without the second where positions are not embedded.</summary>
internal readonly unsafe struct LookUpRows<T, TShape, TFusion, TWeight>(
    int* tokens, int* positions, void* tokenTable, void* positionTable, FusionOperands<TFusion, TWeight> fusion, int rows) : IWork
    where T : struct, IVectorLane<T>
    where TShape : struct, IEmbeddingShape
    where TFusion : struct, IFusion
    where TWeight : struct, IStorage
{
    public int Items => RowBlocks.Items(rows, RowBlocks.RowsOf(TShape.Width));

    [MethodImpl(Jit.HotLoop)]
    public void Invoke(int item, int thread)
    {
        var block = RowBlocks.RowsOf(TShape.Width);
        var end = Math.Min(rows, (item + 1) * block);
        for (var row = item * block; row < end; row++)
        {
            var token = Offset(tokens[row], TShape.Vocabulary, nameof(tokens));
            var position = TShape.Positions > 0 ? Offset(positions[row], TShape.Positions, nameof(positions)) : 0;
            var column = 0;
            for (; column <= TShape.Width - T.Count; column += T.Count)
                fusion.Store(Sum<T>(token + column, position + column), row, column);
            for (; column < TShape.Width; column++)
                fusion.Store(Sum<F1>(token + column, position + column), row, column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLane Sum<TLane>(nint token, nint position)
        where TLane : struct, IVectorLane<TLane>
    {
        var sum = TWeight.Load<TLane>(tokenTable, token);
        return TShape.Positions > 0 ? sum + TWeight.Load<TLane>(positionTable, position) : sum;
    }

    private static nint Offset(int index, int count, string name)
    {
        if ((uint)index >= (uint)count)
            throw new ArgumentOutOfRangeException(name, index, $"The model's table has {count} rows.");
        return (nint)index * TShape.Width;
    }
}
