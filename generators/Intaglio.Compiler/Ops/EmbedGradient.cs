namespace Intaglio.Compiler;

/// <summary>gradient[indices[r]] += outputGradient[r] for one or two tables: inputs are the indices of each, then the output gradient.</summary>
internal sealed record EmbedGradient(EquatableArray<TensorType> Tables) : Op
{
    /// <summary>The token of the first table whose row gets no gradient; -1 for none.</summary>
    public int PaddingToken { get; init; } = -1;

    /// <summary>The row of the last table that index 0 is.</summary>
    public int FirstRow { get; init; }

    public EmbedGradient(IEnumerable<TensorType> tables)
        : this(new EquatableArray<TensorType>(tables.Select(table => table with { Format = NumberFormat.FP32 })))
    {
    }

    public override IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs)
    {
        Require(inputs.Count == Tables.Count + 1, "EmbedGradient takes indices for each table, and a gradient.");
        return Tables;
    }

    public override string Describe(Node node) =>
        string.Join(" and ", node.Inputs.Take(Tables.Count).Select(indices => $"Σ {Name(node.Inputs[Tables.Count])} by {Name(indices)}"));
}
