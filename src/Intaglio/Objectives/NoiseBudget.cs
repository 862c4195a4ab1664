namespace Intaglio.Objectives;

/// <summary>How many tokens an objective hides.</summary>
internal static class NoiseBudget
{
    /// <summary>How many of some tokens a rate above 0 takes: rounded, a half to the even number, as Python rounds; one where there is any.</summary>
    public static int Of(int tokens, double rate) => Math.Min(tokens, Math.Max(1, (int)Math.Round(tokens * rate)));
}
