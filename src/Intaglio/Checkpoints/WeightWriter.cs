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
            for (var i = 0; i < count; i++)
            {
                narrowed[i] = narrow.Narrow(buffer[i]);
                if (float.IsInfinity(narrow.Widen(narrowed[i])) && float.IsFinite(buffer[i]))
                    throw TooLarge(parameter, start + i, buffer[i], narrow, path);
            }

            writer.Write<ushort>(narrowed.AsSpan(0, count));
        }

        ArrayPool<ushort>.Shared.Return(narrowed);
        ArrayPool<float>.Shared.Return(buffer);
    }

    private CheckpointException TooLarge(Parameter parameter, long element, float value, SixteenBitType narrow, string path)
    {
        var name = NameOf(parameter);
        return new(
            path, name, FormattableString.Invariant($"numbers of {narrow.Name}, up to {narrow.Largest:R}"), FormattableString.Invariant($"{value:R}"),
            FormattableString.Invariant($"{name}: element {element} is {value:R}, and {narrow.Name} ends at {narrow.Largest:R}; save the model in a format that has such numbers, as {nameof(NumberFormat.FP32)} does"));
    }

    private static IEnumerable<(long Start, int Count)> Chunks(Parameter parameter)
    {
        for (var start = 0L; start < parameter.Entry.Count; start += CheckpointDirectory.ChunkElements)
            yield return (start, (int)Math.Min(CheckpointDirectory.ChunkElements, parameter.Entry.Count - start));
    }
}
