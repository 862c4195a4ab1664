using System.Buffers;
using Intaglio.Numerics;

namespace Intaglio.Checkpoints;

/// <summary>Writes a model's parameters into a safetensors file, chunk by chunk.</summary>
/// <param name="model">The model.</param>
/// <param name="type">The type of the tensors, see <see cref="TensorTypes"/>.</param>
internal sealed class WeightWriter(LanguageModel model, string type)
{
    /// <summary>What a file's header says of parameters.</summary>
    public SafetensorsEntry[] Entries(IEnumerable<Parameter> parameters) =>
        [.. parameters.Select(parameter => new SafetensorsEntry(NameOf(parameter), type, [.. parameter.Entry.Shape.Select(side => (long)side)]))];

    /// <summary>The name under which a parameter is saved.</summary>
    public string NameOf(Parameter parameter) => TensorNames.Saved(model.Description, parameter.Name);

    /// <summary>Writes parameters in order.</summary>
    /// <param name="parameters">Those that the file is to hold.</param>
    /// <param name="writer">The file.</param>
    /// <param name="path">The file's name, for errors.</param>
    /// <exception cref="CheckpointException">A number is too large for the type.</exception>
    public void Write(IEnumerable<Parameter> parameters, SafetensorsWriter writer, string path)
    {
        foreach (var parameter in parameters)
        {
            if (type == model.StorageType)
                Copy(parameter, writer);
            else if (SixteenBitType.Find(type) is { } narrow)
                Narrow(parameter, narrow, writer, path);
            else
                Widen(parameter, writer);
        }
    }

    // Of one type on both sides: bytes are copied as they are.
    private void Copy(Parameter parameter, SafetensorsWriter writer)
    {
        var bytesPerWeight = LanguageModel.BytesPerWeight(model.Description.Format);
        var buffer = ArrayPool<byte>.Shared.Rent(CheckpointDirectory.ChunkElements * bytesPerWeight);
        foreach (var (start, count) in Chunks(parameter))
        {
            var chunk = buffer.AsSpan(0, count * bytesPerWeight);
            model.Weights.Read(chunk, (parameter.Offset + start) * bytesPerWeight);
            writer.Write<byte>(chunk);
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    private void Widen(Parameter parameter, SafetensorsWriter writer)
    {
        var buffer = ArrayPool<float>.Shared.Rent(CheckpointDirectory.ChunkElements);
        foreach (var (start, count) in Chunks(parameter))
        {
            model.LoadWeights(parameter.Offset + start, buffer.AsSpan(0, count));
            writer.Write<float>(buffer.AsSpan(0, count));
        }

        ArrayPool<float>.Shared.Return(buffer);
    }

    private void Narrow(Parameter parameter, SixteenBitType narrow, SafetensorsWriter writer, string path)
    {
        var buffer = ArrayPool<float>.Shared.Rent(CheckpointDirectory.ChunkElements);
        var narrowed = ArrayPool<ushort>.Shared.Rent(CheckpointDirectory.ChunkElements);
        foreach (var (start, count) in Chunks(parameter))
        {
            model.LoadWeights(parameter.Offset + start, buffer.AsSpan(0, count));
            var beyond = narrow.NarrowAll(buffer.AsSpan(0, count), narrowed);
            if (beyond >= 0)
                throw narrow.Beyond(path, NameOf(parameter), start + beyond, buffer[beyond]);
            writer.Write<ushort>(narrowed.AsSpan(0, count));
        }

        ArrayPool<ushort>.Shared.Return(narrowed);
        ArrayPool<float>.Shared.Return(buffer);
    }

    private static IEnumerable<(long Start, int Count)> Chunks(Parameter parameter)
    {
        for (var start = 0L; start < parameter.Entry.Count; start += CheckpointDirectory.ChunkElements)
            yield return (start, (int)Math.Min(CheckpointDirectory.ChunkElements, parameter.Entry.Count - start));
    }
}
