using Intaglio.Numerics;

namespace Intaglio.Generation;

/// <summary>Divides every logit, counted from the largest, which keeps them finite however low the temperature is.</summary>
/// <param name="Value">Above 0; 1 changes nothing.</param>
public readonly record struct Temperature(float Value) : ISamplingStage
{
    /// <inheritdoc/>
    public void Apply(ref Candidates candidates)
    {
        if (Value == 1)
            return;

        var largest = candidates.LargestLogit();
        foreach (ref var candidate in candidates.Items)
            candidate = candidate with { Logit = (candidate.Logit - largest) / Value };
    }
}

/// <summary>Keeps the likeliest candidates; of equal ones the lower tokens (Fan et al., arXiv:1805.04833).</summary>
/// <param name="Count">How many; 0 keeps all.</param>
public readonly record struct TopK(int Count) : ISamplingStage
{
    /// <inheritdoc/>
    public void Apply(ref Candidates candidates)
    {
        if (Count == 0 || Count >= candidates.Items.Length)
            return;

        candidates.Select(Count);
        candidates.Keep(Count);
    }
}

/// <summary>Keeps the nucleus: the fewest likeliest candidates whose probabilities add up to at least p, and always one (Holtzman et al., arXiv:1904.09751).</summary>
/// <param name="Mass">p, above 0; 1 keeps all.</param>
public readonly record struct TopP(float Mass) : ISamplingStage
{
    // Nuclei are small next to vocabularies, so the likeliest few are tried before more are put in order.
    private const int FirstTry = 64;
    private const int Growth = 8;

    /// <inheritdoc/>
    public void Apply(ref Candidates candidates)
    {
        if (Mass >= 1)
            return;

        var largest = candidates.LargestLogit();
        var total = 0.0;
        foreach (var candidate in candidates.Items)
            total += Math.Exp(candidate.Logit - largest);

        for (var tried = Math.Min(FirstTry, candidates.Items.Length); ; tried = Math.Min(tried * Growth, candidates.Items.Length))
        {
            candidates.Select(tried);
            candidates.Items[..tried].Sort();
            var mass = 0.0;
            for (var count = 0; count < tried; count++)
            {
                mass += Math.Exp(candidates.Items[count].Logit - largest);
                if (mass >= Mass * total)
                {
                    candidates.Keep(count + 1);
                    return;
                }
            }

            // The sum in order of size may round to less than the sum in order of tokens.
            if (tried == candidates.Items.Length)
                return;
        }
    }
}

/// <summary>Draws a candidate with the probability that the softmax of the logits gives it.</summary>
public readonly record struct Draw : ISamplingChoice
{
    /// <inheritdoc/>
    public int Choose(in Candidates candidates, RandomStream random)
    {
        var largest = candidates.LargestLogit();
        var total = 0.0;
        foreach (var candidate in candidates.Items)
            total += Math.Exp(candidate.Logit - largest);

        // Rounding may leave a remainder behind the last candidate; the last one that has a probability at all is then taken.
        var left = random.Uniform(0) * total;
        var chosen = 0;
        foreach (var candidate in candidates.Items)
        {
            var weight = Math.Exp(candidate.Logit - largest);
            if (weight == 0)
                continue;

            chosen = candidate.Token;
            left -= weight;
            if (left < 0)
                break;
        }

        return chosen;
    }
}
