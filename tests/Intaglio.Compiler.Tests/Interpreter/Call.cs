namespace Intaglio.Compiler.Tests;

/// <summary>Dropout's factor for one element: 0, or 1 / (1 - rate).</summary>
/// <param name="site">The dropout: in a layer, layer · 4 + its number in the layer; outside, its number.</param>
/// <param name="element">row · width + column; for attention ((batch · heads + head) · time + query) · time + key.</param>
/// <param name="rate">Probability of 0.</param>
internal delegate double Keep(int site, long element, double rate);

/// <summary>What one evaluation of a graph is given.</summary>
internal sealed record Call
{
    /// <summary>Sequences.</summary>
    public required int Batch { get; init; }

    /// <summary>Tokens a sequence: rows are batch · time.</summary>
    public required int Time { get; init; }

    /// <summary>The graph's inputs by name.</summary>
    public required IReadOnlyDictionary<string, Tensor> Inputs { get; init; }

    /// <summary>Parameters by their names in a checkpoint, the layer's index filled in.</summary>
    public required IReadOnlyDictionary<string, Tensor> Parameters { get; init; }

    /// <summary>What each row's loss counts in gradients.</summary>
    public double LossScale { get; init; } = 1;

    /// <summary>θ of rotary positions, which the graph leaves to the model's table.</summary>
    public double RotaryTheta { get; init; } = 10_000;

    /// <summary>Dropout; everything is kept by default.</summary>
    public Keep Keep { get; init; } = (_, _, _) => 1;

    /// <summary>What becomes of each number that an op computes: itself, or one nearby, which shows what rounding along the way does to results.</summary>
    public Func<double, double>? Rounding { get; init; }

    /// <summary>Keys and values of earlier calls, to which this one adds its own.</summary>
    public KeyValueCache Cache { get; init; } = new();

    public Call With(string parameter, Tensor value) => this with { Parameters = new Dictionary<string, Tensor>(Parameters) { [parameter] = value } };

    public Call WithInput(string input, Tensor value) => this with { Inputs = new Dictionary<string, Tensor>(Inputs) { [input] = value } };
}

/// <summary>The key and the value row of each layer, slot and position seen so far.</summary>
internal sealed class KeyValueCache
{
    private readonly Dictionary<(int Layer, int Slot, int Position), (double[] Key, double[] Value)> _rows = [];

    public (double[] Key, double[] Value) this[int layer, int slot, int position]
    {
        get => _rows[(layer, slot, position)];
        set => _rows[(layer, slot, position)] = value;
    }
}

/// <summary>What an evaluation gave.</summary>
/// <param name="Outputs">The graph's outputs.</param>
/// <param name="Gradients">The parameters' gradients by their names in a checkpoint.</param>
internal sealed record Outcome(IReadOnlyList<Tensor> Outputs, IReadOnlyDictionary<string, Tensor> Gradients)
{
    public Tensor Output => Outputs[0];
}
