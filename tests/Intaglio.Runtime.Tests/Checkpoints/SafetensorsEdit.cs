using System.Runtime.InteropServices;
using Intaglio.Checkpoints;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>Writes a safetensors file again, changed.</summary>
internal static class SafetensorsEdit
{
    /// <param name="path">The file.</param>
    /// <param name="change">Gives the new entries; those behind the old ones are added.</param>
    /// <param name="convert">Writes the old numbers down; as floats where null.</param>
    /// <param name="added">Numbers of the tensors that are added; zeros where there are none.</param>
    public static void Rewrite(string path, Func<SafetensorsEntry[], SafetensorsEntry[]> change, Func<float[], byte[]>? convert = null, params float[][] added)
    {
        SafetensorsEntry[] entries;
        byte[][] data;
        using (var reader = SafetensorsReader.Open(path))
        {
            entries = change([.. reader.Tensors.Select(tensor => new SafetensorsEntry(tensor.Name, tensor.Type, tensor.Shape))]);
            data = [.. reader.Tensors.Select(tensor => (convert ?? ToBytes)(reader.Read(tensor.Name))), .. added.Select(ToBytes)];
        }

        using var writer = new SafetensorsWriter(path, entries);
        foreach (var (i, entry) in entries.Index())
            writer.Write<byte>(i < data.Length ? data[i] : new byte[entry.Shape.Aggregate(1L, (count, side) => count * side) * sizeof(float)]);
        writer.Commit();
    }

    private static byte[] ToBytes(float[] values) => MemoryMarshal.AsBytes<float>(values).ToArray();
}
