namespace Intaglio.Compiler;

/// <summary>The layers that need no method.</summary>
internal static class StockBlocks
{
    private const string Attention = nameof(Attention);
    private const string CrossAttention = nameof(CrossAttention);
    private const string FeedForward = nameof(FeedForward);

    /// <summary>Attention, attention to the encoder's result where there is one, and a feed-forward network, each with a norm and a residual.</summary>
    public static BlockSpec Of(NormalizationPlacement placement, bool attendsToEncoder, bool isParallel)
    {
        var modules = new List<ModuleSpec>();
        if (isParallel)
        {
            // Wang and Komatsuzaki, GPT-J: both blocks read the layer's input.
            var x = new BlockInput();
            return Block(x + Branch(Attention, ModuleKind.SelfAttention, x) + Branch(FeedForward, ModuleKind.FeedForward, x));
        }

        BlockExpression hidden = new BlockInput();
        hidden = Sublayer(Attention, ModuleKind.SelfAttention, hidden).Named("Middle");
        if (attendsToEncoder)
            hidden = Sublayer(CrossAttention, ModuleKind.CrossAttention, hidden).Named("CrossMiddle");
        return Block(Sublayer(FeedForward, ModuleKind.FeedForward, hidden));

        BlockSpec Block(BlockExpression result) => new(new(modules), result);

        BlockExpression Branch(string name, ModuleKind kind, BlockExpression x) => Apply(name, kind, Apply(name + "Norm", ModuleKind.Norm, x));

        BlockExpression Sublayer(string name, ModuleKind kind, BlockExpression x) => placement switch
        {
            NormalizationPlacement.Post => Apply(name + "Norm", ModuleKind.Norm, (x + Apply(name, kind, x)).Named(name + "Sum")),
            NormalizationPlacement.Sandwich => x + Apply(name + "PostNorm", ModuleKind.Norm, Branch(name, kind, x)),
            _ => x + Branch(name, kind, x),
        };

        BlockExpression Apply(string name, ModuleKind kind, BlockExpression x)
        {
            modules.Add(new(name, kind));
            return new BlockCall(name, x);
        }
    }
}
