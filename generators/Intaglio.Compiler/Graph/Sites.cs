namespace Intaglio.Compiler;

/// <summary>
/// Numbers the dropouts of a model, so that each draws its own random numbers. Those outside the layers are negative here, those of a layer count from 1;
/// a launch adds the layer's.
/// </summary>
internal static class Sites
{
    public const int Embedding = -1;
    public const int EncoderEmbedding = -2;
    public const int Head = -3;

    /// <summary>How many numbers are kept for dropouts outside the layers.</summary>
    public const int Outside = 4;

    /// <summary>Inside a module: an attention's weights or a network's activations.</summary>
    public static int Inside(int module) => 1 + (2 * module);

    /// <summary>What a module adds to the residual stream.</summary>
    public static int Result(int module) => 2 + (2 * module);

    /// <summary>How many numbers a layer takes.</summary>
    public static int OfLayer(BlockSpec block) => 2 * block.Modules.Count;

    /// <summary>The number of a dropout outside the layers.</summary>
    public static int NumberOf(int site) => -1 - site;
}
