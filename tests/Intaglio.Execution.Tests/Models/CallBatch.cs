using Intaglio.Compiler.Tests;
using Intaglio.Numerics;
using Intaglio.Objectives;

namespace Intaglio.ExecutionTests;

/// <summary>The inputs of calls of the interpreter, one below the other, as far as a model reads them.</summary>
internal sealed class CallBatch(ModelDescription description, params Call[] calls)
{
    private readonly bool _isSpan = description.Result is { Kind: ResultKind.Span };

    public int[] Tokens => Numbers("Tokens");

    public int[] TokenTypes => description.TokenTypes > 0 ? Numbers("TokenTypes") : [];

    public int[] Bounds => description.HasBounds ? Numbers("Bounds") : [];

    public int[] Targets => Numbers("Targets");

    public int[] SourceTokens => description.HasSource ? Numbers("SourceTokens") : [];

    public int[] SourceBounds => description.HasSource ? Numbers("SourceBounds") : [];

    /// <summary>The batch as trainers take it.</summary>
    public TrainingBatch AsTrainingBatch => new(calls.Sum(call => call.Batch), Tokens, Targets)
    {
        TokenTypes = TokenTypes,
        EndTargets = _isSpan ? Numbers("EndTargets") : [],
        Bounds = Bounds,
        SourceTokens = SourceTokens,
        SourceBounds = SourceBounds,
    };

    private int[] Numbers(string input) => [.. calls.SelectMany(call => call.Inputs[input].Values).Select(value => (int)value)];
}

/// <summary>Makes the rows of a batch, whatever the seed; padding lies at the end.</summary>
internal sealed class CallObjective(CallBatch batch, Call call) : Objective(new RowNumbers(), textLength: 1, call.Time, call.SourceTime)
{
    protected override void FillRow(ReadOnlySpan<int> text, ref RandomDraws draws, in TrainingRow row)
    {
        // Where padding begins has to be said, what padding is not.
        row.EndTokens(End(batch.Bounds, text[0], row.Tokens.Length), padToken: 0);
        row.EndSource(End(batch.SourceBounds, text[0], row.SourceTokens.Length), padToken: 0);
        Copy(batch.Tokens, row.Tokens, text[0]);
        Copy(batch.Targets, row.Targets, text[0]);
        Copy(batch.SourceTokens, row.SourceTokens, text[0]);
    }

    private static int End(int[] bounds, int row, int length) => bounds.Length == 0 ? length : bounds[(2 * row) + 1];

    private static void Copy(int[] all, Span<int> row, int number)
    {
        if (all.Length > 0)
            all.AsSpan(number * row.Length, row.Length).CopyTo(row);
    }

    /// <summary>Texts that say which row they are.</summary>
    private sealed class RowNumbers : ISequenceSource
    {
        public int Read(ulong seed, ulong step, int row, Span<int> tokens)
        {
            tokens[0] = row;
            return 1;
        }
    }
}
