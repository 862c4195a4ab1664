using System.Text.Json;

namespace Intaglio.Checkpoints;

/// <summary>The header of a safetensors file, checked.</summary>
/// <param name="Tensors">The tensors, in the order of their data.</param>
/// <param name="Metadata">The free-form text of <c>__metadata__</c>.</param>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsTensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The longest header that the format allows.</summary>
    public const int MaximumBytes = 100_000_000;

    public const string MetadataKey = "__metadata__";

    /// <summary>Reads and checks a header.</summary>
    /// <param name="json">The header, padding included.</param>
    /// <param name="dataBytes">How many bytes of the file follow it.</param>
    /// <param name="file">The file's name, for errors.</param>
    /// <exception cref="CheckpointException">The header breaks a rule of the format.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataBytes, string file)
    {
        if (json.IsEmpty || json[0] != '{')
            throw new CheckpointException(file, "header", "a JSON object", json.IsEmpty ? "nothing" : $"a first byte of 0x{json[0]:X2}", "the header is not a JSON object that begins with {");

        try
        {
            var (tensors, metadata) = new SafetensorsHeaderParser(json, file).Parse();
            CheckLayout(tensors, dataBytes, file);
            return new(tensors, metadata);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The parser looks at a token's type before its value, so what is left of InvalidOperationException is text that is not Unicode.
            throw new CheckpointException(file, "header", "valid JSON", fault.Message, $"the header is not valid JSON: {fault.Message}", fault);
        }
    }

    // The data must be covered by the tensors from end to end, each byte once.
    private static void CheckLayout(List<SafetensorsTensor> tensors, long dataBytes, string file)
    {
        tensors.Sort((x, y) => (x.Begin, x.End).CompareTo((y.Begin, y.End)));
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
            new(file, tensor.Name, expected, $"[{tensor.Begin}, {tensor.End}]", $"{tensor.Name}: data_offsets are [{tensor.Begin}, {tensor.End}], expected {expected}; {reason}");
    }
}
