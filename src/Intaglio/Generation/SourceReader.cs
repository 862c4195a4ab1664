using Intaglio.Numerics;

namespace Intaglio;

/// <summary>
/// Lets the encoder of an encoder-decoder read sources, so that a session's slots can write of them: each layer's keys and values of a source stay in the session's cache.
/// For the session's thread.
/// </summary>
/// <typeparam name="TModel">The model's class.</typeparam>
public sealed class SourceReader<TModel>
    where TModel : LanguageModel, ISequenceToSequence<TModel>
{
    private readonly GenerationSession<TModel> _session;
    private readonly BatchLayout _layout;
    private readonly DeviceBuffer _arena;
    private readonly DeviceBuffer _batch;
    private readonly Execution _execution;
    private readonly int[] _column;

    /// <summary>Makes a reader for one source at a time; its memory is given back with the session's.</summary>
    /// <param name="session">The session.</param>
    /// <exception cref="DeviceException">The device has not enough memory.</exception>
    public SourceReader(GenerationSession<TModel> session)
    {
        ArgumentNullException.ThrowIfNull(session);
        _session = session;
        _layout = new(new BatchShape(1, 0, session.CacheLayout.SourceCapacity));
        _column = new int[_layout.SourceRows];
        _arena = session.Own(session.Model.Device.Allocate(TModel.SourceArenaBytes(_layout)));
        _batch = session.Own(session.Model.Device.Allocate(_layout.Bytes));
        _execution = session.Own(session.Model.Device.CreateExecution(session.Model.Description.Kernels));
        session.BindCache(_execution);
        _execution.Bind(Region.Arena, _arena);
        _execution.Bind(Region.Batch, _batch);
    }

    /// <summary>Reads a source into a slot; what the slot held is forgotten.</summary>
    /// <param name="source">The source's tokens.</param>
    /// <param name="slot">The slot.</param>
    /// <exception cref="ArgumentException">The source is empty or longer than the session's SourceCapacity, or a token is not the model's.</exception>
    /// <exception cref="InvalidOperationException">The model is being trained.</exception>
    public void Read(ReadOnlySpan<int> source, int slot = 0)
    {
        _session.RequireReadable();
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slot, _session.Slots);
        if (source.IsEmpty || source.Length > _session.CacheLayout.SourceCapacity)
            throw new ArgumentException($"A source of this session has from 1 to {_session.CacheLayout.SourceCapacity} tokens, not {source.Length}.", nameof(source));

        foreach (var token in source)
        {
            if ((uint)token >= (uint)_session.Model.Description.VocabularySize)
                throw new ArgumentOutOfRangeException(nameof(source), token, $"Tokens of {_session.Model.Description.Name} are from 0 to {_session.Model.Description.VocabularySize - 1}.");
        }

        var shape = new BatchShape(1, 0, source.Length);
        var layout = new BatchLayout(shape);
        source.CopyTo(_column);
        Write(layout.SourceTokens, source.Length, layout.SourceRows);
        for (var row = 0; row < source.Length; row++)
            _column[row] = row;

        Write(layout.SourcePositions, source.Length, layout.SourceRows);
        _column.AsSpan(0, source.Length).Fill(slot);
        Write(layout.SourceSlots, source.Length, layout.SourceRows);
        (_column[0], _column[1]) = (0, source.Length);
        Write(layout.SourceBounds, 2, 2);

        var action = new EncodeAction(shape, _session.CacheLayout);
        _execution.Run(ref action);
        _session.SetSource(slot, source.Length);
    }

    private void Write(Place column, int values, int rows)
    {
        _column.AsSpan(values, rows - values).Clear();
        _batch.Write<int>(_column.AsSpan(0, rows), column.Offset);
    }

    private readonly struct EncodeAction(BatchShape shape, CacheLayout cache) : ITargetAction
    {
        public void Invoke<TTarget>(in TTarget on)
            where TTarget : struct, ITarget => TModel.EncodeSource(on, shape, cache);
    }
}
