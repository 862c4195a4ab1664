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

    public static int Groups => 1;

    public static int InputStride => Width;

    public static int GroupStride => Width;

    public static float GainOffset => 0;

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

    public static int Groups => 1;

    public static int InputStride => Width;

    public static int GroupStride => Width;

    public static float GainOffset => 0;

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

    public static int Groups => 1;

    public static int InputStride => Width;

    public static int GroupStride => Width;

    public static float GainOffset => 0;

    public static string BackwardKernel => KernelName.Of<TFusion, TWeight>("NormBackward");
}

/// <summary>Queries as QK-norm finds them: three heads of 10 columns in rows with more behind them, and a gain stored as its distance from 1.</summary>
internal readonly struct ThreeHeadNorms<TFusion, TWeight> : INormShape
    where TFusion : struct, IFusion
    where TWeight : struct, IStorage
{
    public static bool Centers => false;

    public static int Width => 10;

    public static int Groups => 3;

    public static int InputStride => 47;

    public static int GroupStride => Width;

    public static float Epsilon => 1e-4f;

    public static bool HasBias => false;

    public static float GainOffset => 1;

    public static string BackwardKernel => KernelName.Of<TFusion, TWeight>("NormBackward");
}

/// <summary>Two heads of 21 columns with others between and behind them.</summary>
internal readonly struct ApartHeadNorms<TFusion, TWeight> : INormShape
    where TFusion : struct, IFusion
    where TWeight : struct, IStorage
{
    public static bool Centers => true;

    public static int Width => 21;

    public static int Groups => 2;

    public static int InputStride => 75;

    public static int GroupStride => 30;

    public static float Epsilon => 1e-3f;

    public static bool HasBias => true;

    public static float GainOffset => 0;

    public static string BackwardKernel => KernelName.Of<TFusion, TWeight>("NormBackward");
}

/// <summary>Five query heads and two key heads of 10 columns, of which 6 turn, in rows with more between and behind them.</summary>
internal readonly struct RotaryOf10<TLayout> : IRotaryShape
    where TLayout : struct, ILayout
{
    public static int Heads => 5;

    public static int KeyValueHeads => 2;

    public static int HeadSize => 10;

    public static int RotatedSize => 6;

    // Transposed stands for the other layout here as well.
    public static bool Interleaved => TLayout.Transposed;

    public static int QueryStride => 91;

    public static int KeyStride => 33;

    public static int HeadStride => 13;
}

/// <summary>Heads that vectors fit, all of whose columns turn.</summary>
internal readonly struct RotaryOf64 : IRotaryShape
{
    public static int Heads => 2;

    public static int KeyValueHeads => 1;

    public static int HeadSize => 64;

    public static int RotatedSize => 64;

    public static bool Interleaved => false;

    public static int QueryStride => 256;

    public static int KeyStride => 256;

    public static int HeadStride => 64;
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

    public static int PaddingToken => -1;

    public static string Kernel => KernelName.Of<TFusion, TWeight>("Embed");
}

internal readonly struct EmbeddingWithoutPositions<TFusion, TWeight> : IEmbeddingShape
    where TFusion : struct, IFusion
    where TWeight : struct, IStorage
{
    public static int Width => 16;

    public static int Vocabulary => 7;

    public static int Positions => 0;

    public static int PaddingToken => -1;

    public static string Kernel => KernelName.Of<TFusion, TWeight>("Embed");
}

/// <summary>A token that is padding, as text encoders have it.</summary>
internal readonly struct PaddedEmbedding<TFusion, TWeight> : IEmbeddingShape
    where TFusion : struct, IFusion
    where TWeight : struct, IStorage
{
    public static int Width => 13;

    public static int Vocabulary => 7;

    public static int Positions => 5;

    public static int PaddingToken => 1;

    public static string Kernel => KernelName.Of<TFusion, TWeight>("Embed");
}

internal readonly struct MapOf21<TFusion> : IMapShape
    where TFusion : struct, IFusion
{
    public static int Width => 21;

    public static string Kernel => KernelName.Of<TFusion, Float32>("Map");
}

/// <summary>What a head has beside its product.</summary>
internal interface IHeadParts
{
    static abstract bool HasBias { get; }

    static abstract float LogitSoftCap { get; }
}

internal readonly struct PlainHead : IHeadParts
{
    public static bool HasBias => false;

    public static float LogitSoftCap => 0;
}

internal readonly struct BiasedHead : IHeadParts
{
    public static bool HasBias => true;

    public static float LogitSoftCap => 0;
}

/// <summary>A cap low enough to bend most logits.</summary>
internal readonly struct CappedHead : IHeadParts
{
    public static bool HasBias => false;

    public static float LogitSoftCap => 3;
}

internal readonly struct BiasedCappedHead : IHeadParts
{
    public static bool HasBias => true;

    public static float LogitSoftCap => 3;
}

internal readonly struct HeadOf13<TParts, TWeight> : IHeadShape
    where TParts : struct, IHeadParts
    where TWeight : struct, IStorage
{
    public static int Width => 13;

    public static int Vocabulary => 37;

    public static int ChunkRows => 16;

    public static bool HasBias => TParts.HasBias;

    public static float LogitSoftCap => TParts.LogitSoftCap;

    public static string Kernel => KernelName.Of<Identity, TWeight>("MatMul");
}

/// <summary>Three heads, and fewer buckets than distances.</summary>
internal readonly struct ThreeHeadsOf5Buckets : IRelativeBiasShape
{
    public static int Heads => 3;

    public static int Buckets => 5;
}

internal readonly struct TwoHeadsOf8 : IAttentionShape
{
    public static int Heads => 2;

    public static int KeyValueHeads => 2;

    public static int HeadSize => 8;

    public static int QueryStride => 48;

    public static int KeyStride => 48;

    public static int ValueStride => 48;

    public static int HeadStride => 8;

    public static bool HasBias => false;

    public static float DropoutRate => 0;

    public static string Kernel => "CausalTwoHeads";
}

/// <summary>Grouped queries (Ainslie et al., arXiv:2305.13245), a head size that is no multiple of anything, a padded row, and dropout.</summary>
internal readonly struct FourHeadsOf5InTwoGroups : IAttentionShape
{
    public static int Heads => 4;

    public static int KeyValueHeads => 2;

    public static int HeadSize => 5;

    public static int QueryStride => 47;

    public static int KeyStride => 47;

    public static int ValueStride => 47;

    public static int HeadStride => 5;

    public static bool HasBias => false;

    public static float DropoutRate => 0.3f;

    public static string Kernel => "GroupedWithDropout";
}

internal readonly struct ThreeHeadsOf1 : IAttentionShape
{
    public static int Heads => 3;

    public static int KeyValueHeads => 3;

    public static int HeadSize => 1;

    public static int QueryStride => 9;

    public static int KeyStride => 9;

    public static int ValueStride => 9;

    public static int HeadStride => 1;

    public static bool HasBias => false;

    public static float DropoutRate => 0;

    public static string Kernel => "Windowed";
}

/// <summary>As <see cref="TwoHeadsOf8"/>, for another mask.</summary>
internal readonly struct TwoHeadsOf8BothWays : IAttentionShape
{
    public static int Heads => 2;

    public static int KeyValueHeads => 2;

    public static int HeadSize => 8;

    public static int QueryStride => 48;

    public static int KeyStride => 48;

    public static int ValueStride => 48;

    public static int HeadStride => 8;

    public static bool HasBias => false;

    public static float DropoutRate => 0;

    public static string Kernel => "Bidirectional";
}

/// <summary>Cross-attention: queries, keys and values in rows of their own, each of another length, grouped, with dropout.</summary>
internal readonly struct FourHeadsOf5Across : IAttentionShape
{
    public static int Heads => 4;

    public static int KeyValueHeads => 2;

    public static int HeadSize => 5;

    public static int QueryStride => 23;

    public static int KeyStride => 12;

    public static int ValueStride => 11;

    public static int HeadStride => 5;

    public static bool HasBias => false;

    public static float DropoutRate => 0.3f;

    public static string Kernel => "Across";
}

/// <summary>Each head's query, key and value side by side, as BLOOM has them, and a bias.</summary>
internal readonly struct ThreeHeadsOf6Interleaved : IAttentionShape
{
    public static int Heads => 3;

    public static int KeyValueHeads => 3;

    public static int HeadSize => 6;

    public static int QueryStride => 54;

    public static int KeyStride => 54;

    public static int ValueStride => 54;

    public static int HeadStride => 18;

    public static bool HasBias => true;

    public static float DropoutRate => 0;

    public static string Kernel => "Interleaved";
}

/// <summary>Grouped heads with a bias and dropout.</summary>
internal readonly struct FourHeadsOf5Biased : IAttentionShape
{
    public static int Heads => 4;

    public static int KeyValueHeads => 2;

    public static int HeadSize => 5;

    public static int QueryStride => 23;

    public static int KeyStride => 12;

    public static int ValueStride => 11;

    public static int HeadStride => 5;

    public static bool HasBias => true;

    public static float DropoutRate => 0.3f;

    public static string Kernel => "Biased";
}

/// <summary>As <see cref="ThreeHeadsOf1"/>, with a bias.</summary>
internal readonly struct ThreeHeadsOf1Biased : IAttentionShape
{
    public static int Heads => 3;

    public static int KeyValueHeads => 3;

    public static int HeadSize => 1;

    public static int QueryStride => 9;

    public static int KeyStride => 9;

    public static int ValueStride => 9;

    public static int HeadStride => 1;

    public static bool HasBias => true;

    public static float DropoutRate => 0;

    public static string Kernel => "BiasedWindow";
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
