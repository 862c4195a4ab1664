using System.Runtime.CompilerServices;
using Intaglio.Numerics;

namespace Intaglio.Benchmarks;

/// <summary>Rows of 768: what elementwise kernels are measured on, in every role.</summary>
internal readonly struct Width768 : IMapShape, IGateShape
{
    public const int Columns = 768;

    public static int Width => Columns;

    public static string Kernel => "";

    public static string BackwardKernel => "";
}

/// <summary>A norm of rows of 768.</summary>
internal readonly struct Norm768<TCentering> : INormShape
    where TCentering : struct, ICentering
{
    public static int Width => Width768.Columns;

    public static int Groups => 1;

    public static int InputStride => Width;

    public static int GroupStride => Width;

    public static bool Centers => TCentering.Centers;

    public static float Epsilon => 1e-5f;

    public static bool HasBias => TCentering.Centers;

    public static float GainOffset => 0;

    public static string BackwardKernel => "";
}

/// <summary>Which norm.</summary>
internal interface ICentering
{
    static abstract bool Centers { get; }
}

/// <summary>LayerNorm: subtracts the mean, and has a bias.</summary>
internal readonly struct Centered : ICentering
{
    public static bool Centers => true;
}

/// <summary>RMSNorm.</summary>
internal readonly struct Uncentered : ICentering
{
    public static bool Centers => false;
}

/// <summary>A vocabulary of 32,000 vectors of 768.</summary>
internal readonly struct Embedding32000 : IEmbeddingShape
{
    public static int Width => Width768.Columns;

    public static int Vocabulary => 32_000;

    public static int Positions => 0;

    public static int PaddingToken => -1;

    public static string Kernel => "";
}

/// <summary>768 logits a row.</summary>
internal readonly struct Logits768 : IHeadShape
{
    public static int Width => Width768.Columns;

    public static int Vocabulary => Width768.Columns;

    public static int ChunkRows => ElementwiseKernels.Rows;

    public static bool HasBias => false;

    public static float LogitSoftCap => 0;

    public static string Kernel => "";
}

/// <summary>GELU in its form with tanh, as emitted.</summary>
internal readonly struct GeluTanh : IFusion
{
    public static bool HasRow => false;

    public static bool HasFull => false;

    public static bool Saves => false;

    public static float DropoutRate => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T row, T full, T keep, out T saved)
        where T : struct, ILane<T>
    {
        saved = x;
        return T.Of(0.5f) * x * (T.Of(1f) + T.Tanh(T.Of(0.7978846f) * (x + (T.Of(0.044715f) * x * x * x))));
    }
}

/// <summary>silu(gate) · value, as emitted.</summary>
internal readonly struct SiluGate : IGate
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T gate, T value)
        where T : struct, ILane<T> => gate / (T.Of(1f) + T.Exp(-gate)) * value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Gradient<T>(T gate, T value, T outputGradient, out T valueGradient)
        where T : struct, ILane<T>
    {
        var sigmoid = T.Of(1f) / (T.Of(1f) + T.Exp(-gate));
        valueGradient = outputGradient * gate * sigmoid;
        return outputGradient * value * (sigmoid + (gate * sigmoid * (T.Of(1f) - sigmoid)));
    }
}
