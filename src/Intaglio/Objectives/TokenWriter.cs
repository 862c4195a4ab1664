namespace Intaglio.Objectives;

/// <summary>Writes tokens one after the other.</summary>
internal ref struct TokenWriter(Span<int> tokens)
{
    private readonly Span<int> _tokens = tokens;

    /// <summary>How many are written.</summary>
    public int Length { get; private set; }

    public void Write(int token) => _tokens[Length++] = token;

    public void Write(ReadOnlySpan<int> tokens)
    {
        tokens.CopyTo(_tokens[Length..]);
        Length += tokens.Length;
    }
}
