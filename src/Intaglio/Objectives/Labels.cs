namespace Intaglio.Objectives;

/// <summary>Tokens to predict, as losses read them.</summary>
public static class Labels
{
    /// <summary>The target of a position that does not count, as PyTorch's and transformers' losses have it. Losses here ignore every negative target.</summary>
    public const int Ignored = -100;

    /// <summary>
    /// What a decoder reads so that it predicts the labels: the start token, then the labels without their last; padding where a label is ignored
    /// (transformers' <c>shift_tokens_right</c>).
    /// </summary>
    /// <param name="labels">Tokens to predict.</param>
    /// <param name="startToken">The first input, <c>decoder_start_token_id</c>.</param>
    /// <param name="padToken">Stands for ignored labels, <c>pad_token_id</c>.</param>
    /// <param name="inputs">Receives as many tokens as there are labels; may be where the labels are.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is not enough room.</exception>
    public static void ShiftRight(ReadOnlySpan<int> labels, int startToken, int padToken, Span<int> inputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs.Length, labels.Length, nameof(inputs));
        var previous = startToken;
        for (var position = 0; position < labels.Length; position++)
        {
            var label = labels[position];
            inputs[position] = previous;
            previous = label < 0 ? padToken : label;
        }
    }

    /// <summary>How many labels count.</summary>
    internal static int Count(ReadOnlySpan<int> labels)
    {
        var count = 0;
        foreach (var label in labels)
            count += label >= 0 ? 1 : 0;
        return count;
    }
}
