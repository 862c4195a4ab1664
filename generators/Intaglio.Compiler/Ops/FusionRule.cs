namespace Intaglio.Compiler;

/// <summary>An op that can end in a fusion.</summary>
internal interface IFusing
{
    Fusion Fusion { get; }

    /// <summary>The fusion's own operands among the node's inputs: the row operand, then the full operand, as far as it has them.</summary>
    IReadOnlyList<Value> Operands(Node node);

    /// <summary>The same op with another fusion.</summary>
    Op With(Fusion fusion);
}

/// <summary>What all ops with a fusion share.</summary>
internal static class FusionRule
{
    public static IReadOnlyList<TensorType> Results(Fusion fusion, TensorType result) => fusion.Saved is null ? [result] : [result, result];

    /// <summary>Whether an op can end in a fusion: a lookup has neither operands nor a second result for one.</summary>
    public static bool Takes(IFusing op, Fusion fusion) => op is not Embed || fusion is { HasRow: false, HasFull: false, Saved: null };

    /// <summary>The formula with names in it.</summary>
    public static string Describe(Node node, Fusion fusion, string x, int firstOperand)
    {
        var row = fusion.HasRow ? Operand(firstOperand) : "";
        var full = fusion.HasFull ? Operand(firstOperand + (fusion.HasRow ? 1 : 0)) : "";
        return fusion.Formula.Replace("{x}", x).Replace("{row}", row).Replace("{full}", full);

        // A broken node can be described too: the verifier has to name it.
        string Operand(int input) => input < node.Inputs.Count ? Names.Camel(node.Inputs[input].Name) : "(missing)";
    }
}
