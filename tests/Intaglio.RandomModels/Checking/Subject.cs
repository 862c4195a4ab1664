using Intaglio.Compiler.Tests;
using Intaglio.Data;
using Intaglio.ExecutionTests;

namespace Intaglio.RandomModels;

/// <summary>A drawn model on a device.</summary>
internal abstract class Subject
{
    public static Subject Of(Type model, bool trains) =>
        (Subject)Activator.CreateInstance((trains ? typeof(TrainableSubject<>) : typeof(Subject<>)).MakeGenericType(model))!;

    /// <summary>What the model computes, and of which weights, after rounding.</summary>
    public abstract (Results Results, IReadOnlyDictionary<string, Tensor> Weights) Run(Device device, Reference reference);
}

/// <inheritdoc/>
internal class Subject<T> : Subject
    where T : LanguageModel, ILanguageModel<T>
{
    public override (Results Results, IReadOnlyDictionary<string, Tensor> Weights) Run(Device device, Reference reference)
    {
        using var model = T.Create(device);
        foreach (var (name, values) in reference.Weights)
            model.WriteParameter(name, [.. values.Values.Select(value => (float)value)]);

        var results = new Results();
        Generate(model, reference, results);
        Train(model, reference, results);
        return (results, Interpreted.Weights(model));
    }

    protected virtual void Train(T model, Reference reference, Results results)
    {
    }

    protected static double[] Doubles(IEnumerable<float> values) => [.. values.Select(value => (double)value)];

    // The logits of whole sequences; then those of a prompt, and of tokens that follow one by one in slots side by side.
    private static void Generate(T model, Reference reference, Results results)
    {
        var (batch, time, vocabulary) = (reference.Draw.Batch, reference.Draw.Time, reference.Spec.VocabularySize);
        int[][] sequences = [.. reference.Tokens.Chunk(time)];
        using var session = model.OpenSession(new() { Slots = batch, ChunkRows = reference.Draw.ChunkRows });
        results["logits"] = Doubles(session.ComputeLogits(sequences));

        // Rows of a prompt but its last keep the logits of whole sequences.
        var prompt = (time + 1) / 2;
        double[] oneByOne = [.. results["logits"]];
        for (var slot = 0; slot < batch; slot++)
            session.Append(slot, sequences[slot].AsSpan(0, prompt));

        for (var position = prompt; position <= time; position++)
        {
            for (var slot = 0; slot < batch; slot++)
            {
                Doubles(session.Logits(slot).ToArray()).CopyTo(oneByOne, ((slot * time) + position - 1) * vocabulary);
                if (position < time)
                    session.Append(slot, [sequences[slot][position]]);
            }
        }

        results["logits one by one"] = oneByOne;
    }
}

/// <summary>A drawn model that also trains.</summary>
internal sealed class TrainableSubject<T> : Subject<T>
    where T : LanguageModel, ITrainable<T>
{
    protected override void Train(T model, Reference reference, Results results)
    {
        using var trainer = new Trainer<T>(model, new() { BatchSize = reference.Draw.Batch, ContextLength = reference.Draw.Time, Seed = Reference.Seed });
        results["loss"] = [trainer.ComputeGradients(reference.Tokens, reference.Targets)];
        foreach (var name in reference.Weights.Keys)
            results[Results.GradientPrefix + name] = Doubles(trainer.ReadGradient(name));

        results["evaluation"] = [trainer.Evaluate(new TokenCorpus([], reference.HeldOut, reference.Spec.VocabularySize))];
    }
}
