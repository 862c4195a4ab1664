using System.Buffers;
using System.Runtime.InteropServices;

namespace Intaglio.Checkpoints;

/// <summary>
/// A head that a file has though the model uses its embedding: equal bit for bit, it says nothing new. Another one would be another model, which
/// transformers would load without it.
/// </summary>
internal static class TiedHead
{
    /// <summary>Compares a head with the embedding, piece by piece.</summary>
    /// <param name="head">The head.</param>
    /// <param name="embedding">The embedding, of the same shape.</param>
    /// <exception cref="CheckpointException">They differ.</exception>
    public static void RequireEqual(StoredTensor head, StoredTensor embedding)
    {
        var buffer = ArrayPool<float>.Shared.Rent(2 * CheckpointDirectory.ChunkElements);
        for (var start = 0L; start < head.Tensor.Count; start += CheckpointDirectory.ChunkElements)
        {
            var count = (int)Math.Min(CheckpointDirectory.ChunkElements, head.Tensor.Count - start);
            var ofHead = buffer.AsSpan(0, count);
            var ofEmbedding = buffer.AsSpan(count, count);
            head.File.Read(head.Tensor, ofHead, start);
            embedding.File.Read(embedding.Tensor, ofEmbedding, start);
            var equal = MemoryMarshal.Cast<float, int>(ofHead).CommonPrefixLength(MemoryMarshal.Cast<float, int>(ofEmbedding));
            if (equal < count)
                throw Fault(head, embedding.Tensor.Name, start + equal, ofHead[equal], ofEmbedding[equal]);
        }

        ArrayPool<float>.Shared.Return(buffer);
    }

    private static CheckpointException Fault(StoredTensor head, string embedding, long element, float found, float expected)
    {
        var name = head.Tensor.Name;
        var (row, column) = Math.DivRem(element, head.Tensor.Shape[1]);
        return new(
            head.File.Path, name, $"{expected:R} at [{row}, {column}]", $"{found:R}",
            FormattableString.Invariant($"{name}: the model's head is its embedding, but the file's head is another: at [{row}, {column}] it has {found:R}, {embedding} has {expected:R}; declare TieWordEmbeddings = false, or leave the head out of the file"));
    }
}
