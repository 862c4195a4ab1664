using Intaglio.Numerics;

namespace Intaglio;

/// <summary>The sizes of an <see cref="EncoderSession{TModel}"/>, which decide its memory.</summary>
public sealed record EncoderOptions
{
    /// <summary>The most sequences at a time. Default 1.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>Tokens a sequence; 0, the default, for the model's context length.</summary>
    public int Length { get; init; }

    internal void Validate(int modelContextLength)
    {
        if (BatchSize < 1)
            throw new ArgumentOutOfRangeException(nameof(BatchSize), BatchSize, "BatchSize must be 1 or more.");

        if (Length < 0 || Length > modelContextLength)
            throw new ArgumentOutOfRangeException(nameof(Length), Length, $"Length must be from 1 to the model's context length, {modelContextLength}, or 0 for all of it.");
    }
}

/// <summary>
/// Runs whole sequences through a model that generates nothing: an encoder with its head. It holds the memory to run them; the weights stay the model's, and any number of
/// sessions may share them. For one thread at a time; a run allocates nothing.
/// </summary>
/// <typeparam name="TModel">The model's class.</typeparam>
public sealed class EncoderSession<TModel> : IDisposable
    where TModel : LanguageModel, IEncoder<TModel>
{
    private readonly TModel _model;
    private readonly object? _trainer;
    private readonly int _batchSize;
    private readonly int _length;
    private readonly Execution _execution;
    private readonly DeviceBuffer _arena;
    private readonly DeviceBuffer _batch;
    private readonly List<IDisposable> _owned = [];
    private readonly int[] _column;
    private readonly int[] _bounds;
    private readonly float[] _result;
    private BatchShape _shape;

    /// <summary>Opens a session on a model's weights. <see cref="EncoderSessions"/> say it shorter.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The model is being trained.</exception>
    /// <exception cref="DeviceException">The device has not enough memory.</exception>
    public EncoderSession(TModel model, EncoderOptions? options = null)
        : this(model, options ?? new(), trainer: null)
    {
    }

    internal EncoderSession(TModel model, EncoderOptions options, object? trainer)
    {
        ArgumentNullException.ThrowIfNull(model);
        options.Validate(model.Description.ContextLength);
        WeightsClaim.RequireReadable(model, trainer);
        (_model, _trainer, _batchSize) = (model, trainer, options.BatchSize);
        _length = options.Length == 0 ? model.Description.ContextLength : options.Length;
        var layout = new BatchLayout(new BatchShape(_batchSize, _length));
        _column = new int[2 * layout.Rows];
        _bounds = new int[2 * _batchSize];
        _result = new float[checked((Result.IsOfSequences ? _batchSize : _batchSize * _length) * Result.Width)];
        try
        {
            _arena = Own(model.Device.Allocate(TModel.EncodingArenaBytes(layout)));
            _batch = Own(model.Device.Allocate(layout.Bytes));
            _execution = Own(model.Device.CreateExecution(model.Description.Kernels));
        }
        catch
        {
            Dispose();
            throw;
        }

        model.BindTo(_execution);
        _execution.Bind(Region.Arena, _arena);
        _execution.Bind(Region.Batch, _batch);
    }

    /// <summary>What a run gives.</summary>
    public ModelResult Result => _model.Description.Result!;

    /// <summary>How many launches of each algorithm have run.</summary>
    public IReadOnlyDictionary<string, long> LaunchCounts => _execution.LaunchCounts;

    /// <summary>Bytes on the device beside the model's weights, from formulas alone: the arena, the batch and the execution's workspace.</summary>
    public long PlannedBytes => _arena.Bytes + _batch.Bytes + _model.Device.WorkspaceBytes;

    /// <summary>Runs one sequence.</summary>
    /// <inheritdoc cref="Run(ReadOnlySpan{int}, int, ReadOnlySpan{int}, ReadOnlySpan{int})"/>
    public ReadOnlySpan<float> Run(ReadOnlySpan<int> tokens) => Run(tokens, sequences: 1);

    /// <summary>Runs sequences of one length, padded where they differ.</summary>
    /// <param name="tokens">[sequences, length].</param>
    /// <param name="sequences">How many.</param>
    /// <param name="bounds">[sequences, 2]: the first token of each that is no padding, and the one after the last. Empty: nothing is padding.</param>
    /// <param name="tokenTypes">[sequences, length]. Empty: all are 0.</param>
    /// <returns>A row of <see cref="ModelResult.Width"/> numbers for each token or sequence, as <see cref="Result"/> says; valid until the next run.</returns>
    /// <exception cref="ArgumentException">A length or a value does not fit the session or the model, or a sequence is all padding.</exception>
    /// <exception cref="InvalidOperationException">The model is being trained.</exception>
    public ReadOnlySpan<float> Run(ReadOnlySpan<int> tokens, int sequences, ReadOnlySpan<int> bounds = default, ReadOnlySpan<int> tokenTypes = default)
    {
        WeightsClaim.RequireReadable(_model, _trainer);
        SetShape(tokens.Length, sequences);
        SetBounds(bounds);
        var layout = new BatchLayout(_shape);
        Write(layout.Tokens, tokens, layout.Rows, _model.Description.VocabularySize, "Tokens");
        Write(layout.Bounds, _bounds.AsSpan(0, 2 * sequences), 2 * sequences, _shape.Time + 1, "Bounds");
        WriteTypes(layout, tokenTypes);
        WritePositions(layout);
        if (Result.IsOfSequences)
            PooledRows.Write(_batch, layout.PooledRows, _column, _bounds.AsSpan(0, 2 * sequences), _shape.Time, Result.Pooling);

        var action = new EncodeAction(_shape);
        _execution.Run(ref action);
        var result = _result.AsSpan(0, (Result.IsOfSequences ? sequences : _shape.Rows) * Result.Width);
        _arena.Read(result, TModel.Result(layout).Offset);
        return result;
    }

    /// <summary>Gives back the device memory.</summary>
    public void Dispose()
    {
        for (var i = _owned.Count - 1; i >= 0; i--)
            _owned[i].Dispose();

        _owned.Clear();
    }

    private void SetShape(int tokens, int sequences)
    {
        if (sequences < 1 || sequences > _batchSize)
            throw new ArgumentOutOfRangeException(nameof(sequences), sequences, $"This session runs from 1 to {_batchSize} sequences at a time.");

        if (tokens == 0 || tokens % sequences != 0)
            throw new ArgumentException($"{tokens} tokens are not {sequences} sequences of one length.", nameof(tokens));

        if (tokens / sequences > _length)
            throw new ArgumentException($"Sequences of {tokens / sequences} tokens are longer than the session's {_length}.", nameof(tokens));

        _shape = new(sequences, tokens / sequences);
    }

    private void SetBounds(ReadOnlySpan<int> bounds)
    {
        if (!bounds.IsEmpty && bounds.Length != 2 * _shape.Batch)
            throw new ArgumentException($"There are {bounds.Length} bounds; {_shape.Batch} sequences have {2 * _shape.Batch}.", nameof(bounds));

        for (var sequence = 0; sequence < _shape.Batch; sequence++)
        {
            var (first, end) = bounds.IsEmpty ? (0, _shape.Time) : (bounds[2 * sequence], bounds[(2 * sequence) + 1]);
            if (first < 0 || end > _shape.Time || first >= end)
                throw new ArgumentException($"The bounds of sequence {sequence} are {first} and {end}; they lie within 0 and {_shape.Time}, with a token between them.", nameof(bounds));

            (_bounds[2 * sequence], _bounds[(2 * sequence) + 1]) = (first, end);
        }
    }

    private void WriteTypes(BatchLayout layout, ReadOnlySpan<int> tokenTypes)
    {
        var types = _model.Description.TokenTypes;
        if (types == 0)
        {
            if (!tokenTypes.IsEmpty)
                throw new ArgumentException($"{_model.Description.Name} has no token types.", nameof(tokenTypes));
            return;
        }

        if (!tokenTypes.IsEmpty && tokenTypes.Length != _shape.Rows)
            throw new ArgumentException($"There are {tokenTypes.Length} token types for {_shape.Rows} tokens.", nameof(tokenTypes));

        Write(layout.TokenTypes, tokenTypes, layout.Rows, types, "Token types");
    }

    private void WritePositions(BatchLayout layout)
    {
        for (var row = 0; row < layout.Rows; row++)
            _column[row] = row < _shape.Rows ? row % _shape.Time : 0;

        _batch.Write<int>(_column.AsSpan(0, layout.Rows), layout.Positions.Offset);
    }

    private void Write(Place column, ReadOnlySpan<int> values, int rows, int limit, string what)
    {
        foreach (var value in values)
        {
            if ((uint)value >= (uint)limit)
                throw new ArgumentOutOfRangeException(what, value, $"{what} of {_model.Description.Name} are from 0 to {limit - 1}.");
        }

        var padded = _column.AsSpan(0, rows);
        values.CopyTo(padded);
        padded[values.Length..].Clear();
        _batch.Write<int>(padded, column.Offset);
    }

    private T Own<T>(T resource)
        where T : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }

    private readonly struct EncodeAction(BatchShape shape) : ITargetAction
    {
        public void Invoke<TTarget>(in TTarget on)
            where TTarget : struct, ITarget => TModel.Encode(on, shape);
    }
}

/// <summary>Opens sessions on models that generate nothing.</summary>
public static class EncoderSessions
{
    extension<TModel>(TModel model)
        where TModel : LanguageModel, IEncoder<TModel>
    {
        /// <summary>Opens a session that runs whole sequences.</summary>
        /// <param name="options">The session's sizes; null for one sequence of the model's context length.</param>
        /// <exception cref="ArgumentOutOfRangeException">A size is out of its range.</exception>
        /// <exception cref="InvalidOperationException">The model is being trained.</exception>
        /// <exception cref="DeviceException">The device has not enough memory.</exception>
        public EncoderSession<TModel> OpenSession(EncoderOptions? options = null) => new(model, options);
    }

    extension<TModel>(Trainer<TModel> trainer)
        where TModel : LanguageModel, ITrainable<TModel>, IEncoder<TModel>
    {
        /// <summary>Opens a session that may read the weights between two steps; use it on the trainer's thread.</summary>
        /// <param name="options">The session's sizes; null for one sequence of the model's context length.</param>
        public EncoderSession<TModel> OpenSession(EncoderOptions? options = null) => new(trainer.Model, options ?? new(), trainer);
    }
}
