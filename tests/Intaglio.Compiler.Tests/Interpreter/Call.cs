using System.Numerics;

namespace Intaglio.Compiler.Tests;

/// <summary>Dropout's factor for one element: 0, or 1 / (1 - rate).</summary>
/// <param name="site">The dropout: 0 to 3 outside the layers; in them 3 + its number in the layer, after those of the layers before, the encoder's first.</param>
/// <param name="element">row · width + column; for attention ((batch · heads + head) · time + query) · (time of the keys) + key.</param>
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

    /// <summary>Tokens of each source, where there is one.</summary>
    public int SourceTime { get; init; }

    /// <summary>How positions enter, as far as the graph leaves it to tables of the host.</summary>
    public PositionEncodingSpec Positions { get; init; } = new(PositionEncodingKind.None) { RotaryTheta = 10_000 };

    /// <summary>What rotary positions multiply a pair of columns by, of a position and the pair; null for the angles of <see cref="Positions"/>.</summary>
    public Func<int, int, Complex>? Turn { get; init; }

    /// <summary>The longest sequence.</summary>
    public int ContextLength { get; init; }

    /// <summary>Layers before those of the decoder, as dropouts are numbered.</summary>
    public int EncoderLayers { get; init; }

    /// <summary>Numbers of dropouts that a layer takes.</summary>
    public int SitesOfLayer { get; init; } = 4;

    /// <summary>Dropout; everything is kept by default.</summary>
    public Keep Keep { get; init; } = (_, _, _) => 1;

    /// <summary>What becomes of each number that an op computes: itself, or one nearby, which shows what rounding along the way does to results.</summary>
    public Func<double, double>? Rounding { get; init; }

    /// <summary>Keys and values of earlier calls, to which this one adds its own.</summary>
    public KeyValueCache Cache { get; init; } = new();

    public Call With(string parameter, Tensor value) => this with { Parameters = new Dictionary<string, Tensor>(Parameters) { [parameter] = value } };

    public Call WithInput(string input, Tensor value) => this with { Inputs = new Dictionary<string, Tensor>(Inputs) { [input] = value } };
}

/// <summary>The key and the value row of each layer, slot and position seen so far, those of sources apart.</summary>
internal sealed class KeyValueCache
{
    private readonly Dictionary<(bool IsSource, int Layer, int Slot, int Position), (double[] Key, double[] Value)> _rows = [];

    public (double[] Key, double[] Value) this[bool isSource, int layer, int slot, int position]
    {
        get => _rows[(isSource, layer, slot, position)];
        set => _rows[(isSource, layer, slot, position)] = value;
    }
}

/// <summary>What an evaluation gave.</summary>
/// <param name="Outputs">The graph's outputs.</param>
/// <param name="Gradients">The parameters' gradients by their names in a checkpoint.</param>
internal sealed record Outcome(IReadOnlyList<Tensor> Outputs, IReadOnlyDictionary<string, Tensor> Gradients)
{
    public Tensor Output => Outputs[0];
}
