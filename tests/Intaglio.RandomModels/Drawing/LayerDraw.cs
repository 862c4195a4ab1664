using Intaglio.Compiler;
using Intaglio.Compiler.Tests;
using Intaglio.ExecutionTests;

namespace Intaglio.RandomModels;

/// <summary>Draws a layer: modules, each called once, over sums, products, functions and locals of what is there already.</summary>
internal sealed class LayerDraw(int seed)
{
    // Names that a layer's tensors might have as well.
    private static readonly string[] LocalNames = ["attended", "residual", "hidden", "normed", "middle", "up", "mixed", "logits", "result", "input", "losses", "sum"];

    private static readonly ActivationSpec Squash = new(nameof(Squash), "squash", OwnActivations.Formulas[nameof(Squash)]) { IsOwn = true };

    // Those of Activations that are no activation's.
    private static readonly ActivationSpec[] Others =
        [.. new[] { Compiler.Function.Erf, Compiler.Function.Sigmoid, Compiler.Function.Softplus }.Select(function => new ActivationSpec($"{function}", "", new Application(function, Expression.X)))];

    private static readonly double[] Factors = [0.5, 2, 0.125, 1.5];

    private readonly Numbers _numbers = new(seed);

    public BlockSpec Draw(bool attendsToEncoder)
    {
        var modules = Modules(attendsToEncoder);
        var (pool, open) = (new List<BlockExpression> { new BlockInput() }, new List<BlockExpression>());
        foreach (var module in modules)
        {
            var operand = Operand(pool, open);
            var called = new BlockCall(module.Name, operand).Named(Upper(LocalNames[pool.Count - 1]));
            pool.Add(called);
            open.Add(called);
        }

        // Every module's result is used; a layer without a residual is rare.
        var result = Chance(0.85) ? pool[0] : null;
        foreach (var part in open.OrderBy(_ => _numbers.Uniform()))
            result = result is null ? part : Joined(result, part);

        return new(new(modules), Inlined(result!)) { IsOwn = true };
    }

    private List<ModuleSpec> Modules(bool attendsToEncoder)
    {
        var modules = new List<ModuleSpec>();
        var own = _numbers.Below(6);
        if (own != 0)
            modules.Add(new("Attention", ModuleKind.SelfAttention));
        if (own != 1)
            modules.Add(new("Mlp", ModuleKind.FeedForward));
        if (attendsToEncoder)
            modules.Add(new("SourceAttention", ModuleKind.CrossAttention));
        modules.AddRange(Enumerable.Range(1, _numbers.Below(4)).Select(number => new ModuleSpec($"Norm{number}", ModuleKind.Norm)));
        modules.AddRange(Enumerable.Range(1, _numbers.Below(3)).Select(number => new ModuleSpec($"Mix{number}", ModuleKind.Linear)));
        return [.. modules.OrderBy(_ => _numbers.Uniform())];
    }

    private BlockExpression Operand(List<BlockExpression> pool, List<BlockExpression> open)
    {
        BlockExpression Take()
        {
            // What came last more often than the rest, so that layers are deep as well as wide.
            var taken = Chance(0.6) ? pool[^1] : pool[_numbers.Below(pool.Count)];
            open.Remove(taken);
            return taken;
        }

        return _numbers.Below(10) switch
        {
            0 or 1 => Take() + Take(),
            2 => new BlockScale(Factors[_numbers.Below(Factors.Length)], Take()),
            3 => new BlockMap(Function(), Take()),
            4 => Take() * new BlockMap(Squash, Take()),
            _ => Take(),
        };
    }

    private BlockExpression Joined(BlockExpression left, BlockExpression right) => _numbers.Below(8) switch
    {
        0 => left + new BlockScale(Factors[_numbers.Below(Factors.Length)], right),
        1 => left + (right * new BlockMap(Squash, left)),
        2 => new BlockMap(Squash, right) * left,
        3 => left + new BlockMap(Function(), right),
        4 => right + left,
        _ => left + right,
    };

    private ActivationSpec Function() => Chance(0.3) ? Squash : Chance(0.3) ? Others[_numbers.Below(Others.Length)] : Compiler.Activations.Of((Compiler.Activation)_numbers.Below(Enum.GetValues<Compiler.Activation>().Length));

    // A local that is read once may as well stand where it is read.
    private BlockExpression Inlined(BlockExpression result)
    {
        var reads = new Dictionary<string, int>();
        Count(result, reads);
        var kept = reads.Where(pair => pair.Value > 1 || Chance(0.4)).Select(pair => pair.Key).ToHashSet();
        return result.Replace(expression => expression is BlockName named && !kept.Contains(named.Name) ? named.X : expression);
    }

    private static void Count(BlockExpression expression, Dictionary<string, int> reads)
    {
        if (expression is BlockName { Name: var name })
        {
            reads[name] = reads.GetValueOrDefault(name) + 1;
            if (reads[name] > 1)
                return;
        }

        foreach (var part in expression.Parts())
            Count(part, reads);
    }

    private bool Chance(double probability) => _numbers.Uniform() < probability;

    private static string Upper(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}

/// <summary>Layers as trees.</summary>
internal static class BlockTrees
{
    /// <summary>What an expression is made of.</summary>
    public static IEnumerable<BlockExpression> Parts(this BlockExpression expression) => expression switch
    {
        BlockCall call => [call.X],
        BlockName name => [name.X],
        BlockScale scale => [scale.X],
        BlockMap map => [map.X],
        BlockSum sum => [sum.Left, sum.Right],
        BlockProduct product => [product.Left, product.Right],
        _ => [],
    };

    /// <summary>The tree with each part replaced, the innermost first.</summary>
    public static BlockExpression Replace(this BlockExpression expression, Func<BlockExpression, BlockExpression> change) => change(expression switch
    {
        BlockCall call => call with { X = call.X.Replace(change) },
        BlockName name => name with { X = name.X.Replace(change) },
        BlockScale scale => scale with { X = scale.X.Replace(change) },
        BlockMap map => map with { X = map.X.Replace(change) },
        BlockSum sum => new BlockSum(sum.Left.Replace(change), sum.Right.Replace(change)),
        BlockProduct product => new BlockProduct(product.Left.Replace(change), product.Right.Replace(change)),
        _ => expression,
    });

    /// <summary>An expression and all that it is made of.</summary>
    public static IEnumerable<BlockExpression> All(this BlockExpression expression) => expression.Parts().SelectMany(All).Prepend(expression);

    /// <summary>A layer of an expression, with those of another's modules that are still called.</summary>
    public static BlockSpec Of(BlockSpec layer, BlockExpression result)
    {
        var called = result.All().OfType<BlockCall>().Select(call => call.Module).ToHashSet();
        return layer with { Modules = new(layer.Modules.Where(module => called.Contains(module.Name))), Result = result };
    }
}
