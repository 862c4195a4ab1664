using System.Globalization;
using Intaglio.Compiler;

namespace Intaglio.RandomModels;

/// <summary>A layer as the [Block] method that it is written as.</summary>
internal sealed class LayerText
{
    private readonly List<string> _locals = [];

    /// <param name="layer">The layer.</param>
    /// <param name="part">Whose it is, where the method says so.</param>
    public string Method(BlockSpec layer, Compiler.AppliesTo? part)
    {
        var result = Text(layer.Result);
        var applies = part is null ? "" : $"(AppliesTo = AppliesTo.{part})";
        var parameters = string.Concat(layer.Modules.Select(module => $", {module.Kind} {Camel(module.Name)}"));
        return $"[Block{applies}] private static Tensor {part?.ToString() ?? "Layer"}Of(Tensor x{parameters})\n    {{\n{string.Concat(_locals.Select(local => $"        {local}\n"))}        return {result};\n    }}";
    }

    private string Text(BlockExpression expression)
    {
        switch (expression)
        {
            case BlockName named:
                var declaration = $"var {Camel(named.Name)} = ";
                if (!_locals.Any(local => local.StartsWith(declaration, StringComparison.Ordinal)))
                {
                    var value = Text(named.X);
                    _locals.Add($"{declaration}{value};");
                }

                return Camel(named.Name);
            case BlockCall call:
                return $"{Camel(call.Module)}({Text(call.X)})";
            case BlockMap map:
                return $"({Text(map.X)}).Map({(map.Function.IsOwn ? map.Function.Name : $"Activations.{map.Function.Name}")})";
            case BlockScale scale:
                return $"({scale.Factor.ToString(CultureInfo.InvariantCulture)}f * {Text(scale.X)})";
            case BlockSum sum:
                return $"({Text(sum.Left)} + {Text(sum.Right)})";
            case BlockProduct product:
                return $"({Text(product.Left)} * {Text(product.Right)})";
            default:
                return "x";
        }
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
