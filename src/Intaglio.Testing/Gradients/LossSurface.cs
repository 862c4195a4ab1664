using System.Runtime.InteropServices;
using Intaglio.Numerics;

namespace Intaglio.Testing;

/// <summary>The loss of a batch as a function of the weights, and its gradient at those that the model has, to which they always return.</summary>
internal sealed class LossSurface<TModel> : IDisposable
    where TModel : LanguageModel, ITrainable<TModel>
{
    // Half the way along a direction is this part of a tensor's root mean square, or of the least one that matters: a tensor of zeros needs a way too.
    private const double HalfWay = 1.0 / 128;
    private const double LeastScale = 0.05;

    // Gradients on the way.
    private const int Points = 16;

    // By chance a slope is further off than this once in a million times; the estimates of the deviations are themselves off by a third or so.
    private const double Deviations = 5;

    // Steps so small that losses differ by little but their rounding.
    private const double NoiseStep = 1e-4;

    private readonly TModel _model;
    private readonly RandomBatch _batch;
    private readonly Trainer<TModel> _trainer;
    private readonly Dictionary<string, double> _norms;

    /// <summary>Computes loss and gradient; the model stays the caller's.</summary>
    public LossSurface(TModel model, RandomBatch batch, ulong seed)
    {
        _model = model;
        _batch = batch;
        _trainer = new(model, new() { BatchSize = batch.Size, ContextLength = batch.Time, SourceLength = batch.SourceTime, Seed = seed });
        Center = Loss();
        _norms = Trained.ToDictionary(
            parameter => parameter.Name, parameter => Math.Sqrt(_trainer.ReadGradient(parameter.Name).Sum(value => (double)value * value)));
    }

    /// <summary>The tensors that have gradients.</summary>
    public static IEnumerable<Parameter> Trained => TModel.Description.Parameters.Parameters().Where(parameter => parameter.Entry.Group != ParameterGroup.Frozen);

    /// <summary>The loss at the model's weights.</summary>
    public double Center { get; }

    /// <summary>√Σ gradient² of one tensor.</summary>
    public double GradientNorm(Parameter parameter) => _norms[parameter.Name];

    /// <summary>
    /// The standard deviation of a loss's rounding: fourth differences of losses at equal distances, in which nothing of a smooth function is left
    /// (Moré and Wild, Estimating computational noise, SIAM Journal on Scientific Computing 33, 2011).
    /// </summary>
    public double Noise(Random random)
    {
        // From the embedding on, every activation is rounded anew.
        const int Count = 12;
        const int Order = 4;
        const double Gamma = 1.0 / 70; // (k!)² / (2k)! for k = 4
        var line = new Line(this, Trained.First(), random);
        var losses = Enumerable.Range(0, Count).Select(i => line.LossAt(i * NoiseStep)).ToArray();
        line.Return();
        return Math.Sqrt(Gamma * Differences(losses, Order).Average(value => value * value));
    }

    /// <summary>
    /// The mean slope of a way through the weights along random signs, by the losses at its ends and by the gradients on it (the midpoint rule). Where an
    /// activation has a kink, that is as true as elsewhere: slopes may jump, the loss does not.
    /// </summary>
    public DirectionalSlope SlopeAlong(Parameter parameter, Random random, double noise)
    {
        var line = new Line(this, parameter, random);
        var half = HalfWay * line.Scale;
        var expected = (line.LossAt(half) - line.LossAt(-half)) / (2 * half);
        var slopes = Enumerable.Range(0, Points).Select(point => line.SlopeAt(half * ((((2 * point) + 1.0) / Points) - 1))).ToArray();
        line.Return();

        // Jumps J at unknown places between two points put Σ J² / 12 Points² on the variance of the mean; second differences, in which little of a smooth
        // slope is left, show each jump twice. The difference of two losses has twice the variance of one.
        var jumps = Points * Differences(slopes, 2).Average(value => value * value) / 2;
        return new(expected, slopes.Average(), Deviations * noise / (Math.Sqrt(2) * half), Deviations * Math.Sqrt(jumps / 12) / Points);
    }

    /// <inheritdoc/>
    public void Dispose() => _trainer.Dispose();

    private static double[] Differences(double[] values, int order) =>
        order == 0 ? values : Differences([.. values.Skip(1).Zip(values, (next, value) => next - value)], order - 1);

    // Dropout is that of the trainer's next step, however often it is computed.
    private double Loss() => _trainer.ComputeGradients(_batch.AsTrainingBatch);

    /// <summary>A tensor and a sign for each of its elements.</summary>
    private sealed class Line
    {
        private readonly LossSurface<TModel> _losses;
        private readonly Parameter _parameter;
        private readonly float[] _values;
        private readonly float[] _moved;
        private readonly sbyte[] _signs;

        public Line(LossSurface<TModel> losses, Parameter parameter, Random random)
        {
            _losses = losses;
            _parameter = parameter;
            _values = losses._model.ReadParameter(parameter.Name);
            _moved = new float[_values.Length];
            _signs = new sbyte[_values.Length];
            random.NextBytes(MemoryMarshal.AsBytes(_signs.AsSpan()));
            for (var i = 0; i < _signs.Length; i++)
                _signs[i] = (sbyte)(1 - (2 * (_signs[i] & 1)));

            Scale = Math.Max(LeastScale, Math.Sqrt(_values.Average(value => (double)value * value)));
        }

        /// <summary>How large the tensor's values are.</summary>
        public double Scale { get; }

        public double LossAt(double step)
        {
            for (var i = 0; i < _values.Length; i++)
                _moved[i] = (float)(_values[i] + (step * _signs[i]));

            Write(_moved);
            return _losses.Loss();
        }

        public void Return() => Write(_values);

        public double SlopeAt(double step)
        {
            LossAt(step);
            return _losses._trainer.ReadGradient(_parameter.Name).Zip(_signs, (value, sign) => (double)value * sign).Sum();
        }

        // Past WriteParameter, which the trainer's claim forbids: between two of its steps nobody else reads the weights.
        private void Write(float[] values) => _losses._model.Weights.Write<float>(values, _parameter.Offset * sizeof(float));
    }
}
