using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Elementwise launches.</summary>
public static class GpuMap
{
    /// <summary>output = fusion(x), a thread for each element.</summary>
    public static void Run<TFusion>(MapArguments at)
        where TFusion : struct, IFusion
    {
        for (var index = GpuGrid.First; index < at.Rows * at.Width; index += GpuGrid.Stride)
            GpuFusion.Store<TFusion, GpuFloat32, float>(at.X[index], at.Row, index % at.Width, at.Full, at.Output, at.Saved, index, at.Dropout);
    }
}
