namespace Intaglio.Objectives;

/// <summary>Tokens that stand together in a text: a word, a sentence, or what is masked as one.</summary>
internal readonly record struct TokenSpan(int Start, int Length)
{
    public int End => Start + Length;
}
