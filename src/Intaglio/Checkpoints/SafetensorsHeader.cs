using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;

namespace Intaglio.Checkpoints;

/// <summary>The header of a safetensors file, checked.</summary>
/// <param name="Tensors">The tensors, in the order of their data.</param>
/// <param name="ByName">The same.</param>
/// <param name="Metadata">The free-form text of <c>__metadata__</c>.</param>
internal sealed record SafetensorsHeader(
    IReadOnlyList<SafetensorsTensor> Tensors, IReadOnlyDictionary<string, SafetensorsTensor> ByName, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The longest header that the format allows.</summary>
    public const int MaximumBytes = 100_000_000;

    /// <summary>How long the header's length is.</summary>
    public const int LengthBytes = sizeof(ulong);

    public const string MetadataKey = "__metadata__";

    /// <summary>Checks the header's length against the format and the file.</summary>
    /// <param name="prefix">The first bytes of the file, <see cref="LengthBytes"/> or, where it has not so many, all.</param>
    /// <param name="fileBytes">How many bytes the file has.</param>
    /// <param name="file">The file's name, for errors.</param>
    /// <returns>How many bytes of header there are.</returns>
    /// <exception cref="CheckpointException">The file cannot have such a header.</exception>
    public static int Length(ReadOnlySpan<byte> prefix, long fileBytes, string file)
    {
        if (prefix.Length < LengthBytes)
            throw new CheckpointException(file, null, "at least 8 bytes", $"{fileBytes}", $"the file has {fileBytes} bytes; the header's length alone takes 8");
        if (prefix.SequenceEqual("version "u8))
            throw new CheckpointException(file, null, "a safetensors file", "a Git LFS pointer", "this is a Git LFS pointer, not the file that it points to; run git lfs pull");

        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaximumBytes)
            throw new CheckpointException(file, "header", $"at most {MaximumBytes} bytes", $"{length}", $"the header is said to have {length} bytes, the format allows {MaximumBytes}; is this a safetensors file?");
        if (length > (ulong)(fileBytes - LengthBytes))
            throw new CheckpointException(file, "header", $"at most {fileBytes - LengthBytes} bytes", $"{length}", $"the header is said to have {length} bytes, the file has {fileBytes} in all; it is truncated");
        return (int)length;
    }

    /// <summary>Reads and checks a header.</summary>
    /// <param name="json">The header, padding included.</param>
    /// <param name="dataBytes">How many bytes of the file follow it.</param>
    /// <param name="file">The file's name, for errors.</param>
    /// <exception cref="CheckpointException">The header breaks a rule of the format.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataBytes, string file)
    {
        if (json.IsEmpty || json[0] != '{')
            throw new CheckpointException(file, "header", "a JSON object", json.IsEmpty ? "nothing" : $"a first byte of 0x{json[0]:X2}", "the header is not a JSON object that begins with {");
        if (!Utf8.IsValid(json))
            throw new CheckpointException(file, "header", "UTF-8", "other bytes", "the header is not UTF-8 text; the file is damaged");

        try
        {
            var (byName, metadata) = new SafetensorsHeaderParser(json, file).Parse();
            SafetensorsTensor[] tensors = [.. byName.Values];
            Array.Sort(tensors, static (x, y) => (x.Begin, x.End).CompareTo((y.Begin, y.End)));
            CheckLayout(tensors, dataBytes, file);
            return new(tensors, byName, metadata);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The parser looks at a token's type before its value, so what is left of InvalidOperationException is half a surrogate pair.
            throw new CheckpointException(file, "header", "valid JSON", Excerpt.Of(fault), $"the header is not valid JSON: {Excerpt.Of(fault)}", fault);
        }
    }

    // The data must be covered by the tensors from end to end, each byte once.
    private static void CheckLayout(SafetensorsTensor[] tensors, long dataBytes, string file)
    {
        var covered = 0L;
        foreach (var tensor in tensors)
        {
            if (tensor.End > dataBytes)
                throw Fault(tensor, $"at most {dataBytes} bytes of data", "the file is truncated or the offset wrong");
            if (tensor.Begin < covered)
                throw Fault(tensor, $"a begin of {covered}", "it overlaps the tensor before it");
            if (tensor.Begin > covered)
                throw Fault(tensor, $"a begin of {covered}", "there is a gap before it");
            covered = tensor.End;
        }

        if (covered != dataBytes)
            throw new CheckpointException(file, null, $"{covered} bytes of data", $"{dataBytes}", $"{dataBytes - covered} bytes at the end belong to no tensor (the header describes {covered} bytes of data, the file has {dataBytes})");

        CheckpointException Fault(SafetensorsTensor tensor, string expected, string reason) =>
            new(file, tensor.Name, expected, $"[{tensor.Begin}, {tensor.End}]", $"{Excerpt.Of(tensor.Name)}: data_offsets are [{tensor.Begin}, {tensor.End}], expected {expected}; {reason}");
    }
}
