namespace Intaglio;

/// <summary>A loss after a number of steps.</summary>
/// <param name="Step">Steps made.</param>
/// <param name="Loss">Nats a token.</param>
public readonly record struct LossPoint(long Step, double Loss);

/// <summary>The losses of a run from its first step on, also across resumes.</summary>
public sealed class LossHistory
{
    private const double Decay = 0.98;
    private readonly List<LossPoint> _training;
    private readonly List<LossPoint> _validation = [];
    private double _sum;
    private double _weight;

    internal LossHistory(int capacity) => _training = new(capacity);

    /// <summary>Loss of each step's batch.</summary>
    public IReadOnlyList<LossPoint> Training => _training;

    /// <summary>Loss of the held-out text wherever it was measured.</summary>
    public IReadOnlyList<LossPoint> Validation => _validation;

    /// <summary>Running mean of the training losses: Σ 0.98ᵏ lossₙ₋ₖ / Σ 0.98ᵏ; not a number before the first step.</summary>
    public double Smoothed => _sum / _weight;

    /// <summary>Whether the last loss of the held-out text is the lowest of all.</summary>
    internal bool EndsAtItsBest => _validation is [.., var last] && _validation.TrueForAll(point => point.Loss > last.Loss || point.Step == last.Step);

    internal void AddTraining(LossPoint point)
    {
        _training.Add(point);
        _sum = (_sum * Decay) + point.Loss;
        _weight = (_weight * Decay) + 1;
    }

    internal void AddValidation(LossPoint point)
    {
        // A run that is resumed at its end evaluates the same step again.
        if (_validation is [.., var last] && last.Step == point.Step)
            _validation.RemoveAt(_validation.Count - 1);

        _validation.Add(point);
    }

    internal void Clear()
    {
        _training.Clear();
        _validation.Clear();
        _sum = _weight = 0;
    }
}
