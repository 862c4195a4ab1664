using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Intaglio.Compiler.Tests.Data;

/// <summary>FP32 tensors of a safetensors file, widened: 8 bytes of header length, a JSON header, the data.</summary>
internal static class Checkpoint
{
    public static Dictionary<string, Tensor> Read(string file)
    {
        var bytes = File.ReadAllBytes(file);
        var headerLength = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, headerLength));
        return header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__").ToDictionary(entry => entry.Name, entry =>
        {
            int[] offsets = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt32())];
            var values = MemoryMarshal.Cast<byte, float>(bytes.AsSpan((8 + headerLength + offsets[0])..(8 + headerLength + offsets[1])));
            return new Tensor([.. entry.Value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt32())], [.. values.ToArray().Select(value => (double)value)]);
        });
    }
}
