using Intaglio.Numerics;
using Intaglio.Tokenizers;

namespace Intaglio;

/// <summary>
/// Trains a model with AdamW. It owns gradients, moments and the arena, and it is the only writer of the model's weights: while it trains, a
/// <see cref="GenerationSession{TModel}"/> on the model works only if <see cref="TrainerSessions"/> opened it. Not thread-safe.
/// </summary>
/// <typeparam name="TModel">The model's class.</typeparam>
public sealed partial class Trainer<TModel> : IDisposable
    where TModel : LanguageModel, ITrainable<TModel>
{
    private readonly TModel _model;
    private readonly BatchShape _shape;
    private readonly BatchLayout _layout;
    private readonly Execution _execution;
    private readonly DeviceBuffer _gradients;
    private readonly DeviceBuffer _firstMoments;
    private readonly DeviceBuffer _secondMoments;
    private readonly DeviceBuffer _arena;
    private readonly DeviceBuffer _batch;
    private readonly List<IDisposable> _owned = [];
    private readonly ParameterRange[] _ranges;
    private readonly LearningRateSchedule _schedule;

    /// <summary>Becomes the model's writer and allocates all that training needs.</summary>
    /// <param name="model">The model; its weights are where training starts. The trainer does not dispose it.</param>
    /// <param name="options">How to train; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the model's weights are not FP32.</exception>
    /// <exception cref="InvalidOperationException">Another trainer trains the model.</exception>
    /// <exception cref="DeviceException">The device has not enough memory.</exception>
    public Trainer(TModel model, TrainerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Options = options ?? new();
        Options.Validate(model.Description.ContextLength);
        if (model.Description.Format != NumberFormat.FP32)
            throw new ArgumentException($"{model.Description.Name} stores its weights as {model.Description.Format}; only FP32 models train.", nameof(model));

        _model = model;
        _schedule = Options.Schedule;
        var context = model.Description.ContextLength;
        _shape = new(
            Options.BatchSize,
            Options.ContextLength == 0 ? context : Options.ContextLength,
            !model.Description.HasSource ? 0 : Options.SourceLength == 0 ? context : Options.SourceLength);
        _layout = new(_shape);
        _ranges = ParameterRanges.Of(model.Description.Parameters);
        _host = new(model.Description, _shape, Options.GradientAccumulation);
        _column = new int[Math.Max(2 * _layout.Rows, _layout.SourceRows)];
        _losses = new float[_host.TargetsPerMicro];
        History = new(Options.Steps);
        WeightsClaim.Take(model, this);
        try
        {
            _gradients = Own(model.Device.Allocate(GradientBytes));
            _firstMoments = Own(model.Device.Allocate(GradientBytes));
            _secondMoments = Own(model.Device.Allocate(GradientBytes));
            _arena = Own(model.Device.Allocate(ArenaBytes));
            _batch = Own(model.Device.Allocate(_layout.Bytes));
            _execution = Own(model.Device.CreateExecution(model.Description.Kernels));
        }
        catch
        {
            Dispose();
            throw;
        }

        model.BindTo(_execution);
        _execution.Bind(Region.Gradients, _gradients);
        _execution.Bind(Region.FirstMoments, _firstMoments);
        _execution.Bind(Region.SecondMoments, _secondMoments);
        _execution.Bind(Region.Arena, _arena);
        _execution.Bind(Region.Batch, _batch);
        WritePositions();
    }

    /// <summary>How the model is trained.</summary>
    public TrainerOptions Options { get; }

    /// <summary>How many optimizer steps the run has made, those before a resume included.</summary>
    public long CompletedSteps { get; private set; }

    /// <summary>The losses of the run so far.</summary>
    public LossHistory History { get; }

    /// <summary>√Σg² over all parameters in the last step, before clipping.</summary>
    public double GradientNorm { get; private set; }

    /// <summary>Tokens that one optimizer step trains on: BatchSize · (ContextLength + SourceLength) · GradientAccumulation.</summary>
    public int TokensPerStep => _host.TokenCount;

    /// <summary>
    /// Bytes on the device, from formulas alone: weights, gradients and two moments of 4 bytes a parameter each, the arena (the larger of the training and
    /// the evaluation plan), the batch, and the execution's own workspace.
    /// </summary>
    public long PlannedBytes => _model.Weights.Bytes + (3 * GradientBytes) + ArenaBytes + _layout.Bytes + _model.Device.WorkspaceBytes;

    /// <summary>How many launches of each algorithm have run.</summary>
    public IReadOnlyDictionary<string, long> LaunchCounts => _execution.LaunchCounts;

    private long GradientBytes => _model.Description.Parameters.Length * sizeof(float);

    private long ArenaBytes => Math.Max(TModel.TrainingArenaBytes(_layout), TModel.EvaluationArenaBytes(_layout));

    internal TModel Model => _model;

    /// <summary>The gradient of one parameter as the last step left it, before clipping, row-major.</summary>
    /// <param name="name">Its name in a checkpoint, such as <c>h.0.attn.c_attn.weight</c>.</param>
    /// <exception cref="ArgumentException">The model has no such parameter.</exception>
    public float[] ReadGradient(string name)
    {
        var (entry, _, offset) = Find(name);
        var values = new float[entry.Count];
        _gradients.Read<float>(values, offset * sizeof(float));
        return values;
    }

    /// <summary>Gives back the device memory and stops being the model's writer.</summary>
    public void Dispose()
    {
        for (var i = _owned.Count - 1; i >= 0; i--)
            Release(_owned[i]);

        _owned.Clear();
        _run?.Dispose();
        _run = null;
        WeightsClaim.Release(_model, this);
    }

    // A lost device takes nothing back; the rest is to be released all the same, and the error that told of the loss is the one to see.
    private static void Release(IDisposable resource)
    {
        try
        {
            resource.Dispose();
        }
        catch (DeviceException)
        {
        }
    }

    private Parameter Find(string name)
    {
        foreach (var parameter in _model.Description.Parameters.Parameters())
        {
            if (parameter.Name == name)
                return parameter;
        }

        throw new ArgumentException($"{_model.Description.Name} has no parameter '{name}'.", nameof(name));
    }

    private T Own<T>(T resource)
        where T : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }

    // Positions repeat in every batch, so they are sent once.
    private void WritePositions()
    {
        WritePositions(_layout.Positions, _shape.Rows, _shape.Time, _layout.Rows);
        WritePositions(_layout.SourcePositions, _shape.SourceRows, _shape.SourceTime, _layout.SourceRows);
    }

    private void WritePositions(Place column, int rows, int time, int padded)
    {
        if (rows == 0)
            return;

        for (var row = 0; row < rows; row++)
            _column[row] = row % time;

        _column.AsSpan(rows, padded - rows).Clear();
        _batch.Write<int>(_column.AsSpan(0, padded), column.Offset);
    }
}
