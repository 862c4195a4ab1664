using System.Buffers;

namespace Intaglio.Checkpoints;

/// <summary>Saves a model as a GGUF file, tensor by tensor.</summary>
internal static class GgufSaver
{
    public static void Save(LanguageModel model, string path, GgufOptions options)
    {
        var description = model.Description;
        var architecture = GgufArchitecture.Of(description, path);
        var type = options.StorageFormat is { } format ? TensorTypes.Of(format) : model.StorageType;
        GgufPair[] metadata =
        [
            new("general.architecture", architecture.Name),
            new("general.name", options.Name ?? description.Name),
            new("general.file_type", FileType(type)),
            .. architecture.Sizes().Select(pair => pair with { Key = $"{architecture.Name}.{pair.Key}" }),
            .. GgufVocabulary.Metadata(options, description.VocabularySize),
        ];
        var tensors = architecture.Tensors().Select(tensor => (Entry: new GgufEntry(tensor.Name, tensor.IsFloat ? TensorTypes.F32 : type, tensor.Source.Shape), tensor.Source)).ToArray();
        try
        {
            using var writer = new GgufWriter(path, metadata, [.. tensors.Select(tensor => tensor.Entry)]);
            foreach (var (entry, source) in tensors)
                Write(model, source, entry, writer, path);
            writer.Commit();
        }
        catch (Exception fault) when (FileFault.IsOfWriting(fault))
        {
            throw new CheckpointException(path, null, "a file that can be written", fault.Message, $"the model cannot be saved here: {fault.Message}", fault);
        }
    }

    private static void Write(LanguageModel model, TensorSource source, GgufEntry entry, GgufWriter writer, string path)
    {
        if (SixteenBitType.Find(entry.Type) is not { } narrow)
        {
            source.Read(model, writer.Write);
            return;
        }

        var narrowed = ArrayPool<ushort>.Shared.Rent(CheckpointDirectory.ChunkElements);
        var element = 0L;
        source.Read(model, values =>
        {
            for (; !values.IsEmpty; values = values[Math.Min(CheckpointDirectory.ChunkElements, values.Length)..])
            {
                var chunk = values[..Math.Min(CheckpointDirectory.ChunkElements, values.Length)];
                var beyond = narrow.NarrowAll(chunk, narrowed);
                if (beyond >= 0)
                    throw narrow.Beyond(path, entry.Name, element + beyond, chunk[beyond]);
                writer.Write<ushort>(narrowed.AsSpan(0, chunk.Length));
                element += chunk.Length;
            }
        });
        ArrayPool<ushort>.Shared.Return(narrowed);
    }

    // llama_ftype of llama.h: what most of the matrices are.
    private static uint FileType(string type) => type switch
    {
        TensorTypes.F16 => 1,
        TensorTypes.BF16 => 32,
        _ => 0,
    };
}
