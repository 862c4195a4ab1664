using System.Reflection;
using Intaglio.Generation;

namespace Intaglio.Testing;

/// <summary>Runs a model on one device.</summary>
internal static class Observe
{
    /// <summary>Gradients, losses, the weights that the steps led to, and what the model makes.</summary>
    public static IReadOnlyList<Observation> Training<TModel>(Device device, TargetComparisonOptions options)
        where TModel : LanguageModel, ITrainable<TModel>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Steps, 1);
        using var model = Subject.Create<TModel>(device, options.Checkpoint, options.Seed);
        var batch = Batch<TModel>(options);
        var made = Made(model, batch, options);
        using var trainer = new Trainer<TModel>(
            model, new() { Steps = options.Steps, BatchSize = batch.Size, ContextLength = batch.Time, SourceLength = batch.SourceTime, Seed = options.Seed });
        trainer.ComputeGradients(batch.AsTrainingBatch);
        List<Part> gradients = [.. Tensors<TModel>(trainer.ReadGradient)];
        List<Part> losses = [.. Enumerable.Range(1, options.Steps).Select(step => new Part($"step {step}", [(float)trainer.Step(batch.AsTrainingBatch).Loss]))];
        return
        [
            new("losses", losses, options.LossTolerance, Distances.Relative),
            new("gradients", gradients, options.GradientTolerance, Distances.OfNorms),

            // AdamW makes steps of one size from gradients that are nothing but rounding.
            new("weights after the steps", [.. Tensors<TModel>(model.ReadParameter)], double.PositiveInfinity, Distances.OfNorms),
            .. made,
        ];
    }

    /// <summary>Logits and greedy tokens of a model that generates, the result of another.</summary>
    public static IReadOnlyList<Observation> Inference<TModel>(Device device, TargetComparisonOptions options)
        where TModel : LanguageModel, IModel<TModel>
    {
        using var model = Subject.Create<TModel>(device, options.Checkpoint, options.Seed);
        return Made(model, Batch<TModel>(options), options);
    }

    // What a type argument implements is known when it runs only.
    private static IReadOnlyList<Observation> Made<TModel>(TModel model, RandomBatch batch, TargetComparisonOptions options)
        where TModel : LanguageModel, IModel<TModel>
    {
        var name = TModel.Description switch { { Result: not null } => nameof(Result), { HasSource: true } => nameof(GenerationOfSource), _ => nameof(Generation) };
        return Generic<Func<TModel, RandomBatch, TargetComparisonOptions, IReadOnlyList<Observation>>>(name, typeof(TModel))(model, batch, options);
    }

    private static TDelegate Generic<TDelegate>(string name, Type model)
        where TDelegate : Delegate =>
        typeof(Observe).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(model).CreateDelegate<TDelegate>();

    private static IReadOnlyList<Observation> Result<TModel>(TModel model, RandomBatch batch, TargetComparisonOptions options)
        where TModel : LanguageModel, IEncoder<TModel>
    {
        using var session = model.OpenSession(new() { BatchSize = batch.Size, Length = batch.Time });
        var result = session.Run(batch.Tokens, batch.Size, batch.Bounds, batch.TokenTypes).ToArray();
        var row = session.Result.IsOfSequences ? "sequence" : "token";
        return [new("results", [.. result.Chunk(session.Result.Width).Select((values, i) => new Part($"{row} {i + 1}", values))], options.LogitTolerance, Distances.Relative)];
    }

    private static IReadOnlyList<Observation> Generation<TModel>(TModel model, RandomBatch batch, TargetComparisonOptions options)
        where TModel : LanguageModel, ILanguageModel<TModel>
    {
        using var session = model.OpenSession();
        return Continue(session, batch, options);
    }

    private static IReadOnlyList<Observation> GenerationOfSource<TModel>(TModel model, RandomBatch batch, TargetComparisonOptions options)
        where TModel : LanguageModel, ISequenceToSequence<TModel>
    {
        using var session = model.OpenSession();
        new SourceReader<TModel>(session).Read(batch.FirstSource);
        return Continue(session, batch, options);
    }

    private static IReadOnlyList<Observation> Continue<TModel>(GenerationSession<TModel> session, RandomBatch batch, TargetComparisonOptions options)
        where TModel : LanguageModel, ILanguageModel<TModel>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.GeneratedTokens, 1);
        var tokens = batch.Tokens[..batch.Time];
        return
        [
            new("logits of a prompt", Prompt(session, tokens), options.LogitTolerance, Distances.Relative),
            new("logits through the cache", OneByOne(session, tokens), options.LogitTolerance, Distances.Relative),

            // Where two logits are as close as this, rounding may decide.
            new("greedy tokens", Greedily(session, tokens[..((tokens.Length + 1) / 2)], options.GeneratedTokens), 2 * options.LogitTolerance, Distances.OfTokens),
        ];
    }

    private static RandomBatch Batch<TModel>(TargetComparisonOptions options)
        where TModel : LanguageModel, IModel<TModel> => Subject.Batch(TModel.Description, options.BatchSize, options.ContextLength, options.Seed);

    private static IEnumerable<Part> Tensors<TModel>(Func<string, float[]> read)
        where TModel : LanguageModel, IModel<TModel> => TModel.Description.Parameters.Parameters().Select(parameter => new Part(parameter.Name, read(parameter.Name)));

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
