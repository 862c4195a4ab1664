using Intaglio.Generation;
using Intaglio.Numerics;

namespace Intaglio;

/// <summary>
/// Generates tokens with a model. It holds the keys and values of the sequences in its slots and the memory to run them; the weights stay the model's,
/// and any number of sessions may share them. For one thread at a time.
/// </summary>
/// <typeparam name="TModel">The model's class.</typeparam>
public sealed class GenerationSession<TModel> : IDisposable
    where TModel : LanguageModel, ILanguageModel<TModel>
{
    private readonly TModel _model;
    private readonly object? _trainer;
    private readonly int _vocabulary;
    private readonly BatchLayout _layout;
    private readonly Execution _execution;
    private readonly DeviceBuffer _cache;
    private readonly DeviceBuffer _arena;
    private readonly DeviceBuffer _batch;
    private readonly List<IDisposable> _owned = [];

    // What the next run takes: the batch region as the device will see it, and the slots whose logits come out.
    private readonly int[] _input;
    private readonly int[] _outputSlots;
    private int _rows;
    private int _outputs;

    // Each slot's tokens in the cache, the token that was chosen and is not there yet, and the logits after the last token.
    private readonly int[] _lengths;
    private readonly int[] _pending;
    private readonly int[] _sourceLengths;
    private readonly float[] _logits;
    private readonly Candidate[] _candidates;

    /// <summary>Opens a session on a model's weights. <see cref="ModelSessions.OpenSession"/> says it shorter.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The model is being trained.</exception>
    /// <exception cref="DeviceException">The device has not enough memory.</exception>
    public GenerationSession(TModel model, SessionOptions? options = null)
        : this(model, options ?? new(), trainer: null)
    {
    }

    internal GenerationSession(TModel model, SessionOptions options, object? trainer)
    {
        ArgumentNullException.ThrowIfNull(model);
        options.Validate(model.Description.ContextLength);
        WeightsClaim.RequireReadable(model, trainer);
        _model = model;
        _trainer = trainer;
        _vocabulary = model.Description.VocabularySize;
        CacheLayout = LayoutOf(model.Description, options);
        _layout = new(BatchLayout.RowsFor(Math.Max(Math.Min(options.ChunkRows, Capacity), Slots), 1));
        _input = new int[_layout.Bytes / sizeof(int)];
        _outputSlots = new int[_layout.Rows];
        _lengths = new int[Slots];
        _pending = new int[Slots];
        _sourceLengths = new int[Slots];
        _logits = new float[checked(Slots * _vocabulary)];
        _candidates = new Candidate[_vocabulary];
        _pending.AsSpan().Fill(NoToken);
        try
        {
            _cache = Own(model.Device.Allocate(CacheBytes));
            _arena = Own(model.Device.Allocate(TModel.InferenceArenaBytes(_layout.Rows)));
            _batch = Own(model.Device.Allocate(_layout.Bytes));
            _execution = Own(model.Device.CreateExecution(model.Description.Kernels));
        }
        catch
        {
            Dispose();
            throw;
        }

        model.BindTo(_execution);
        _execution.Bind(Region.Cache, _cache);
        _execution.Bind(Region.Arena, _arena);
        _execution.Bind(Region.Batch, _batch);
    }

    private const int NoToken = -1;

    /// <summary>Sequences side by side.</summary>
    public int Slots => CacheLayout.Slots;

    /// <summary>Tokens that a slot holds.</summary>
    public int Capacity => CacheLayout.Capacity;

    internal CacheLayout CacheLayout { get; }

    /// <summary>How <see cref="Next(int)"/> chooses. Default: draws from the whole distribution.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public GenerationSettings Settings
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            value.Validate();
            field = value;
        }
    } = new();

    /// <summary>Bytes on the device beside the model's weights, from formulas alone: the cache, the arena, the batch and the execution's workspace.</summary>
    public long PlannedBytes => CacheBytes + TModel.InferenceArenaBytes(_layout.Rows) + _layout.Bytes + _model.Device.WorkspaceBytes;

    /// <summary>How many launches of each algorithm have run.</summary>
    public IReadOnlyDictionary<string, long> LaunchCounts => _execution.LaunchCounts;

    private long CacheBytes => CacheLayout.Bytes;

    private static CacheLayout LayoutOf(ModelDescription description, SessionOptions options) => new(
        description.Layers,
        options.Slots,
        options.Capacity == 0 ? description.ContextLength : options.Capacity,
        description.HasSource ? options.SourceCapacity == 0 ? description.ContextLength : options.SourceCapacity : 0,
        description.CacheBytesPerTokenAndLayer,
        description.SourceBytesPerTokenAndLayer,
        description.RelativeBiasHeads);

    /// <summary>How many tokens a slot's sequence has, the one chosen last included.</summary>
    public int Length(int slot = 0) => _lengths[slot] + (_pending[slot] == NoToken ? 0 : 1);

    /// <summary>The logits of the token after a slot's last one, as the last <see cref="Append(int, ReadOnlySpan{int})"/> or <see cref="Next(int)"/> computed them.</summary>
    public ReadOnlySpan<float> Logits(int slot = 0) => _logits.AsSpan(slot * _vocabulary, _vocabulary);

    /// <summary>Forgets a slot's sequence.</summary>
    public void Reset(int slot = 0)
    {
        _lengths[slot] = 0;
        _pending[slot] = NoToken;
    }

    /// <summary>Adds tokens to the sequence of slot 0.</summary>
    /// <inheritdoc cref="Append(int, ReadOnlySpan{int})"/>
    public void Append(ReadOnlySpan<int> tokens) => Append(0, tokens);

    /// <summary>Adds tokens to a slot's sequence, at most <see cref="SessionOptions.ChunkRows"/> at a time, and computes the logits after the last one.</summary>
    /// <exception cref="ArgumentException">There are no tokens, or one is not the model's.</exception>
    /// <exception cref="InvalidOperationException">The slot has not room for them, or the model is being trained; nothing was added.</exception>
    public void Append(int slot, ReadOnlySpan<int> tokens)
    {
        WeightsClaim.RequireReadable(_model, _trainer);
        RequireTokens(tokens);
        RequireRoom(slot, Length(slot) + tokens.Length);
        TakePending(slot, wantsLogits: false);
        for (var i = 0; i < tokens.Length; i++)
        {
            if (_rows == _layout.Rows)
                Run();

            AddRow(slot, tokens[i], wantsLogits: i == tokens.Length - 1);
        }

        RunToSlots();
    }

    /// <summary>Chooses the next token of a slot's sequence as <see cref="Settings"/> say, and adds it.</summary>
    /// <exception cref="InvalidOperationException">The slot is empty or full, or the model is being trained.</exception>
    /// <exception cref="IntaglioException">The logits are not numbers.</exception>
    public int Next(int slot = 0) => Settings is { Temperature: > 0 } settings
        ? Next(new Chain<Temperature, TopK, TopP, Draw>(new(settings.Temperature), new(settings.TopK), new(settings.TopP), default), slot)
        : Next(default(Greedy), slot);

    /// <summary>Chooses the next token of a slot's sequence, and adds it.</summary>
    /// <inheritdoc cref="Next(int)"/>
    public int Next<TSampler>(in TSampler sampler, int slot = 0)
        where TSampler : struct, ISampler
    {
        Span<int> token = stackalloc int[1];
        Next(sampler, [slot], token);
        return token[0];
    }

    /// <summary>Chooses the next token of several sequences, all in one pass through the model, and adds them.</summary>
    /// <param name="sampler">How to choose.</param>
    /// <param name="slots">Which sequences, each once.</param>
    /// <param name="tokens">Gets the token of each.</param>
    /// <exception cref="ArgumentException"><paramref name="tokens"/> is not as long as <paramref name="slots"/>.</exception>
    /// <exception cref="InvalidOperationException">A slot is empty or full, or the model is being trained; nothing was added.</exception>
    /// <exception cref="IntaglioException">The logits are not numbers.</exception>
    public void Next<TSampler>(in TSampler sampler, ReadOnlySpan<int> slots, Span<int> tokens)
        where TSampler : struct, ISampler
    {
        WeightsClaim.RequireReadable(_model, _trainer);
        if (tokens.Length != slots.Length)
            throw new ArgumentException($"There are {slots.Length} slots, but room for {tokens.Length} tokens.", nameof(tokens));

        foreach (var slot in slots)
        {
            if (Length(slot) == 0)
                throw new InvalidOperationException($"Slot {slot} is empty; append a prompt first.");

            RequireRoom(slot, Length(slot));
        }

        foreach (var slot in slots)
            TakePending(slot, wantsLogits: true);

        RunToSlots();
        for (var i = 0; i < slots.Length; i++)
            tokens[i] = _pending[slots[i]] = Sample(sampler, slots[i]);
    }

    /// <summary>
    /// The logits after every token of several sequences, [all tokens, VocabularySize]. The sequences take slot 0 one after the other; what was there is
    /// forgotten. Allocates its result.
    /// </summary>
    /// <exception cref="ArgumentException">A sequence is empty, or has a token that is not the model's.</exception>
    /// <exception cref="InvalidOperationException">A sequence is longer than a slot, or the model is being trained.</exception>
    public float[] ComputeLogits(params ReadOnlySpan<int[]> sequences)
    {
        WeightsClaim.RequireReadable(_model, _trainer);
        var count = 0;
        foreach (var sequence in sequences)
        {
            RequireTokens(sequence);
            RequireRoom(0, sequence.Length);
            count += sequence.Length;
        }

        var logits = new float[checked(count * _vocabulary)];
        var left = logits.AsSpan();
        foreach (var sequence in sequences)
        {
            Reset();
            foreach (var chunk in sequence.Chunk(_layout.Rows))
            {
                foreach (var token in chunk)
                    AddRow(0, token, wantsLogits: true);

                Run();
                _arena.Read(left[..(chunk.Length * _vocabulary)], TModel.Logits(_layout.Rows).Offset);
                left = left[(chunk.Length * _vocabulary)..];
            }
        }

        Reset();
        return logits;
    }

    internal TModel Model => _model;

    internal void RequireReadable() => WeightsClaim.RequireReadable(_model, _trainer);

    /// <summary>Makes weights and cache the regions of another execution.</summary>
    internal void BindCache(Execution execution)
    {
        _model.BindTo(execution);
        execution.Bind(Region.Cache, _cache);
    }

    /// <summary>Says how long the source in a slot is; what the slot held is forgotten.</summary>
    internal void SetSource(int slot, int length)
    {
        Reset(slot);
        _sourceLengths[slot] = length;
    }

    internal T Own<T>(T resource)
        where T : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }

    /// <summary>Gives back the device memory.</summary>
    public void Dispose()
    {
        for (var i = _owned.Count - 1; i >= 0; i--)
            _owned[i].Dispose();

        _owned.Clear();
    }

    private void TakePending(int slot, bool wantsLogits)
    {
        if (_pending[slot] == NoToken)
            return;

        AddRow(slot, _pending[slot], wantsLogits);
        _pending[slot] = NoToken;
    }

    private void AddRow(int slot, int token, bool wantsLogits)
    {
        if (_model.Description.HasSource && _sourceLengths[slot] == 0)
            throw new InvalidOperationException($"Slot {slot} has no source to write of; let a {nameof(SourceReader<>)} read one first.");

        Set(_layout.Tokens, _rows, token);
        Set(_layout.Positions, _rows, _lengths[slot]++);
        Set(_layout.Slots, _rows, slot);
        Set(_layout.SourceEnds, _rows, _sourceLengths[slot] - 1);
        if (wantsLogits)
        {
            Set(_layout.Outputs, _outputs, _rows);
            _outputSlots[_outputs++] = slot;
        }

        _rows++;
    }

    private void Set(Place column, int row, int value) => _input[(int)(column.Offset / sizeof(int)) + row] = value;

    private void RunToSlots()
    {
        var outputs = _outputs;
        Run();
        for (var output = 0; output < outputs; output++)
        {
            var logits = _logits.AsSpan(_outputSlots[output] * _vocabulary, _vocabulary);
            _arena.Read(logits, TModel.Logits(_layout.Rows).Offset + ((long)output * _vocabulary * sizeof(float)));
        }
    }

    private void Run()
    {
        if (_rows == 0)
            return;

        // The middle of a prompt needs no logits, but a launch over no rows is not every target's.
        if (_outputs == 0)
            Set(_layout.Outputs, _outputs++, 0);

        _batch.Write<int>(_input);
        var action = new InferAction(_rows, _layout.Rows, _outputs, CacheLayout);
        _rows = _outputs = 0;
        _execution.Run(ref action);
    }

    private int Sample<TSampler>(in TSampler sampler, int slot)
        where TSampler : struct, ISampler
    {
        var logits = Logits(slot);
        foreach (var logit in logits)
        {
            if (!(logit < float.PositiveInfinity))
                throw new IntaglioException($"{_model.Description.Name} computed a logit of {logit}; its weights are damaged, or its training diverged.");
        }

        return sampler.Sample(logits, _candidates, RandomStream.For(Settings.Seed, (ulong)_lengths[slot], (uint)slot));
    }

    private void RequireTokens(ReadOnlySpan<int> tokens)
    {
        if (tokens.IsEmpty)
            throw new ArgumentException("There must be at least one token.", nameof(tokens));

        foreach (var token in tokens)
        {
            if ((uint)token >= (uint)_vocabulary)
                throw new ArgumentOutOfRangeException(nameof(tokens), token, $"Tokens of {_model.Description.Name} are from 0 to {_vocabulary - 1}.");
        }
    }

    private void RequireRoom(int slot, int length)
    {
        if (length > Capacity)
        {
            throw new InvalidOperationException(
                $"Slot {slot} has room for {Capacity} tokens, {length} are needed; Reset it and append what should stay (the model's context length is {_model.Description.ContextLength}).");
        }
    }

    private readonly struct InferAction(int rows, int paddedRows, int outputs, CacheLayout cache) : ITargetAction
    {
        public void Invoke<TTarget>(in TTarget on)
            where TTarget : struct, ITarget => TModel.Infer(on, rows, paddedRows, outputs, cache);
    }
}

/// <summary>Opens sessions on models.</summary>
public static class ModelSessions
{
    /// <summary>Opens a session that generates with a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The session's sizes; null for one sequence of the model's context length.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The model is being trained.</exception>
    /// <exception cref="DeviceException">The device has not enough memory.</exception>
    public static GenerationSession<TModel> OpenSession<TModel>(this TModel model, SessionOptions? options = null)
        where TModel : LanguageModel, ILanguageModel<TModel> => new(model, options);
}
