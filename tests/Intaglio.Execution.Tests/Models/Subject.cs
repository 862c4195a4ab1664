using System.Reflection;
using Intaglio.Compiler;
using Intaglio.Compiler.Tests;

namespace Intaglio.ExecutionTests;

/// <summary>How far a model's numbers are from the interpreter's.</summary>
/// <param name="Loss">Of the mean loss, in nats.</param>
/// <param name="Gradient">The largest relative L2 error of a parameter's gradient.</param>
/// <param name="Result">The largest difference of a logit, or of a vector's element.</param>
internal readonly record struct Errors(double Loss, double Gradient, double Result)
{
    /// <summary>Whether none is above its bound.</summary>
    public bool AreWithin(Errors bound) => Loss <= bound.Loss && Gradient <= bound.Gradient && Result <= bound.Result;

    /// <summary>Each error times a factor.</summary>
    public Errors Times(double factor) => new(Loss * factor, Gradient * factor, Result * factor);
}

/// <summary>A declared model under test, at its full context.</summary>
/// <param name="name">What is particular about it.</param>
/// <param name="model">Its class.</param>
/// <param name="batch">Sequences to test it with.</param>
/// <param name="observed">The largest errors that any target had when this was written.</param>
internal sealed class Subject(string name, Type model, int batch, Errors observed)
{
    private const int MicroBatches = 2;
    private const ulong DropoutSeed = 7;

    // Chunks of 16 rows: a prompt comes in several where the context is longer.
    private const int ChunkRows = 16;

    public string Name { get; } = name;

    public Type Model { get; } = model;

    /// <summary>Ten times what was observed: other hardware may add in another order, or round products and sums together.</summary>
    public Errors Tolerance { get; } = observed.Times(10);

    public ModelSpec Spec { get; } = Declared.Spec(model, OwnLayers.Of(model));

    public bool Trains => Spec.Trains;

    public ModelDescription Description { get; } =
        (ModelDescription)typeof(Subject).GetMethod(nameof(DescriptionOf), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(model).Invoke(null, null)!;

    // Sources are longer than what is written of them.
    private int Time => Spec.IsEncoderDecoder ? Math.Max(1, Spec.ContextLength - 2) : Spec.ContextLength;

    private int SourceTime => Spec.IsEncoderDecoder ? Spec.ContextLength : 0;

    /// <summary>Compares a whole training step's loss and gradients.</summary>
    public Errors TrainingErrors(Device device)
    {
        if (!Trains)
            throw new NotSupportedException($"{Name} does not train.");

        using var onDevice = Create(device);
        var weights = onDevice.Weights;
        Call[] calls = [.. Enumerable.Range(0, MicroBatches).Select(micro => TestModel.Call(Spec, batch, Time, micro, SourceTime))];
        using var trainer = onDevice.Train(new() { BatchSize = batch, ContextLength = Time, SourceLength = SourceTime, GradientAccumulation = MicroBatches, Seed = DropoutSeed });
        var loss = trainer.ComputeGradients(calls);

        // Each micro-batch draws dropout of its own.
        var scale = 1.0 / calls.SelectMany(call => call.Inputs["Targets"].Values).Count(target => target >= 0);
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

    /// <summary>Compares what is made of whole sequences; where tokens are generated also the logits of a prompt, and those of tokens that follow one by one in two slots side by side.</summary>
    public Errors ResultErrors(Device device)
    {
        const int Sequences = 2;
        using var onDevice = Create(device);
        var call = TestModel.Call(Spec, Sequences, Time, sourceTime: SourceTime);
        var bounds = call.Inputs["SourceBounds"];
        var kept = call.WithInput("SourceBounds", Compiler.Tests.Tensor.Filled(bounds.Sides, i => i % 2 == 0 ? 0 : bounds.Values[i])) with { Keep = (_, _, _) => 1, Parameters = onDevice.Weights };
        var expected = Interpreted.Result(Spec, kept).Values;

        var whole = onDevice.Result(kept);
        var largest = Distance.Largest(whole, expected);
        if (Spec.Generates)
            largest = Math.Max(largest, Distance.Largest(onDevice.OneByOne(kept, whole), expected));

        return new(0, 0, largest);
    }

    /// <inheritdoc cref="Name"/>
    public override string ToString() => Name;

    private static ModelDescription DescriptionOf<T>()
        where T : LanguageModel, IModel<T> => T.Description;

    // Weights large enough that no part of the model is nearly linear.
    private ModelOnDevice Create(Device device) => ModelOnDevice.Create(Model, device, TestModel.Weights(Spec), ChunkRows);
}
