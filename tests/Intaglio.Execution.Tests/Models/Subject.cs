using Intaglio.Compiler;
using Intaglio.Compiler.Tests;

namespace Intaglio.ExecutionTests;

/// <summary>How far a model's numbers are from the interpreter's.</summary>
/// <param name="Loss">Of the mean loss, in nats.</param>
/// <param name="Gradient">The largest relative L2 error of a parameter's gradient.</param>
/// <param name="Logits">The largest difference of a logit.</param>
internal readonly record struct Errors(double Loss, double Gradient, double Logits)
{
    /// <summary>Whether none is above its bound.</summary>
    public bool AreWithin(Errors bound) => Loss <= bound.Loss && Gradient <= bound.Gradient && Logits <= bound.Logits;

    /// <summary>Each error times a factor.</summary>
    public Errors Times(double factor) => new(Loss * factor, Gradient * factor, Logits * factor);
}

/// <summary>A declared model under test.</summary>
/// <param name="name">What is particular about it.</param>
/// <param name="model">Its class.</param>
/// <param name="batch">Sequences to test it with.</param>
/// <param name="observed">The largest errors that any target had when this was written.</param>
internal abstract class Subject(string name, Type model, int batch, Errors observed)
{
    public string Name { get; } = name;

    public Type Model { get; } = model;

    public int Batch { get; } = batch;

    /// <summary>Ten times what was observed: other hardware may add in another order, or round products and sums together.</summary>
    public Errors Tolerance { get; } = observed.Times(10);

    public ModelSpec Spec { get; } = Declared.Spec(model);

    public bool Trains => Spec.Trains;

    public abstract ModelDescription Description { get; }

    /// <summary>Compares a whole training step's loss and gradients.</summary>
    public abstract Errors TrainingErrors(Device device);

    /// <summary>Compares the logits of a prompt, and those of tokens that follow one by one in two slots side by side.</summary>
    public abstract Errors GenerationErrors(Device device);

    /// <inheritdoc cref="Name"/>
    public override string ToString() => Name;
}

/// <summary>A model that generates.</summary>
internal class Subject<T>(string name, int batch, Errors observed) : Subject(name, typeof(T), batch, observed)
    where T : LanguageModel, ILanguageModel<T>
{
    private const int WeightsSeed = 1;

    public override ModelDescription Description => T.Description;

    public override Errors TrainingErrors(Device device) => throw new NotSupportedException($"{Name} does not train.");

    public override Errors GenerationErrors(Device device)
    {
        using var model = Create(device);

        var time = Spec.ContextLength;
        var call = TestModel.Call(Spec, 2, time) with { Keep = (_, _, _) => 1, Parameters = Interpreted.Weights(model) };
        var expected = Interpreted.Logits(Spec, call).Values;
        int[] tokens = [.. Numbers(call, "Tokens")];
        int[][] sequences = [tokens[..time], tokens[time..]];

        // Chunks of 16 rows: a prompt comes in several where the context is longer.
        using var session = model.OpenSession(new() { Slots = 2, ChunkRows = 16 });
        var largest = Distance.Largest(session.ComputeLogits(sequences), expected);

        var prompt = Math.Max(1, time / 2);
        session.Append(0, sequences[0].AsSpan(0, prompt));
        session.Append(1, sequences[1].AsSpan(0, prompt));
        for (var position = prompt; position <= time; position++)
        {
            for (var slot = 0; slot < 2; slot++)
            {
                var row = ((slot * time) + position - 1) * Spec.VocabularySize;
                largest = Math.Max(largest, Distance.Largest(session.Logits(slot), expected.AsSpan(row, Spec.VocabularySize)));
            }

            if (position < time)
            {
                session.Append(0, [sequences[0][position]]);
                session.Append(1, [sequences[1][position]]);
            }
        }

        return new(0, 0, largest);
    }

    /// <summary>A model whose weights are large enough that no part of it is nearly linear.</summary>
    protected T Create(Device device)
    {
        var model = T.Create(device);
        foreach (var (name, values) in TestModel.Weights(Spec, WeightsSeed))
            model.WriteParameter(name, [.. values.Values.Select(value => (float)value)]);

        return model;
    }

    protected static IEnumerable<int> Numbers(Call call, string input) => call.Inputs[input].Values.Select(value => (int)value);
}

/// <summary>A model that also trains.</summary>
internal sealed class TrainableSubject<T>(string name, int batch, Errors observed) : Subject<T>(name, batch, observed)
    where T : LanguageModel, ITrainable<T>
{
    private const int MicroBatches = 2;
    private const ulong DropoutSeed = 7;

    public override Errors TrainingErrors(Device device)
    {
        using var model = Create(device);
        var weights = Interpreted.Weights(model);
        Call[] calls = [.. Enumerable.Range(0, MicroBatches).Select(micro => TestModel.Call(Spec, Batch, Spec.ContextLength, micro))];
        int[] tokens = [.. calls.SelectMany(call => Numbers(call, "Tokens"))];
        int[] targets = [.. calls.SelectMany(call => Numbers(call, "Targets"))];

        using var trainer = new Trainer<T>(model, new() { BatchSize = Batch, GradientAccumulation = MicroBatches, Seed = DropoutSeed });
        var loss = trainer.ComputeGradients(tokens, targets);

        // Each micro-batch draws dropout of its own.
        var scale = 1.0 / targets.Count(target => target >= 0);
        Outcome[] outcomes =
        [
            .. calls.Select((call, micro) => Interpreted.Step(Spec, call with { Parameters = weights, LossScale = scale, Keep = Interpreted.Dropout(DropoutSeed, (ulong)micro) })),
        ];

        var expectedLoss = scale * outcomes.Sum(outcome => outcome.Output.Values.Sum());
        var largest = 0.0;
        foreach (var name in weights.Keys)
        {
            var expected = outcomes.Select(outcome => outcome.Gradients[name]).Aggregate((a, b) => a.Plus(1, b));
            largest = Math.Max(largest, Distance.Relative(trainer.ReadGradient(name), expected));
        }

        return new(Math.Abs(loss - expectedLoss), largest, 0);
    }
}
