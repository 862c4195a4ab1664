using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Cpu;

/// <summary>A shape whose sizes a test sets, where emitted ones are constants.</summary>
internal readonly struct MatMulShape : IMatMulShape
{
    public static int Inner { get; set; }

    public static int Columns { get; set; }

    public static bool Transposed { get; set; }

    public static string Kernel => "";
}

/// <inheritdoc cref="MatMulShape"/>
internal readonly struct MapShape : IMapShape
{
    public static int Width { get; set; }

    public static string Kernel => "";
}

/// <inheritdoc cref="MatMulShape"/>
internal readonly struct NormShape : INormShape
{
    public static bool Centers => true;

    public static int Width { get; set; }

    public static float Epsilon => 1e-5f;

    public static bool HasBias { get; set; }

    public static int Groups => 1;

    public static int InputStride => Width;

    public static int GroupStride => Width;

    public static float GainOffset => 0;

    public static string BackwardKernel => "";
}

/// <inheritdoc cref="MatMulShape"/>
internal readonly struct EmbeddingShape : IEmbeddingShape
{
    public static int Width { get; set; }

    public static int Vocabulary { get; set; }

    public static int Positions { get; set; }

    public static int PaddingToken => -1;

    public static string Kernel => "";
}

/// <inheritdoc cref="MatMulShape"/>
internal readonly struct HeadShape : IHeadShape
{
    public static int Width { get; set; }

    public static int Vocabulary { get; set; }

    public static int ChunkRows { get; set; }

    public static bool HasBias { get; set; }

    public static float LogitSoftCap { get; set; }

    public static string Kernel => "";
}

/// <inheritdoc cref="MatMulShape"/>
internal readonly struct AttentionShape : IAttentionShape
{
    public static int Heads { get; set; }

    public static int KeyValueHeads { get; set; }

    public static int HeadSize { get; set; }

    public static int QueryStride => (Heads + (2 * KeyValueHeads)) * HeadSize;

    public static int KeyStride => QueryStride;

    public static int ValueStride => QueryStride;

    public static int HeadStride => HeadSize;

    public static bool HasBias { get; set; }

    public static float DropoutRate { get; set; }

    public static string Kernel => "";
}
