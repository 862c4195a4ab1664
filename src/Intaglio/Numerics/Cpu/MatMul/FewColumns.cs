using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>The last columns of a product that would not nearly fill a panel, such as the 65th: scalar products of rows as they lie.</summary>
/// <param name="factors">The product: its left factor stands as it is, its right one transposed and in single precision.</param>
/// <param name="fusion">What follows it.</param>
/// <param name="first">The first of these columns.</param>
internal readonly unsafe struct FewColumns<T, TFusion, TWeight>(Factors factors, FusionOperands<TFusion, TWeight> fusion, int first) : IWork
    where T : struct, IWideLane<T>
    where TFusion : struct, IFusion
    where TWeight : struct, IStorage
{
    /// <summary>More columns than this are worth a panel.</summary>
    public const int Most = 2;

    private const int ItemRows = 64;

    public int Items => RowBlocks.Items(factors.Rows, ItemRows);

    [MethodImpl(Jit.HotLoop)]
    public void Invoke(int item, int thread)
    {
        var sums = stackalloc float[4];
        var step = factors.LeftStride * sizeof(float);
        var last = (byte*)factors.Left + ((factors.Rows - 1) * step);
        var end = Math.Min(factors.Rows, (item + 1) * ItemRows);
        for (var row = item * ItemRows; row < end; row += 4)
        {
            // Beyond the last row the last is computed again.
            var x0 = (byte*)factors.Left + (row * step);
            var x1 = x0 < last ? x0 + step : last;
            var x2 = x1 < last ? x1 + step : last;
            var x3 = x2 < last ? x2 + step : last;
            for (var column = first; column < factors.Columns; column++)
            {
                FourDots<T, Float32>.OfRow((float*)factors.Right + (column * factors.RightStride), x0, x1, x2, x3, factors.Depth, sums, column == first);
                for (var index = 0; index < Math.Min(4, end - row); index++)
                    fusion.Store(F1.Load(sums + index), row + index, column);
            }
        }
    }
}
