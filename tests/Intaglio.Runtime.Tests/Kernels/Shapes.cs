using System.Runtime.CompilerServices;
using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>Sizes of a product.</summary>
internal interface ISize
{
    static abstract int Inner { get; }

    static abstract int Columns { get; }
}

/// <summary>No size a multiple of a vector or tile.</summary>
internal readonly struct Inner19Columns21 : ISize
{
    public static int Inner => 19;

    public static int Columns => 21;
}

/// <summary>Multiples of 8, 16 and 48: nothing but full tiles.</summary>
internal readonly struct Inner32Columns48 : ISize
{
    public static int Inner => 32;

    public static int Columns => 48;
}

/// <summary>More than one tile of every kind in each direction, and a remainder.</summary>
internal readonly struct Inner40Columns131 : ISize
{
    public static int Inner => 40;

    public static int Columns => 131;
}

internal readonly struct Stored
    : ILayout
{
    public static bool Transposed => false;
}

internal readonly struct StoredTransposed : ILayout
{
    public static bool Transposed => true;
}

/// <summary>How a weight lies in memory.</summary>
internal interface ILayout
{
    static abstract bool Transposed { get; }
}

internal readonly struct ProductShape<TSize, TLayout, TFusion, TWeight> : IMatMulShape
    where TSize : struct, ISize
    where TLayout : struct, ILayout
    where TFusion : struct, IFusion
    where TWeight : struct, IStorage
{
    public static int Inner => TSize.Inner;

    public static int Columns => TSize.Columns;

    public static bool Transposed => TLayout.Transposed;

    public static string Kernel => KernelName.Of<TFusion, TWeight>("MatMul");
}

internal readonly struct NormOf21<TFusion, TWeight> : INormShape
    where TFusion : struct, IFusion
    where TWeight : struct, IStorage
{
    public static bool Centers => true;

    public static int Width => 21;

    public static float Epsilon => 1e-3f;

    public static bool HasBias => true;

    public static string BackwardKernel => KernelName.Of<TFusion, TWeight>("NormBackward");
}

internal readonly struct NormOf32WithoutBias<TFusion, TWeight> : INormShape
    where TFusion : struct, IFusion
    where TWeight : struct, IStorage
{
    public static bool Centers => true;

    public static int Width => 32;

    public static float Epsilon => 1e-5f;

    public static bool HasBias => false;

    public static string BackwardKernel => KernelName.Of<TFusion, TWeight>("NormBackward");
}

internal readonly struct RmsNormOf21<TFusion, TWeight> : INormShape
    where TFusion : struct, IFusion
    where TWeight : struct, IStorage
{
    public static bool Centers => false;

    public static int Width => 21;

    public static float Epsilon => 1e-4f;

    public static bool HasBias => false;

    public static string BackwardKernel => KernelName.Of<TFusion, TWeight>("NormBackward");
}

/// <summary>Five query heads and two key heads of 10 columns, of which 6 turn, in rows with more behind them.</summary>
internal readonly struct RotaryOf10<TLayout> : IRotaryShape
    where TLayout : struct, ILayout
{
    public static int Heads => 5;

    public static int KeyValueHeads => 2;

    public static int HeadSize => 10;

    public static int RotatedSize => 6;

    // Transposed stands for the other layout here as well.
    public static bool Interleaved => TLayout.Transposed;

    public static int RowStride => 91;
}

/// <summary>Heads that vectors fit, all of whose columns turn.</summary>
internal readonly struct RotaryOf64 : IRotaryShape
{
    public static int Heads => 2;

    public static int KeyValueHeads => 1;

    public static int HeadSize => 64;

    public static int RotatedSize => 64;

    public static bool Interleaved => false;

    public static int RowStride => 256;
}

internal readonly struct GateOf21<TFusion> : IGateShape
    where TFusion : struct, IFusion
{
    public static int Width => 21;

    public static string Kernel => "Gate" + typeof(TFusion).Name;

    public static string BackwardKernel => "GateBackward";
}

/// <summary>tanh(gate) · value: neither of the built-in units.</summary>
internal readonly struct TanhGate : IGate
{
    public static T Invoke<T>(T gate, T value)
        where T : struct, ILane<T> => T.Tanh(gate) * value;

    public static T Gradient<T>(T gate, T value, T outputGradient, out T valueGradient)
        where T : struct, ILane<T>
    {
        var tanh = T.Tanh(gate);
        valueGradient = outputGradient * tanh;
        return outputGradient * value * (T.Of(1) - (tanh * tanh));
    }
}

internal readonly struct EmbeddingOf13<TFusion, TWeight> : IEmbeddingShape
    where TFusion : struct, IFusion
    where TWeight : struct, IStorage
{
    public static int Width => 13;

    public static int Vocabulary => 7;

    public static int Positions => 5;

    public static string Kernel => KernelName.Of<TFusion, TWeight>("Embed");
}

internal readonly struct EmbeddingWithoutPositions<TFusion, TWeight> : IEmbeddingShape
    where TFusion : struct, IFusion
    where TWeight : struct, IStorage
{
    public static int Width => 16;

    public static int Vocabulary => 7;

    public static int Positions => 0;

    public static string Kernel => KernelName.Of<TFusion, TWeight>("Embed");
}

internal readonly struct MapOf21<TFusion> : IMapShape
    where TFusion : struct, IFusion
{
    public static int Width => 21;

    public static string Kernel => KernelName.Of<TFusion, Float32>("Map");
}

internal readonly struct HeadOf13<TWeight> : IHeadShape
    where TWeight : struct, IStorage
{
    public static int Width => 13;

    public static int Vocabulary => 37;

    public static int ChunkRows => 16;

    public static string Kernel => KernelName.Of<Identity, TWeight>("MatMul");
}

internal readonly struct TwoHeadsOf8 : IAttentionShape
{
    public static int Heads => 2;

    public static int KeyValueHeads => 2;

    public static int HeadSize => 8;

    public static int RowStride => 48;

    public static float DropoutRate => 0;

    public static string Kernel => "CausalTwoHeads";
}

/// <summary>Grouped queries (Ainslie et al., arXiv:2305.13245), a head size that is no multiple of anything, a padded row, and dropout.</summary>
internal readonly struct FourHeadsOf5InTwoGroups : IAttentionShape
{
    public static int Heads => 4;

    public static int KeyValueHeads => 2;

    public static int HeadSize => 5;

    public static int RowStride => 47;

    public static float DropoutRate => 0.3f;

    public static string Kernel => "GroupedWithDropout";
}

internal readonly struct ThreeHeadsOf1 : IAttentionShape
{
    public static int Heads => 3;

    public static int KeyValueHeads => 3;

    public static int HeadSize => 1;

    public static int RowStride => 9;

    public static float DropoutRate => 0;

    public static string Kernel => "Windowed";
}

/// <summary>A query sees the three keys up to its own position, and two after it where they are there.</summary>
internal readonly struct Window : IMask
{
    public static int First(int query) => query > 2 ? query - 2 : 0;

    public static int End(int query, int keys) => query + 3 < keys ? query + 3 : keys;

    public static int FirstQuery(int key) => key > 2 ? key - 2 : 0;

    public static int EndQuery(int key, int queries) => key + 3 < queries ? key + 3 : queries;
}

internal readonly struct Scaled : IScoreModifier
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T product)
        where T : struct, ILane<T> => product * T.Of(0.35f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Derivative<T>(T product)
        where T : struct, ILane<T> => T.Of(0.35f);
}

/// <summary>2 · tanh(product / 4): a score whose derivative depends on the product.</summary>
internal readonly struct SoftCapped : IScoreModifier
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T product)
        where T : struct, ILane<T> => T.Of(2f) * T.Tanh(T.Of(0.25f) * product);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Derivative<T>(T product)
        where T : struct, ILane<T>
    {
        var tanh = T.Tanh(T.Of(0.25f) * product);
        return T.Of(0.5f) * (T.Of(1f) - (tanh * tanh));
    }
}
