using ILGPU;

namespace Intaglio.Numerics.Gpu;

/// <summary>Gated units and their gradients.</summary>
public static class GpuGate
{
    /// <summary>output = fusion(gate(x[:, ..Width], x[:, Width..])), a thread for each element of the result.</summary>
    public static void Run<TGate, TFusion>(GateArguments at)
        where TGate : struct, IGate
        where TFusion : struct, IFusion
    {
        for (var index = GpuGrid.First; index < at.Rows * at.Width; index += GpuGrid.Stride)
        {
            var gate = Gate(index, at.Width);
            var value = TGate.Invoke<G1>(new(at.X[gate]), new(at.X[gate + at.Width])).Value;
            GpuFusion.Store<TFusion, GpuFloat32, float>(value, at.Row, index % at.Width, at.Full, at.Output, at.Saved, index, at.Dropout);
        }
    }

    /// <summary>The gradients of gate and value, a thread for each element of the result.</summary>
    public static void RunBackward<TGate>(GateArguments at)
        where TGate : struct, IGate
    {
        for (var index = GpuGrid.First; index < at.Rows * at.Width; index += GpuGrid.Stride)
        {
            var gate = Gate(index, at.Width);
            at.InputGradient[gate] = TGate.Gradient<G1>(new(at.X[gate]), new(at.X[gate + at.Width]), new(at.OutputGradient[index]), out var valueGradient).Value;
            at.InputGradient[gate + at.Width] = valueGradient.Value;
        }
    }

    // Where the gate of a result lies among rows of twice the width.
    private static int Gate(int index, int width) => index + (index / width * width);
}
