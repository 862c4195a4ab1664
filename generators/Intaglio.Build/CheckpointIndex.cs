using System.Globalization;
using System.Text;

namespace Intaglio.Build;

/// <summary>The text that stands for a safetensors file: JSON with the file's path, and its header as it is or else why there is none.</summary>
internal static class CheckpointIndex
{
    /// <summary>What the text's name ends in.</summary>
    public const string Extension = ".tensors";

    /// <summary>What the names of checkpoints end in.</summary>
    public const string Weights = ".safetensors";

    private const string Shards = Weights + ".index.json";

    /// <summary>The longest header that is copied; those of models with hundreds of layers have less than one million bytes.</summary>
    private const int MaximumBytes = 8 << 20;

    private const int LengthBytes = 8;

    /// <summary>The checkpoints that a file stands for: itself, or the parts beside an index, model-00001-of-00002.safetensors beside model.safetensors.index.json.</summary>
    public static IEnumerable<string> CheckpointsOf(string file)
    {
        if (file.EndsWith(Weights, StringComparison.OrdinalIgnoreCase))
            return [file];
        if (!file.EndsWith(Shards, StringComparison.OrdinalIgnoreCase) || !File.Exists(file))
            return [];

        var name = Path.GetFileName(file);
        return Directory.EnumerateFiles(Path.GetDirectoryName(file)!, $"{name.Substring(0, name.Length - Shards.Length)}-*-of-*{Weights}").OrderBy(path => path, StringComparer.Ordinal);
    }

    /// <summary>A name that no other file's text has.</summary>
    public static string NameOf(string checkpoint) => $"{Path.GetFileName(checkpoint)}.{Hash(checkpoint):x16}{Extension}";

    /// <summary>What a text begins with for as long as the file does not change.</summary>
    public static string StartOf(string checkpoint)
    {
        var file = new FileInfo(checkpoint);
        var stamp = file.Exists ? string.Format(CultureInfo.InvariantCulture, "{0:O}, {1} bytes", file.LastWriteTimeUtc, file.Length) : "";
        return $"{{\"checkpoint\": {Quote(checkpoint)}, \"stamp\": {Quote(stamp)}, ";
    }

    public static string Of(string checkpoint)
    {
        var start = StartOf(checkpoint);
        var (header, fault) = Read(checkpoint);
        return $"{start}{(fault is null ? $"\"header\": {header}" : $"\"fault\": {Quote(fault)}")}}}";
    }

    private static (string Header, string? Fault) Read(string checkpoint)
    {
        try
        {
            using var file = File.OpenRead(checkpoint);
            var prefix = ReadBytes(file, LengthBytes);
            if (prefix.Length < LengthBytes)
                return Fault($"it has {Plain(prefix.Length)} bytes; the header's length alone takes {Plain(LengthBytes)}");
            if (Encoding.ASCII.GetString(prefix) == "version ")
                return Fault("it is a Git LFS pointer; run git lfs pull");

            var length = Enumerable.Reverse(prefix).Aggregate(0UL, (number, digit) => (number << 8) | digit);
            if (length > MaximumBytes || length > (ulong)(file.Length - LengthBytes))
                return Fault($"its header is said to have {length.ToString(CultureInfo.InvariantCulture)} bytes, more than {(length > MaximumBytes ? $"the {Plain(MaximumBytes)} that are read" : "there are")}");

            var header = ReadBytes(file, (int)length);
            return header.Length > 0 && header[0] == (byte)'{' ? (new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(header), null) : Fault("its header is no JSON object");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Fault(fault.Message);
        }
    }

    private static (string Header, string? Fault) Fault(string reason) => ("", reason);

    private static byte[] ReadBytes(Stream file, int count)
    {
        var bytes = new byte[count];
        var read = 0;
        while (read < count && file.Read(bytes, read, count - read) is var more and > 0)
            read += more;

        return read == count ? bytes : [.. bytes.Take(read)];
    }

    private static string Quote(string text) =>
        $"\"{string.Concat(text.Select(character => character is >= ' ' and not ('"' or '\\') and < '\u007f' ? $"{character}" : $"\\u{(int)character:x4}"))}\"";

    private static string Plain(int number) => number.ToString(CultureInfo.InvariantCulture);

    // FNV-1a, 64 bits: string.GetHashCode differs between processes.
    private static ulong Hash(string text) => Encoding.UTF8.GetBytes(text).Aggregate(14695981039346656037UL, (hash, value) => unchecked((hash ^ value) * 1099511628211UL));
}
