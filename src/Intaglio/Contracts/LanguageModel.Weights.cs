using System.Buffers;
using Intaglio.Checkpoints;
using Intaglio.Numerics;

namespace Intaglio;

public abstract partial class LanguageModel
{
    /// <summary>The type of tensors that have the weights' own bits.</summary>
    internal string StorageType => TensorTypes.Of(Description.Format == NumberFormat.BF16 ? NumberFormat.BF16 : NumberFormat.FP32);

    /// <summary>Reads a parameter, widened to floats.</summary>
    /// <param name="name">Its name in a checkpoint, with or without the prefix: <c>h.0.attn.c_attn.weight</c>.</param>
    /// <returns>The values, row-major in the shape of the checkpoint.</returns>
    /// <exception cref="ArgumentException">The model has no such parameter.</exception>
    public float[] ReadParameter(string name)
    {
        var parameter = Find(name);
        var values = new float[parameter.Entry.Count];
        LoadWeights(parameter.Offset, values);
        return values;
    }

    /// <summary>Writes a parameter, rounded to the model's format.</summary>
    /// <param name="name">Its name in a checkpoint, with or without the prefix.</param>
    /// <param name="values">All of its values, row-major in the shape of the checkpoint.</param>
    /// <exception cref="ArgumentException">The model has no such parameter, or it has another number of values.</exception>
    /// <exception cref="InvalidOperationException">A trainer holds the model.</exception>
    public void WriteParameter(string name, ReadOnlySpan<float> values)
    {
        var parameter = Find(name);
        if (values.Length != parameter.Entry.Count)
            throw new ArgumentException($"{name} has {parameter.Entry.Count} values, not {values.Length}.", nameof(values));
        ThrowIfHeld();
        StoreWeights(parameter.Offset, values);
    }

    /// <summary>Stores weights from element <paramref name="start"/> on, rounded to the model's format.</summary>
    internal void StoreWeights(long start, ReadOnlySpan<float> values)
    {
        if (Description.Format != NumberFormat.BF16)
        {
            Weights.Write(values, start * sizeof(float));
            return;
        }

        var buffer = ArrayPool<ushort>.Shared.Rent(CheckpointDirectory.ChunkElements);
        while (!values.IsEmpty)
        {
            var narrowed = buffer.AsSpan(0, Math.Min(CheckpointDirectory.ChunkElements, values.Length));
            for (var i = 0; i < narrowed.Length; i++)
                narrowed[i] = BFloat16.Narrow(values[i]);
            Weights.Write<ushort>(narrowed, start * sizeof(ushort));
            values = values[narrowed.Length..];
            start += narrowed.Length;
        }

        ArrayPool<ushort>.Shared.Return(buffer);
    }

    /// <summary>Loads weights from element <paramref name="start"/> on.</summary>
    internal void LoadWeights(long start, Span<float> values)
    {
        if (Description.Format != NumberFormat.BF16)
        {
            Weights.Read(values, start * sizeof(float));
            return;
        }

        var buffer = ArrayPool<ushort>.Shared.Rent(CheckpointDirectory.ChunkElements);
        while (!values.IsEmpty)
        {
            var stored = buffer.AsSpan(0, Math.Min(CheckpointDirectory.ChunkElements, values.Length));
            Weights.Read(stored, start * sizeof(ushort));
            for (var i = 0; i < stored.Length; i++)
                values[i] = BFloat16.Widen(stored[i]);
            values = values[stored.Length..];
            start += stored.Length;
        }

        ArrayPool<ushort>.Shared.Return(buffer);
    }

    private Parameter Find(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var bare = TensorNames.Bare(Description, name);
        foreach (var parameter in Description.Parameters.Parameters())
        {
            if (parameter.Name == bare || parameter.Name == name)
                return parameter;
        }

        throw new ArgumentException($"{Description.Name} has no parameter {name}; it has {string.Join(", ", Description.Parameters.Entries.Select(entry => entry.Name))}.", nameof(name));
    }

    private void ThrowIfHeld()
    {
        if (Writer is not null)
            throw new InvalidOperationException($"The weights of this {Description.Name} belong to a trainer while it lives; dispose it first.");
    }
}
