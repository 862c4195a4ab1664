using Intaglio.Generation;

namespace Intaglio.Testing;

/// <summary>Runs a model on one device.</summary>
internal static class Observe
{
    /// <summary>Logits, greedy tokens, gradients, losses, and the weights that the steps led to.</summary>
    public static IReadOnlyList<Observation> Training<TModel>(Device device, TargetComparisonOptions options)
        where TModel : LanguageModel, ITrainable<TModel>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Steps, 1);
        using var model = Subject.Create<TModel>(device, options.Checkpoint, options.Seed);
        var batch = Batch<TModel>(options);
        var generation = Generation(model, batch, options);
        using var trainer = new Trainer<TModel>(model, new() { Steps = options.Steps, BatchSize = batch.Size, ContextLength = batch.Time, Seed = options.Seed });
        trainer.ComputeGradients(batch.Inputs, batch.Targets);
        List<Part> gradients = [.. Tensors<TModel>(trainer.ReadGradient)];
        List<Part> losses = [.. Enumerable.Range(1, options.Steps).Select(step => new Part($"step {step}", [(float)trainer.Step(batch.Inputs, batch.Targets).Loss]))];
        return
        [
            new("losses", losses, options.LossTolerance, Distances.Relative),
            new("gradients", gradients, options.GradientTolerance, Distances.OfNorms),

            // AdamW makes steps of one size from gradients that are nothing but rounding.
            new("weights after the steps", [.. Tensors<TModel>(model.ReadParameter)], double.PositiveInfinity, Distances.OfNorms),
            .. generation,
        ];
    }

    /// <summary>Logits and greedy tokens.</summary>
    public static IReadOnlyList<Observation> Generation<TModel>(Device device, TargetComparisonOptions options)
        where TModel : LanguageModel, ILanguageModel<TModel>
    {
        using var model = Subject.Create<TModel>(device, options.Checkpoint, options.Seed);
        return Generation(model, Batch<TModel>(options), options);
    }

    private static IReadOnlyList<Observation> Generation<TModel>(TModel model, TokenBatch batch, TargetComparisonOptions options)
        where TModel : LanguageModel, ILanguageModel<TModel>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.GeneratedTokens, 1);
        using var session = model.OpenSession();
        var tokens = batch.Inputs[..batch.Time];
        return
        [
            new("logits of a prompt", Prompt(session, tokens), options.LogitTolerance, Distances.Relative),
            new("logits through the cache", OneByOne(session, tokens), options.LogitTolerance, Distances.Relative),

            // Where two logits are as close as this, rounding may decide.
            new("greedy tokens", Greedily(session, tokens[..((tokens.Length + 1) / 2)], options.GeneratedTokens), 2 * options.LogitTolerance, Distances.OfTokens),
        ];
    }

    private static TokenBatch Batch<TModel>(TargetComparisonOptions options)
        where TModel : LanguageModel, ILanguageModel<TModel> => Subject.Tokens(TModel.Description, options.BatchSize, options.ContextLength, options.Seed);

    private static IEnumerable<Part> Tensors<TModel>(Func<string, float[]> read)
        where TModel : LanguageModel, ILanguageModel<TModel> => TModel.Description.Parameters.Parameters().Select(parameter => new Part(parameter.Name, read(parameter.Name)));

    private static List<Part> Prompt<TModel>(GenerationSession<TModel> session, int[] tokens)
        where TModel : LanguageModel, ILanguageModel<TModel>
    {
        var logits = session.ComputeLogits(tokens);
        return [.. logits.Chunk(logits.Length / tokens.Length).Select((row, i) => new Part($"token {i + 1}", row))];
    }

    private static List<Part> OneByOne<TModel>(GenerationSession<TModel> session, int[] tokens)
        where TModel : LanguageModel, ILanguageModel<TModel>
    {
        session.Reset();
        return [.. tokens.Select((token, i) =>
        {
            session.Append([token]);
            return new Part($"token {i + 1}", session.Logits().ToArray());
        })];
    }

    private static List<Part> Greedily<TModel>(GenerationSession<TModel> session, int[] prompt, int count)
        where TModel : LanguageModel, ILanguageModel<TModel>
    {
        session.Reset();
        session.Append(prompt);

        // The last token has not to be in the cache.
        var room = session.Capacity - prompt.Length + 1;
        return [.. Enumerable.Range(1, Math.Min(count, room)).Select(i =>
        {
            var token = session.Next(default(Greedy));
            return new Part($"token {i}", session.Logits().ToArray(), token);
        })];
    }
}
