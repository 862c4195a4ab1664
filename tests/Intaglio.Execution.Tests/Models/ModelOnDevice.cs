using Intaglio.Compiler.Tests;

namespace Intaglio.ExecutionTests;

using Tensor = Compiler.Tests.Tensor;

/// <summary>A model of any kind on a device, asked for what a call of the interpreter asks.</summary>
internal abstract class ModelOnDevice : IDisposable
{
    protected abstract LanguageModel Model { get; }

    /// <summary>Tokens that go through the model at a time while a prompt is read.</summary>
    public int ChunkRows { get; init; } = 64;

    /// <param name="model">Its class.</param>
    /// <param name="device">The device.</param>
    /// <param name="weights">Its weights before rounding.</param>
    /// <param name="chunkRows">See <see cref="ChunkRows"/>.</param>
    public static ModelOnDevice Create(Type model, Device device, IReadOnlyDictionary<string, Tensor> weights, int chunkRows = 64)
    {
        var kind = Implements(model, typeof(IEncoder<>)) ? typeof(EncoderOnDevice<>) : Implements(model, typeof(ISequenceToSequence<>)) ? typeof(WriterOnDevice<>) : typeof(GeneratorOnDevice<>);
        return (ModelOnDevice)Activator.CreateInstance(kind.MakeGenericType(model), device, weights, chunkRows)!;
    }

    /// <summary>What the weights are after rounding.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights => Interpreted.Weights(Model);

    /// <summary>What the model makes of whole sequences: logits of tokens or labels, or vectors.</summary>
    public abstract float[] Result(Call call);

    /// <summary>The logits of a prompt's last token, and of tokens that follow one by one in slots side by side; rows before are those of <paramref name="whole"/>.</summary>
    public virtual float[] OneByOne(Call call, float[] whole) => throw new NotSupportedException("This model does not generate.");

    /// <summary>Opens what trains the model.</summary>
    public TrainingOnDevice Train(TrainerOptions options) => (TrainingOnDevice)Activator.CreateInstance(typeof(TrainingOnDevice<>).MakeGenericType(Model.GetType()), Model, options)!;

    public void Dispose() => Model.Dispose();

    private static bool Implements(Type model, Type contract) => model.GetInterfaces().Any(type => type.IsGenericType && type.GetGenericTypeDefinition() == contract);
}

/// <inheritdoc/>
internal abstract class ModelOnDevice<T> : ModelOnDevice
    where T : LanguageModel, IModel<T>
{
    protected ModelOnDevice(Device device, IReadOnlyDictionary<string, Tensor> weights, int chunkRows)
    {
        (Typed, ChunkRows) = (T.Create(device), chunkRows);
        foreach (var (name, values) in weights)
            Typed.WriteParameter(name, [.. values.Values.Select(value => (float)value)]);
    }

    protected override LanguageModel Model => Typed;

    protected T Typed { get; }
}

/// <summary>A model that generates nothing.</summary>
internal sealed class EncoderOnDevice<T>(Device device, IReadOnlyDictionary<string, Tensor> weights, int chunkRows) : ModelOnDevice<T>(device, weights, chunkRows)
    where T : LanguageModel, IEncoder<T>
{
    public override float[] Result(Call call)
    {
        var batch = new CallBatch(T.Description, call);
        using var session = Typed.OpenSession(new() { BatchSize = call.Batch, Length = call.Time });
        return session.Run(batch.Tokens, call.Batch, batch.Bounds, batch.TokenTypes).ToArray();
    }
}

/// <summary>A decoder.</summary>
internal class GeneratorOnDevice<T>(Device device, IReadOnlyDictionary<string, Tensor> weights, int chunkRows) : ModelOnDevice<T>(device, weights, chunkRows)
    where T : LanguageModel, ILanguageModel<T>
{
    public override float[] Result(Call call)
    {
        using var session = Open(call);
        var read = Reader(session, call);
        var result = new List<float>();
        for (var sequence = 0; sequence < call.Batch; sequence++)
        {
            read(sequence, 0);
            result.AddRange(session.ComputeLogits(Sequence(call, sequence)));
        }

        return [.. result];
    }

    public override float[] OneByOne(Call call, float[] whole)
    {
        var vocabulary = T.Description.VocabularySize;
        var prompt = (call.Time + 1) / 2;
        float[] oneByOne = [.. whole];
        using var session = Open(call);
        var read = Reader(session, call);
        for (var slot = 0; slot < call.Batch; slot++)
        {
            read(slot, slot);
            session.Append(slot, Sequence(call, slot).AsSpan(0, prompt));
        }

        for (var position = prompt; position <= call.Time; position++)
        {
            for (var slot = 0; slot < call.Batch; slot++)
            {
                session.Logits(slot).CopyTo(oneByOne.AsSpan(((slot * call.Time) + position - 1) * vocabulary));
                if (position < call.Time)
                    session.Append(slot, [Sequence(call, slot)[position]]);
            }
        }

        return oneByOne;
    }

    /// <summary>Reads a sequence's source into a slot.</summary>
    protected virtual Action<int, int> Reader(GenerationSession<T> session, Call call) => (_, _) => { };

    private GenerationSession<T> Open(Call call) => Typed.OpenSession(new() { Slots = call.Batch, ChunkRows = ChunkRows });

    private static int[] Sequence(Call call, int sequence) => [.. call.Inputs["Tokens"].Values.Skip(sequence * call.Time).Take(call.Time).Select(token => (int)token)];
}

/// <summary>An encoder-decoder.</summary>
internal sealed class WriterOnDevice<T>(Device device, IReadOnlyDictionary<string, Tensor> weights, int chunkRows) : GeneratorOnDevice<T>(device, weights, chunkRows)
    where T : LanguageModel, ISequenceToSequence<T>
{
    protected override Action<int, int> Reader(GenerationSession<T> session, Call call)
    {
        var reader = new SourceReader<T>(session);
        var (tokens, bounds) = (call.Inputs["SourceTokens"], call.Inputs["SourceBounds"]);
        return (sequence, slot) =>
        {
            var first = sequence * call.SourceTime;
            reader.Read([.. Enumerable.Range(first + (int)bounds[sequence, 0], (int)(bounds[sequence, 1] - bounds[sequence, 0])).Select(tokens.Index)], slot);
        };
    }
}
