namespace Intaglio.Compiler;

/// <summary>A layer as a formula: <c>x + attention(attentionNorm(x))</c>.</summary>
internal static class BlockText
{
    public static string Of(BlockSpec block) => Print(block.Result, inProduct: false);

    private static string Print(BlockExpression expression, bool inProduct) => expression switch
    {
        BlockName named => Print(named.X, inProduct),
        BlockCall call => $"{Names.Camel(call.Module)}({Print(call.X, false)})",
        BlockMap map => $"{Names.Camel(map.Function.Name)}({Print(map.X, false)})",
        BlockScale scale => $"{Literal.Double(scale.Factor)} * {Print(scale.X, true)}",
        BlockSum sum when inProduct => $"({Print(sum.Left, false)} + {Print(sum.Right, false)})",
        BlockSum sum => $"{Print(sum.Left, false)} + {Print(sum.Right, false)}",
        BlockProduct product => $"{Print(product.Left, true)} * {Print(product.Right, true)}",
        _ => "x",
    };
}
