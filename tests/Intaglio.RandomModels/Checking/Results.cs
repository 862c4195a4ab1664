using Intaglio.Compiler.Tests;

namespace Intaglio.RandomModels;

/// <summary>What a model computes, by name: losses, logits, and each parameter's gradient.</summary>
internal sealed class Results
{
    /// <summary>Logits or vectors of whole sequences.</summary>
    public const string Whole = "result";

    /// <summary>Logits of tokens that come one by one.</summary>
    public const string OneByOne = "logits one by one";

    public const string Loss = "loss";

    /// <summary>The loss without dropout.</summary>
    public const string Evaluation = "evaluation";

    /// <summary>What names of gradients begin with.</summary>
    public const string GradientPrefix = "gradient of ";

    private readonly Dictionary<string, double[]> _values = [];

    public IEnumerable<string> Names => _values.Keys;

    public double[] this[string name]
    {
        get => _values[name];
        set => _values[name] = value;
    }

    /// <summary>‖this - other‖ of one result; infinite where one is no number.</summary>
    public double DistanceTo(Results other, string name)
    {
        var distance = Norm(_values[name].Zip(other[name], (a, b) => a - b));
        return double.IsFinite(distance) && _values[name].Length == other[name].Length ? distance : double.PositiveInfinity;
    }

    /// <summary>
    /// What rounding errors of a result are in proportion to. A loss comes of logits and is no more exact than they are. A gradient is a sum of terms that may
    /// cancel, as those of a key's bias do, which a softmax does not see; the gradient of the whole model stands for their size.
    /// </summary>
    public double Scale(string name) => name switch
    {
        Loss or Evaluation => Math.Abs(_values[name][0]) + (Norm(_values[Whole]) / Math.Sqrt(_values[Whole].Length)),
        Whole or OneByOne => Norm(_values[name]),
        _ => Norm(_values[name]) + (0.1 * Norm(_values.Where(pair => pair.Key.StartsWith(GradientPrefix, StringComparison.Ordinal)).SelectMany(pair => pair.Value))),
    };

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));
}
