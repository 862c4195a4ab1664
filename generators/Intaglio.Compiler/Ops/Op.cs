namespace Intaglio.Compiler;

/// <summary>
/// What a node computes. A record for each op: its attributes, its shape rule, its gradient rule, and the line that says what it does. Meaning in numbers
/// is the interpreter's, a test helper that shares nothing with the emitters.
/// </summary>
internal abstract record Op
{
    /// <summary>The shape rule.</summary>
    /// <exception cref="InvalidOperationException">The inputs do not fit: a fault of whoever built the graph.</exception>
    public abstract IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs);

    /// <summary>The gradient rule: adds nodes, and reports each input's gradient to <paramref name="gradients"/>.</summary>
    public virtual void Differentiate(Node node, IReadOnlyList<Value?> outputGradients, GradientBuilder gradients) =>
        throw new InvalidOperationException($"{GetType().Name} has no gradient rule.");

    /// <summary>How many of a node's outputs its line is about; those after them are by-products, kept for a backward pass.</summary>
    public virtual int Results => 1;

    /// <summary>The right-hand side of the node's line: <c>normed · qkvWeight + qkvBias</c>.</summary>
    public abstract string Describe(Node node);

    protected static string Name(Value value) => Names.Camel(value.Name);

    protected static void Require(bool condition, string message)
    {
        if (!condition)
            throw new InvalidOperationException(message);
    }
}
