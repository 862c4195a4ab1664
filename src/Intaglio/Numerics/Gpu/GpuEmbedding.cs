using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Embedding lookups and their gradient.</summary>
public static class GpuEmbedding
{
    /// <summary>output[r] = fusion(tokenTable[tokens[r]] + positionTable[positions[r]]), a thread for each element.</summary>
    public static void Run<TFusion, TStorage, TElement>(EmbedArguments<TElement> at)
        where TFusion : struct, IFusion
        where TStorage : struct, IGpuStorage<TElement>
        where TElement : unmanaged
    {
        for (var index = GpuGrid.First; index < at.Rows * at.Width; index += GpuGrid.Stride)
        {
            var row = index / at.Width;
            var column = index % at.Width;
            var value = TStorage.Widen(at.TokenTable[(at.Tokens[row] * at.Width) + column]);
            if (at.HasPositions != 0)
                value += TStorage.Widen(at.PositionTable[(at.Positions[row] * at.Width) + column]);

            GpuFusion.Store<TFusion, TStorage, TElement>(value, at.TokenTable, column, at.Output, at.Output, at.Output, index, at.Dropout);
        }
    }

    /// <summary>
    /// tokenTableGradient[tokens[r]] += outputGradient[r] but for padding, and the same for positions. A thread owns a column of both tables and adds its rows in order.
    /// </summary>
    internal static void RunBackward(EmbedBackwardArguments at)
    {
        for (var column = GpuGrid.First; column < at.Width; column += GpuGrid.Stride)
        {
            for (var row = 0; row < at.Rows; row++)
            {
                var value = at.OutputGradient[(row * at.Width) + column];
                var token = at.Tokens[row];
                if (token != at.PaddingToken)
                    at.TokenTableGradient[(token * at.Width) + column] += value;
                if (at.HasPositions != 0)
                    at.PositionTableGradient[(at.Positions[row] * at.Width) + column] += value;
            }
        }
    }
}
