using Intaglio.Numerics;
using Intaglio.Objectives;

namespace Intaglio;

/// <summary>A step's micro-batches on the host, as a model needs them.</summary>
internal sealed class HostBatch
{
    private readonly ModelDescription _description;
    private readonly BatchShape _shape;
    private readonly int _micros;
    private readonly int[] _tokens;
    private readonly int[] _targets;
    private readonly int[] _endTargets;
    private readonly int[] _types;
    private readonly int[] _bounds;
    private readonly int[] _sourceTokens;
    private readonly int[] _sourceBounds;

    public HostBatch(ModelDescription description, BatchShape shape, int micros)
    {
        (_description, _shape, _micros) = (description, shape, micros);
        _tokens = new int[checked(shape.Rows * micros)];
        _targets = new int[(IsOfSequences ? shape.Batch : shape.Rows) * micros];
        _endTargets = new int[IsSpan ? shape.Batch * micros : 0];
        _types = new int[description.TokenTypes > 0 ? _tokens.Length : 0];
        _bounds = new int[description.HasBounds ? 2 * shape.Batch * micros : 0];
        _sourceTokens = new int[checked(shape.SourceRows * micros)];
        _sourceBounds = new int[shape.SourceTime > 0 ? 2 * shape.Batch * micros : 0];
        Clear();
    }

    /// <summary>Tokens of a step; an encoder-decoder's source counts too.</summary>
    public int TokenCount => _tokens.Length + _sourceTokens.Length;

    private bool IsSpan => _description.Result is { Kind: ResultKind.Span };

    private bool IsOfSequences => IsSpan || _description.Result is { IsOfSequences: true };

    /// <summary>Targets of a micro-batch.</summary>
    public int TargetsPerMicro => _targets.Length / _micros;

    public Span<int> Tokens(int micro) => Part(_tokens, micro);

    public Span<int> Targets(int micro) => Part(_targets, micro);

    public Span<int> EndTargets(int micro) => Part(_endTargets, micro);

    public Span<int> Types(int micro) => Part(_types, micro);

    public Span<int> Bounds(int micro) => Part(_bounds, micro);

    public Span<int> SourceTokens(int micro) => Part(_sourceTokens, micro);

    public Span<int> SourceBounds(int micro) => Part(_sourceBounds, micro);

    /// <summary>What an objective fills.</summary>
    public TrainingBatch Micro(int micro) => new(_shape.Batch, Tokens(micro), Targets(micro))
    {
        TokenTypes = Types(micro),
        EndTargets = EndTargets(micro),
        Bounds = Bounds(micro),
        SourceTokens = SourceTokens(micro),
        SourceBounds = SourceBounds(micro),
    };

    /// <summary>Types are 0 and nothing is padding, until it is said otherwise.</summary>
    public void Clear()
    {
        _types.AsSpan().Clear();
        FillBounds(_bounds, _shape.Time);
        FillBounds(_sourceBounds, _shape.SourceTime);
    }

    /// <summary>Takes over a step's tokens and targets; nothing is padding, and there is no source.</summary>
    /// <exception cref="ArgumentException">A length or a value does not fit the model, or every target is ignored.</exception>
    public void Set(ReadOnlySpan<int> tokens, ReadOnlySpan<int> targets)
    {
        if (_sourceTokens.Length > 0 || _endTargets.Length > 0)
            throw new ArgumentException($"{_description.Name} needs more than tokens and targets; give a {nameof(TrainingBatch)}.", nameof(tokens));

        Clear();
        Copy(tokens, _tokens, "inputs");
        Copy(targets, _targets, "targets");
        Validate();
    }

    /// <summary>Takes over a step's batch.</summary>
    /// <exception cref="ArgumentException">A length or a value does not fit the model, or every target is ignored.</exception>
    public void Set(in TrainingBatch batch)
    {
        if (batch.Rows != _shape.Batch * _micros)
            throw new ArgumentException($"A step takes {_shape.Batch * _micros} sequences, not {batch.Rows}.", nameof(batch));

        Clear();
        Copy(batch.Tokens, _tokens, nameof(batch.Tokens));
        Copy(batch.Targets, _targets, nameof(batch.Targets));
        Copy(batch.EndTargets, _endTargets, nameof(batch.EndTargets));
        Copy(batch.SourceTokens, _sourceTokens, nameof(batch.SourceTokens));
        CopyIfGiven(batch.TokenTypes, _types, nameof(batch.TokenTypes));
        CopyIfGiven(batch.Bounds, _bounds, nameof(batch.Bounds));
        CopyIfGiven(batch.SourceBounds, _sourceBounds, nameof(batch.SourceBounds));
        Validate();
    }

    /// <summary>Checks every value against the model, and that there is something to learn.</summary>
    /// <exception cref="ArgumentException">A value does not fit, or every target is ignored.</exception>
    public void Validate()
    {
        RequireFit();
        if (CountTargets() == 0)
            throw new ArgumentException("Every target is ignored, so there is nothing to learn.");
    }

    /// <summary>Checks every value against the model.</summary>
    /// <exception cref="ArgumentException">One does not fit.</exception>
    public void RequireFit()
    {
        RequireBelow(_tokens, _description.VocabularySize, "Tokens");
        RequireBelow(_sourceTokens, _description.VocabularySize, "Source tokens");
        RequireBelow(_types, _description.TokenTypes, "Token types");
        RequireBounds(_bounds, _shape.Time, "Bounds");
        RequireBounds(_sourceBounds, _shape.SourceTime, "Source bounds");
        var targets = IsSpan ? _shape.Time : _description.Result?.Width ?? _description.VocabularySize;
        RequireTargets(_targets, targets);
        RequireTargets(_endTargets, targets);
    }

    /// <summary>How many targets of the step count.</summary>
    public int CountTargets()
    {
        var count = 0;
        foreach (var target in _targets)
            count += target >= 0 ? 1 : 0;

        return count;
    }

    private Span<int> Part(int[] values, int micro) => values.AsSpan(values.Length / _micros * micro, values.Length / _micros);

    private static void FillBounds(int[] bounds, int time)
    {
        for (var index = 0; index < bounds.Length; index++)
            bounds[index] = index % 2 * time;
    }

    private static void CopyIfGiven(ReadOnlySpan<int> values, int[] destination, string name)
    {
        if (!values.IsEmpty)
            Copy(values, destination, name);
    }

    private static void Copy(ReadOnlySpan<int> values, int[] destination, string name)
    {
        if (values.Length != destination.Length)
            throw new ArgumentException($"A step takes {destination.Length} {name}, not {values.Length}.", name);

        values.CopyTo(destination);
    }

    private static void RequireBelow(int[] values, int limit, string what)
    {
        foreach (var value in values)
        {
            if ((uint)value >= (uint)limit)
                throw new ArgumentOutOfRangeException(what, value, $"{what} of this model are from 0 to {limit - 1}.");
        }
    }

    private static void RequireTargets(int[] values, int limit)
    {
        foreach (var value in values)
        {
            if (value >= limit)
                throw new ArgumentOutOfRangeException("targets", value, $"Targets of this model are from 0 to {limit - 1}, or negative to be ignored.");
        }
    }

    private static void RequireBounds(int[] bounds, int time, string what)
    {
        for (var index = 0; index < bounds.Length; index += 2)
        {
            var (first, end) = (bounds[index], bounds[index + 1]);
            if (first < 0 || end > time)
                throw new ArgumentException($"{what} of sequence {index / 2} are {first} and {end}; they lie within 0 and {time}.");
            if (first >= end)
                throw new ArgumentException($"{what} of sequence {index / 2} are {first} and {end}: all of it is padding, and there is nothing to read.");
        }
    }
}
