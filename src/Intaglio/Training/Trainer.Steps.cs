using Intaglio.Data;
using Intaglio.Numerics;

namespace Intaglio;

/// <content>One optimizer step, and the loss on held-out text.</content>
public sealed partial class Trainer<TModel>
{
    private readonly int[] _inputs;
    private readonly int[] _targets;
    private readonly int[] _column;
    private readonly float[] _losses;

    /// <summary>Makes one optimizer step on the run's next batch: the seed and the number of steps made decide which it is.</summary>
    /// <exception cref="ArgumentException">The corpus has more tokens than the model's vocabulary.</exception>
    /// <exception cref="DataException">The corpus is shorter than a window.</exception>
    /// <exception cref="DivergedException">The loss or the gradient is not finite; the weights are left as they were.</exception>
    public TrainStep Step(TokenCorpus corpus)
    {
        RequireVocabulary(corpus);
        for (var micro = 0; micro < Options.GradientAccumulation; micro++)
        {
            var rows = new Range(micro * _rows, (micro + 1) * _rows);
            corpus.Fill(Options.Seed, MicroStep(micro), Options.BatchSize, _time, _inputs.AsSpan(rows), _targets.AsSpan(rows));
        }

        return StepOnBatch();
    }

    /// <summary>Makes one optimizer step on given tokens.</summary>
    /// <param name="inputs">Tokens, [GradientAccumulation, BatchSize, ContextLength].</param>
    /// <param name="targets">The token to predict at each of them; a negative one is ignored.</param>
    /// <exception cref="ArgumentException">A length or a token does not fit the model, or every target is ignored.</exception>
    /// <exception cref="DivergedException">The loss or the gradient is not finite; the weights are left as they were.</exception>
    public TrainStep Step(ReadOnlySpan<int> inputs, ReadOnlySpan<int> targets)
    {
        CopyBatch(inputs, targets);
        return StepOnBatch();
    }

    /// <summary>The mean loss of given tokens and, for <see cref="ReadGradient"/>, its gradient; the weights stay as they are.</summary>
    /// <param name="inputs">Tokens, [GradientAccumulation, BatchSize, ContextLength].</param>
    /// <param name="targets">The token to predict at each of them; a negative one is ignored.</param>
    /// <returns>Nats a target.</returns>
    /// <exception cref="ArgumentException">A length or a token does not fit the model, or every target is ignored.</exception>
    public double ComputeGradients(ReadOnlySpan<int> inputs, ReadOnlySpan<int> targets)
    {
        CopyBatch(inputs, targets);
        WeightsClaim.Take(_model, this);
        return ComputeGradients();
    }

    /// <summary>The mean loss over the whole held-out part of a corpus, in windows of ContextLength side by side; nats a token.</summary>
    /// <exception cref="ArgumentException">The corpus has more tokens than the model's vocabulary.</exception>
    /// <exception cref="DataException">The corpus has fewer than two held-out tokens.</exception>
    public double Evaluate(TokenCorpus corpus)
    {
        RequireVocabulary(corpus);
        _execution.Random = default;
        var windows = corpus.EvaluationWindows(_time);
        var inputs = _inputs.AsSpan(0, _rows);
        var targets = _targets.AsSpan(0, _rows);
        var sum = 0.0;
        for (var first = 0; first < windows.Count; first += Options.BatchSize)
        {
            windows.Fill(first, Options.BatchSize, inputs, targets);
            WriteBatch(inputs, targets);
            var action = new EvaluateAction(Options.BatchSize, _time);
            _execution.Run(ref action);
            sum += SumOfLosses();
        }

        return sum / windows.TargetCount;
    }

    private TrainStep StepOnBatch()
    {
        WeightsClaim.Take(_model, this);
        var loss = ComputeGradients();
        GradientNorm = Math.Sqrt(_execution.SumOfSquares(Region.Gradients, _model.Description.Parameters.Length));
        if (!double.IsFinite(loss) || !double.IsFinite(GradientNorm))
            throw Diverged(loss);

        var rate = _schedule.At(CompletedSteps);
        UpdateWeights(rate);
        _execution.Synchronize();
        CompletedSteps++;
        return new(CompletedSteps, loss, GradientNorm, rate);
    }

    private double ComputeGradients()
    {
        var counted = CountTargets(_targets);
        _gradients.Clear();
        var sum = 0.0;
        for (var micro = 0; micro < Options.GradientAccumulation; micro++)
        {
            PrepareMicroBatch(micro);
            var action = new ForwardBackwardAction(Options.BatchSize, _time, (float)(1.0 / counted));
            _execution.Run(ref action);
            sum += SumOfLosses();
        }

        return sum / counted;
    }

    private void PrepareMicroBatch(int micro)
    {
        var rows = new Range(micro * _rows, (micro + 1) * _rows);
        WriteBatch(_inputs.AsSpan(rows), _targets.AsSpan(rows));
        _execution.Random = new(Options.Seed, MicroStep(micro), IsTraining: true);
    }

    private void UpdateWeights(double rate)
    {
        // As PyTorch's clip_grad_norm_ has it: the small constant keeps the quotient finite.
        var scale = Options.ClipNorm > 0 ? Math.Min(1, Options.ClipNorm / (GradientNorm + 1e-6)) : 1;
        var updates = CompletedSteps + 1;
        var step = new AdamWStep(
            (float)rate,
            Options.Beta1,
            Options.Beta2,
            Options.Epsilon,
            WeightDecay: 0,
            Correction1: (float)(1 - Math.Pow(Options.Beta1, updates)),
            Correction2: (float)(1 - Math.Pow(Options.Beta2, updates)),
            GradientScale: (float)scale);
        var decaying = step with { WeightDecay = Options.WeightDecay };
        foreach (var range in _ranges)
            _execution.AdamW(range.Start, range.Count, range.Group == ParameterGroup.Decayed ? decaying : step);
    }

    private void RequireVocabulary(TokenCorpus corpus)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        var vocabulary = _model.Description.VocabularySize;
        if (corpus.VocabularySize > vocabulary)
            throw new ArgumentException($"The corpus has {corpus.VocabularySize} different tokens, {_model.Description.Name} has {vocabulary}; declare the model with VocabularySize = {corpus.VocabularySize}.", nameof(corpus));
    }

    private void CopyBatch(ReadOnlySpan<int> inputs, ReadOnlySpan<int> targets)
    {
        var vocabulary = _model.Description.VocabularySize;
        if (inputs.Length != _inputs.Length || targets.Length != _inputs.Length)
            throw new ArgumentException($"A step takes {_inputs.Length} inputs and as many targets, not {inputs.Length} and {targets.Length}.", nameof(inputs));

        foreach (var token in inputs)
        {
            if ((uint)token >= (uint)vocabulary)
                throw new ArgumentOutOfRangeException(nameof(inputs), token, $"Tokens of this model are from 0 to {vocabulary - 1}.");
        }

        foreach (var token in targets)
        {
            if (token >= vocabulary)
                throw new ArgumentOutOfRangeException(nameof(targets), token, $"Targets of this model are from 0 to {vocabulary - 1}, or negative to be ignored.");
        }

        if (CountTargets(targets) == 0)
            throw new ArgumentException("Every target is ignored, so there is nothing to learn.", nameof(targets));

        inputs.CopyTo(_inputs);
        targets.CopyTo(_targets);
    }

    private void WriteBatch(ReadOnlySpan<int> inputs, ReadOnlySpan<int> targets)
    {
        WriteColumn(_layout.Tokens, inputs, padding: 0);
        WriteColumn(_layout.Targets, targets, padding: -1);
    }

    private void WriteColumn(Place column, ReadOnlySpan<int> values, int padding)
    {
        values.CopyTo(_column);
        _column.AsSpan(_rows).Fill(padding);
        _batch.Write<int>(_column, column.Offset);
    }

    // In double and in the order of the rows, so that the sum does not depend on the device.
    private double SumOfLosses()
    {
        _batch.Read<float>(_losses, _layout.Losses.Offset);
        var sum = 0.0;
        foreach (var loss in _losses)
            sum += loss;

        return sum;
    }

    private ulong MicroStep(int micro) => ((ulong)CompletedSteps * (ulong)Options.GradientAccumulation) + (ulong)micro;

    private static int CountTargets(ReadOnlySpan<int> targets)
    {
        var count = 0;
        foreach (var target in targets)
            count += target >= 0 ? 1 : 0;

        return count;
    }

    private readonly struct ForwardBackwardAction(int batch, int time, float lossScale) : ITargetAction
    {
        public void Invoke<TTarget>(in TTarget on)
            where TTarget : struct, ITarget
        {
            TModel.Forward(on, batch, time, lossScale);
            TModel.Backward(on, batch, time);
        }
    }

    private readonly struct EvaluateAction(int batch, int time) : ITargetAction
    {
        public void Invoke<TTarget>(in TTarget on)
            where TTarget : struct, ITarget => TModel.Evaluate(on, batch, time);
    }
}
