namespace Intaglio.Compiler;

/// <summary>What a layer computes of its input: modules and an expression over them. Stock layers and own ones are both this.</summary>
/// <param name="Modules">What the layer owns, in the order of its parameters.</param>
/// <param name="Result">The layer's result.</param>
internal sealed record BlockSpec(EquatableArray<ModuleSpec> Modules, BlockExpression Result)
{
    /// <summary>The module of a name.</summary>
    public ModuleSpec Module(string name) => Modules.First(module => module.Name == name);

    /// <summary>Whether it is a method of the class.</summary>
    public bool IsOwn { get; init; }

    /// <summary>The functions of each element that occur.</summary>
    public IEnumerable<ActivationSpec> Functions() => Parts(Result).OfType<BlockMap>().Select(map => map.Function);

    /// <summary>An expression and all that it is made of, innermost first; what occurs in two places is there twice.</summary>
    public static IEnumerable<BlockExpression> Parts(BlockExpression expression)
    {
        IEnumerable<BlockExpression> inner = expression switch
        {
            BlockMap map => Parts(map.X),
            BlockCall call => Parts(call.X),
            BlockName name => Parts(name.X),
            BlockScale scale => Parts(scale.X),
            BlockSum sum => Parts(sum.Left).Concat(Parts(sum.Right)),
            BlockProduct product => Parts(product.Left).Concat(Parts(product.Right)),
            _ => [],
        };
        return inner.Append(expression);
    }

    /// <summary>Where a module stands among the layer's.</summary>
    public int IndexOf(ModuleSpec module) => Modules.ToList().IndexOf(module);
}

/// <summary>What a module is.</summary>
internal enum ModuleKind
{
    /// <summary>A normalization.</summary>
    Norm,

    /// <summary>Attention of a token to its own sequence.</summary>
    SelfAttention,

    /// <summary>Attention to the encoder's result.</summary>
    CrossAttention,

    /// <summary>A feed-forward network.</summary>
    FeedForward,

    /// <summary>A product with a square matrix.</summary>
    Linear,
}

/// <summary>Something with parameters that a layer owns.</summary>
/// <param name="Name">Its name in emitted code, such as <c>AttentionNorm</c>.</param>
/// <param name="Kind">What it is.</param>
internal sealed record ModuleSpec(string Name, ModuleKind Kind);

/// <summary>An expression over tensors of the layer's shape.</summary>
internal abstract record BlockExpression
{
    public static BlockExpression operator +(BlockExpression left, BlockExpression right) => new BlockSum(left, right);

    public static BlockExpression operator *(BlockExpression left, BlockExpression right) => new BlockProduct(left, right);

    /// <summary>The same under a name, for readers.</summary>
    public BlockExpression Named(string name) => new BlockName(this, name);
}

/// <summary>The layer's input.</summary>
internal sealed record BlockInput : BlockExpression;

/// <summary>A module's result.</summary>
internal sealed record BlockCall(string Module, BlockExpression X) : BlockExpression;

internal sealed record BlockSum(BlockExpression Left, BlockExpression Right) : BlockExpression;

/// <summary>A product, element by element.</summary>
internal sealed record BlockProduct(BlockExpression Left, BlockExpression Right) : BlockExpression;

/// <summary>A product with a constant.</summary>
internal sealed record BlockScale(double Factor, BlockExpression X) : BlockExpression;

/// <summary>A function of each element.</summary>
internal sealed record BlockMap(ActivationSpec Function, BlockExpression X) : BlockExpression;

/// <summary>A local of the method.</summary>
internal sealed record BlockName(BlockExpression X, string Name) : BlockExpression;
