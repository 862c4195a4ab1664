using Intaglio.Compiler.Tests;

namespace Intaglio.ExecutionTests;

/// <summary>What trains a model of any kind on a device.</summary>
internal abstract class TrainingOnDevice : IDisposable
{
    /// <summary>Loss of a step of several micro-batches, whose gradients then can be read.</summary>
    public abstract double ComputeGradients(params Call[] micros);

    /// <summary>Loss of a batch without dropout, every token's type being 0.</summary>
    public abstract double Evaluate(Call call);

    public abstract float[] ReadGradient(string name);

    public abstract void Dispose();
}

/// <inheritdoc/>
internal sealed class TrainingOnDevice<T>(T model, TrainerOptions options) : TrainingOnDevice
    where T : LanguageModel, ITrainable<T>
{
    private readonly Trainer<T> _trainer = new(model, options);

    public override double ComputeGradients(params Call[] micros) => _trainer.ComputeGradients(new CallBatch(T.Description, micros).AsTrainingBatch);

    public override double Evaluate(Call call) => _trainer.Evaluate(new CallObjective(new(T.Description, call), call), batches: 1);

    public override float[] ReadGradient(string name) => _trainer.ReadGradient(name);

    public override void Dispose() => _trainer.Dispose();
}
