using System.Runtime.CompilerServices;

namespace Intaglio.Objectives;

/// <summary>
/// The caller's buffers for one batch, row-major. An encoder or decoder reads <see cref="Tokens"/>; of an encoder-decoder the encoder reads
/// <see cref="SourceTokens"/> and the decoder <see cref="Tokens"/>.
/// </summary>
/// <param name="rows">Sequences.</param>
/// <param name="tokens">See <see cref="Tokens"/>.</param>
/// <param name="targets">See <see cref="Targets"/>.</param>
public readonly ref struct TrainingBatch(int rows, Span<int> tokens, Span<int> targets)
{
    /// <summary>Sequences.</summary>
    public int Rows { get; } = rows;

    /// <summary>Receives the tokens of the stack that has the loss, [Rows, <see cref="Objective.Length"/>], padded at the end.</summary>
    public Span<int> Tokens { get; } = tokens;

    /// <summary>Receives the token to predict at each of <see cref="Tokens"/>, <see cref="Labels.Ignored"/> where there is none.</summary>
    public Span<int> Targets { get; } = targets;

    /// <summary>Receives the first of each row's <see cref="Tokens"/> that is no padding, and the one after the last: [Rows, 2]. May be empty, and then receives nothing.</summary>
    public Span<int> Bounds { get; init; }

    /// <summary>The type of each of <see cref="Tokens"/>, of models that have such. Empty: all are 0.</summary>
    public Span<int> TokenTypes { get; init; }

    /// <summary>Where each row's answer ends, in question answering, [Rows]; <see cref="Targets"/> says where it starts.</summary>
    public Span<int> EndTargets { get; init; }

    /// <summary>Receives what the encoder of an encoder-decoder reads, [Rows, <see cref="Objective.SourceLength"/>], padded at the end.</summary>
    public Span<int> SourceTokens { get; init; }

    /// <summary>Receives the bounds of <see cref="SourceTokens"/>, as <see cref="Bounds"/>. May be empty, and then receives nothing.</summary>
    public Span<int> SourceBounds { get; init; }

    internal void Validate(int length, int sourceLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Rows);
        AtLeast(Tokens, checked(Rows * length));
        AtLeast(Targets, Rows * length);
        AtLeast(SourceTokens, checked(Rows * sourceLength));
        if (!Bounds.IsEmpty)
            AtLeast(Bounds, 2 * Rows);
        if (!SourceBounds.IsEmpty)
            AtLeast(SourceBounds, 2 * Rows);
    }

    internal TrainingRow Row(int row, int length, int sourceLength) => new()
    {
        Tokens = Tokens.Slice(row * length, length),
        Targets = Targets.Slice(row * length, length),
        Bounds = Bounds.IsEmpty ? [] : Bounds.Slice(2 * row, 2),
        SourceTokens = SourceTokens.Slice(row * sourceLength, sourceLength),
        SourceBounds = SourceBounds.IsEmpty ? [] : SourceBounds.Slice(2 * row, 2),
    };

    private static void AtLeast(ReadOnlySpan<int> buffer, int length, [CallerArgumentExpression(nameof(buffer))] string name = "")
    {
        if (buffer.Length < length)
            throw new ArgumentException($"{name} has room for {buffer.Length} values; this batch needs {length}.", name);
    }
}
