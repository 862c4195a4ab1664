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
        In("ConfigurationFile.cs", "entries.Where(entry => entry.IsFact)", "entries.Where(entry => !entry.IsFact)"),
        In("TensorNames.cs", "prefixed != name && reader.TryGet(name, out _)", "prefixed == name && reader.TryGet(name, out _)"),
    ];

    private static Mutant In(string file, string original, string mutated) => new(Checkpoints + file, original, mutated, TestRun.Checkpoints);
}
