using Intaglio.Data;
using Intaglio.Numerics;
using Intaglio.Objectives;

namespace Intaglio;

/// <content>One optimizer step, and the loss on held-out text.</content>
public sealed partial class Trainer<TModel>
{
    private readonly HostBatch _host;
    private readonly int[] _column;
    private readonly float[] _losses;

    /// <summary>Makes one optimizer step on the run's next batch: the seed and the number of steps made decide which it is.</summary>
    /// <exception cref="ArgumentException">The corpus has more tokens than the model's vocabulary.</exception>
    /// <exception cref="DataException">The corpus is shorter than a window.</exception>
    /// <exception cref="DivergedException">The loss or the gradient is not finite; the weights are left as they were.</exception>
    public TrainStep Step(TokenCorpus corpus)
    {
        RequireVocabulary(corpus);
        RequireCausal();
        for (var micro = 0; micro < Options.GradientAccumulation; micro++)
            corpus.Fill(Options.Seed, MicroStep(micro), Options.BatchSize, _shape.Time, _host.Tokens(micro), _host.Targets(micro));

        return StepOnBatch();
    }

    /// <summary>Makes one optimizer step on the run's next batch of an objective: the seed and the number of steps made decide which it is.</summary>
    /// <exception cref="ArgumentException">The objective's lengths or tokens do not fit the model.</exception>
    /// <exception cref="DivergedException">The loss or the gradient is not finite; the weights are left as they were.</exception>
    public TrainStep Step(Objective objective)
    {
        RequireLengths(objective);
        FillHost(objective, Options.Seed, MicroStep(0));
        return StepOnBatch();
    }

    /// <summary>Makes one optimizer step on given tokens.</summary>
    /// <param name="inputs">Tokens, [GradientAccumulation, BatchSize, ContextLength].</param>
    /// <param name="targets">The token to predict at each of them; a negative one is ignored.</param>
    /// <exception cref="ArgumentException">A length or a token does not fit the model, or every target is ignored.</exception>
    /// <exception cref="DivergedException">The loss or the gradient is not finite; the weights are left as they were.</exception>
    public TrainStep Step(ReadOnlySpan<int> inputs, ReadOnlySpan<int> targets)
    {
        _host.Set(inputs, targets);
        return StepOnBatch();
    }

    /// <summary>Makes one optimizer step on a given batch of GradientAccumulation · BatchSize sequences.</summary>
    /// <inheritdoc cref="Step(ReadOnlySpan{int}, ReadOnlySpan{int})"/>
    public TrainStep Step(in TrainingBatch batch)
    {
        _host.Set(batch);
        return StepOnBatch();
    }

    /// <summary>The mean loss of given tokens and, for <see cref="ReadGradient"/>, its gradient; the weights stay as they are.</summary>
    /// <param name="inputs">Tokens, [GradientAccumulation, BatchSize, ContextLength].</param>
    /// <param name="targets">The token to predict at each of them; a negative one is ignored.</param>
    /// <returns>Nats a target.</returns>
    /// <exception cref="ArgumentException">A length or a token does not fit the model, or every target is ignored.</exception>
    public double ComputeGradients(ReadOnlySpan<int> inputs, ReadOnlySpan<int> targets)
    {
        _host.Set(inputs, targets);
        WeightsClaim.Take(_model, this);
        return ComputeGradients();
    }

    /// <summary>The mean loss of a given batch of GradientAccumulation · BatchSize sequences and, for <see cref="ReadGradient"/>, its gradient; the weights stay as they are.</summary>
    /// <inheritdoc cref="ComputeGradients(ReadOnlySpan{int}, ReadOnlySpan{int})"/>
    public double ComputeGradients(in TrainingBatch batch)
    {
        _host.Set(batch);
        WeightsClaim.Take(_model, this);
        return ComputeGradients();
    }

    /// <summary>The mean loss over batches of an objective, the same ones at every call; nats a target.</summary>
    /// <param name="objective">Made of texts that are held out.</param>
    /// <param name="batches">How many batches of BatchSize sequences.</param>
    /// <exception cref="ArgumentException">The objective's lengths or tokens do not fit the model, or every target is ignored.</exception>
    public double Evaluate(Objective objective, int batches)
    {
        RequireLengths(objective);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batches);
        _execution.Random = default;
        var (sum, counted) = (0.0, 0);
        for (var batch = 0; batch < batches; batch++)
        {
            _host.Clear();
            counted += objective.Fill(Options.Seed, (ulong)batch, _host.Micro(0));
            _host.RequireFit();
            sum += EvaluateMicro(0);
        }

        return counted > 0 ? sum / counted : throw new ArgumentException("Every target of these batches is ignored, so there is no loss.", nameof(batches));
    }

    /// <summary>The mean loss over the whole held-out part of a corpus, in windows of ContextLength side by side; nats a token.</summary>
    /// <exception cref="ArgumentException">The corpus has more tokens than the model's vocabulary.</exception>
    /// <exception cref="DataException">The corpus has fewer than two held-out tokens.</exception>
    public double Evaluate(TokenCorpus corpus)
    {
        RequireVocabulary(corpus);
        RequireCausal();
        _execution.Random = default;
        var windows = corpus.EvaluationWindows(_shape.Time);
        var sum = 0.0;
        for (var first = 0; first < windows.Count; first += Options.BatchSize)
        {
            windows.Fill(first, Options.BatchSize, _host.Tokens(0), _host.Targets(0));
            sum += EvaluateMicro(0);
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
        var counted = _host.CountTargets();
        _gradients.Clear();
        var sum = 0.0;
        for (var micro = 0; micro < Options.GradientAccumulation; micro++)
        {
            PrepareMicroBatch(micro);
            var action = new ForwardBackwardAction(_shape, (float)(1.0 / counted));
            _execution.Run(ref action);
            sum += SumOfLosses();
        }

        return sum / counted;
    }

    private void PrepareMicroBatch(int micro)
    {
        WriteBatch(micro);
        _execution.Random = new(Options.Seed, MicroStep(micro), IsTraining: true);
    }

    private double EvaluateMicro(int micro)
    {
        WriteBatch(micro);
        var action = new EvaluateAction(_shape);
        _execution.Run(ref action);
        return SumOfLosses();
    }

    private void FillHost(Objective objective, ulong seed, ulong firstStep)
    {
        _host.Clear();
        for (var micro = 0; micro < Options.GradientAccumulation; micro++)
            objective.Fill(seed, firstStep + (ulong)micro, _host.Micro(micro));

        _host.Validate();
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

    private void RequireCausal()
    {
        if (_model.Description is { Result: not null } or { HasSource: true })
            throw new InvalidOperationException($"{_model.Description.Name} does not predict the next token of a text; train it with an objective, or on batches.");
    }

    private void RequireLengths(Objective objective)
    {
        ArgumentNullException.ThrowIfNull(objective);
        if (objective.Length != _shape.Time || objective.SourceLength != _shape.SourceTime)
        {
            throw new ArgumentException(
                $"The objective makes rows of {objective.Length} tokens from {objective.SourceLength} of a source, the trainer takes {_shape.Time} from {_shape.SourceTime}; set ContextLength and SourceLength of its options.", nameof(objective));
        }
    }

    private void WriteBatch(int micro)
    {
        WriteColumn(_layout.Tokens, _host.Tokens(micro), _layout.Rows, padding: 0);
        WriteColumn(_layout.Targets, _host.Targets(micro), _layout.Rows, padding: -1);
        WriteColumn(_layout.TokenTypes, _host.Types(micro), _layout.Rows, padding: 0);
        WriteColumn(_layout.EndTargets, _host.EndTargets(micro), _layout.Rows, padding: -1);
        WriteColumn(_layout.Bounds, _host.Bounds(micro), 2 * _shape.Batch, padding: 0);
        WriteColumn(_layout.SourceTokens, _host.SourceTokens(micro), _layout.SourceRows, padding: 0);
        WriteColumn(_layout.SourceBounds, _host.SourceBounds(micro), 2 * _shape.Batch, padding: 0);
        if (_model.Description.Result is { IsOfSequences: true } result)
            PooledRows.Write(_batch, _layout.PooledRows, _column, _host.Bounds(micro), _shape.Time, result.Pooling);
    }

    // What a model does not have is empty here.
    private void WriteColumn(Place column, ReadOnlySpan<int> values, int rows, int padding)
    {
        if (values.IsEmpty)
            return;

        var padded = _column.AsSpan(0, rows);
        values.CopyTo(padded);
        padded[values.Length..].Fill(padding);
        _batch.Write<int>(padded, column.Offset);
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

    private readonly struct ForwardBackwardAction(BatchShape shape, float lossScale) : ITargetAction
    {
        public void Invoke<TTarget>(in TTarget on)
            where TTarget : struct, ITarget
        {
            TModel.Forward(on, shape, lossScale);
            TModel.Backward(on, shape);
        }
    }

    private readonly struct EvaluateAction(BatchShape shape) : ITargetAction
    {
        public void Invoke<TTarget>(in TTarget on)
            where TTarget : struct, ITarget => TModel.Evaluate(on, shape);
    }
}
