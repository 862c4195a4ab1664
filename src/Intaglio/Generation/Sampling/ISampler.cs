using Intaglio.Numerics;

namespace Intaglio.Generation;

/// <summary>Chooses the next token. Samplers are structs and allocate nothing, so that a chain of them compiles to straight code.</summary>
public interface ISampler
{
    /// <summary>Chooses a token.</summary>
    /// <param name="logits">One logit a token of the vocabulary, none of them NaN or +∞.</param>
    /// <param name="buffer">Scratch with room for every token.</param>
    /// <param name="random">The random numbers of this choice.</param>
    int Sample(ReadOnlySpan<float> logits, Span<Candidate> buffer, RandomStream random);
}

/// <summary>A stage of sampling: reshapes or narrows the distribution.</summary>
public interface ISamplingStage
{
    /// <summary>Changes the candidates in place.</summary>
    void Apply(ref Candidates candidates);
}

/// <summary>The last stage of sampling: takes one of the candidates.</summary>
public interface ISamplingChoice
{
    /// <summary>The token taken.</summary>
    int Choose(in Candidates candidates, RandomStream random);
}

/// <summary>Three stages and a choice, such as <c>Chain&lt;Temperature, TopK, TopP, Draw&gt;</c>.</summary>
/// <param name="First">Runs first.</param>
/// <param name="Second">Runs second.</param>
/// <param name="Third">Runs third.</param>
/// <param name="Choice">Takes one of what they left.</param>
public readonly record struct Chain<TFirst, TSecond, TThird, TChoice>(TFirst First, TSecond Second, TThird Third, TChoice Choice) : ISampler
    where TFirst : struct, ISamplingStage
    where TSecond : struct, ISamplingStage
    where TThird : struct, ISamplingStage
    where TChoice : struct, ISamplingChoice
{
    /// <inheritdoc/>
    public int Sample(ReadOnlySpan<float> logits, Span<Candidate> buffer, RandomStream random)
    {
        for (var token = 0; token < logits.Length; token++)
            buffer[token] = new(token, logits[token]);

        var candidates = new Candidates(buffer[..logits.Length]);
        First.Apply(ref candidates);
        Second.Apply(ref candidates);
        Third.Apply(ref candidates);
        return Choice.Choose(candidates, random);
    }
}

/// <summary>The likeliest token; of equal ones the lowest.</summary>
public readonly record struct Greedy : ISampler
{
    /// <inheritdoc/>
    public int Sample(ReadOnlySpan<float> logits, Span<Candidate> buffer, RandomStream random)
    {
        var best = 0;
        for (var token = 1; token < logits.Length; token++)
            best = logits[token] > logits[best] ? token : best;

        return best;
    }
}
