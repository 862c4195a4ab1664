using System.Runtime.CompilerServices;

namespace Intaglio.Objectives;

/// <summary>Ranges that options share.</summary>
internal static class OptionRange
{
    public static void Require<T>(bool holds, T value, string expected, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {expected}.");
    }

    public static void Rate(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Require(value is > 0 and <= 1, value, "above 0 and at most 1", name);

    public static void Share(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Require(value is >= 0 and <= 1, value, "from 0 to 1", name);

    public static void Token(int value, int vocabularySize, [CallerArgumentExpression(nameof(value))] string name = "") =>
        Require(value >= 0 && value < vocabularySize, value, $"a token of the vocabulary, 0 to {vocabularySize - 1}", name);
}
