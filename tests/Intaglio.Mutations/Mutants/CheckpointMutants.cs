namespace Intaglio.Mutations;

/// <summary>In what is checked of files.</summary>
internal static class CheckpointMutants
{
    private const string Checkpoints = "src/Intaglio/Checkpoints/";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        In("SafetensorsHeader.cs", "if (tensor.Begin < covered)", "if (tensor.End < covered)"),
        In("SafetensorsHeader.cs", "if (tensor.Begin > covered)", "if (tensor.Begin > covered + 8)"),
        In("SafetensorsHeader.cs", "length > (ulong)(fileBytes - LengthBytes)", "length >= (ulong)(fileBytes - LengthBytes)"),
        In("SafetensorsHeader.cs", "if (!Utf8.IsValid(json))", "if (!Utf8.IsValid(json[..1]))"),
        In("SafetensorsHeaderParser.cs", "|| sizes[i] < 0)", "|| sizes[i] < -9)"),
        In("SafetensorsHeaderParser.cs", "IndexOfAnyExcept((byte)' ')", "IndexOfAnyExcept((byte)' ', (byte)'\\n')"),
        In("SafetensorsHeaderParser.cs", "if (!others.Add(key))", "if (!others.Add(key) && key.Length == 0)"),
        In("SafetensorsHeaderParser.cs", "if (count > long.MaxValue)", "if (count > Int128.MaxValue)"),
        In("StrictJson.cs", "AllowDuplicateProperties = false", "AllowDuplicateProperties = true"),
        In("RegularFile.cs", "OpenFlagsOfLinux = 0x800 | 0x80000;", "OpenFlagsOfLinux = 0x80000;"),
        In("ConfigurationFile.cs", ".Where(entry => entry.IsFact)", ".Where(entry => !entry.IsFact)"),
        In("TensorNames.cs", "prefixed != name && files.TryGet(name, out tensor)", "prefixed == name && files.TryGet(name, out tensor)"),
        In("WeightsIndex.cs", "name[0] != '.' && ", ""),
        In("WeightFiles.cs", "if (mapped != stored.FileName)", "if (mapped == file + stored.FileName)"),
        In("WeightFiles.cs", "index.TotalBytes is { } total && total != bytes", "index.TotalBytes is { } total && total < bytes"),
        In("Shard.cs", "if (currentBytes + bytes > maximumBytes)", "if (currentBytes + bytes >= maximumBytes)"),
        In("CompleteWeights.cs", "if (IsSharded && File.Exists(index)", "if (!IsSharded && File.Exists(index)"),
        In("SixteenBitType.cs", "payload == 0 ? 0x200 : payload", "payload | 0x200"),
        In("TiedHead.cs", "if (equal < count)", "if (equal < 1)"),
    ];

    private static Mutant In(string file, string original, string mutated) => new(Checkpoints + file, original, mutated, TestRun.Checkpoints);
}
