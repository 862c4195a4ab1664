using System.Text;
using Intaglio.Checkpoints;
using Intaglio.Data;
using Intaglio.Runtime.Tests.Checkpoints;
using Intaglio.Tokenizers;

namespace Intaglio.Fuzz;

/// <summary>All that the library reads.</summary>
internal static class AllFormats
{
    /// <summary>The name that errors have to give of a content that is no file.</summary>
    public const string Path = "/hostile/input";

    // Longer files are for the tests that they are from; here they would only take time.
    private const int LongestSeed = 2000;

    // An XML reader's own buffers.
    private const int XmlBesides = 1 << 18;

    private static readonly ConfigurationEntry[] Declared = WeightsOnly.Gpt2().Configuration;

    /// <summary>A format and how often it is drawn.</summary>
    public static IReadOnlyList<(int Weight, Format Format)> Weighted { get; } =
    [
        (8, new("safetensors", [.. Good(SafetensorsFiles.All), .. ValidSafetensors.Some], Odd(SafetensorsFiles.All), ParseSafetensors, ReadSafetensors)
        {
            Check = CheckSafetensors,
            AllocationPerByte = SafetensorsReader.AllocationPerHeaderByte,
            AllocationBesides = SafetensorsReader.AllocationBesides,
            Split = ValidSafetensors.Split,
            Join = ValidSafetensors.Join,
        }),
        (4, new("config.json", [.. Good(ConfigurationFiles.All), ConfigurationFile.Content(Declared)], Odd(ConfigurationFiles.All), ParseConfiguration, path => ConfigurationFile.Check(path, Declared))
        {
            AllocationPerByte = ConfigurationFile.AllocationPerByte,
            AllocationBesides = SafetensorsReader.AllocationBesides,
        }),
        (3, new("index", Good(IndexFiles.All), Odd(IndexFiles.All), content => WeightsIndex.Parse(content, Path), path => WeightsIndex.Read(path))
        {
            Check = CheckIndex,
            AllocationPerByte = WeightsIndex.AllocationPerByte,
            AllocationBesides = SafetensorsReader.AllocationBesides,
        }),
        (2, new("characters", Good(CharacterFiles.All), Odd(CharacterFiles.All), content => CharacterTokenizer.Parse(content, Path), path => CharacterTokenizer.Load(path))
        {
            Check = CheckCharacters,
            AllocationPerByte = ConfigurationFile.AllocationPerByte,
            AllocationBesides = SafetensorsReader.AllocationBesides,
        }),
        (1, new("text", [.. Good(TextFiles.All), .. Good(ConfigurationFiles.All)], Odd(TextFiles.All), content => TokenCorpus.DecodeText(content, Path), path => TokenCorpus.ReadText(path))
        {
            Check = CheckText,
            AllocationPerByte = 4,
            AllocationBesides = SafetensorsReader.AllocationBesides,
        }),
        (1, new("documentation", Good(DocumentationFiles.All), Odd(DocumentationFiles.All), content => XmlDocumentation.Read(new MemoryStream(content), Path), path => XmlDocumentation.Read(path))
        {
            AllocationPerByte = ConfigurationFile.AllocationPerByte,
            AllocationBesides = XmlBesides,
        }),
    ];

    private static byte[][] Good(IEnumerable<HostileFile> files) => Short(files.Where(file => file.Complaint is null));

    private static byte[][] Odd(IEnumerable<HostileFile> files) => Short(files.Where(file => file.Complaint is not null));

    private static byte[][] Short(IEnumerable<HostileFile> files) => [.. files.Select(file => file.Write()).Where(content => content.Length <= LongestSeed)];

    private static SafetensorsHeader ParseSafetensors(byte[] content)
    {
        var header = SafetensorsHeader.Length(content.AsSpan(0, Math.Min(content.Length, SafetensorsHeader.LengthBytes)), content.Length, Path);
        return SafetensorsHeader.Parse(content.AsSpan(SafetensorsHeader.LengthBytes, header), content.Length - SafetensorsHeader.LengthBytes - header, Path);
    }

    private static object ParseConfiguration(byte[] content)
    {
        ConfigurationFile.Check(content, Path, Declared);
        return content;
    }

    private static void ReadSafetensors(string path)
    {
        using var reader = SafetensorsReader.Open(path);
        foreach (var tensor in reader.Tensors.Where(tensor => TensorTypes.IsReadable(tensor.Type)))
            Require(reader.Read(tensor.Name).Length == tensor.Count, "as many elements as the shape says");
    }

    private static void CheckSafetensors(byte[] content, object parsed)
    {
        var header = (SafetensorsHeader)parsed;
        var covered = SafetensorsHeader.LengthBytes + BitConverter.ToInt64(content);
        foreach (var tensor in header.Tensors)
        {
            Require(ReferenceEquals(header.ByName[tensor.Name], tensor), "a tensor under its name");
            Require(TensorTypes.TryGetBits(tensor.Type, out var bits) && (Int128)bits * tensor.Count == (Int128)8 * tensor.Bytes, "bytes as the shape says");
            covered += tensor.Bytes;
        }

        Require(header.ByName.Count == header.Tensors.Count, "names that differ");
        Require(covered == content.Length, "tensors that are the whole file");
    }

    private static void CheckIndex(byte[] content, object parsed)
    {
        var index = (WeightsIndex)parsed;
        Require(index.Files.All(name => name == System.IO.Path.GetFileName(name) && name is not ("" or "." or "..")), "files beside it alone");
        Require(index.Files.Count == index.WeightMap.Values.Distinct().Count(), "the files of its tensors");

        var again = WeightsIndex.Parse(index.ToJson(), Path);
        Require(again.TotalBytes == index.TotalBytes && again.WeightMap.OrderBy(pair => pair.Key, StringComparer.Ordinal).SequenceEqual(index.WeightMap.OrderBy(pair => pair.Key, StringComparer.Ordinal)), "the content that it is written with");
    }

    private static void CheckCharacters(byte[] content, object parsed)
    {
        var tokenizer = (CharacterTokenizer)parsed;
        int[] all = [.. Enumerable.Range(0, tokenizer.VocabularySize)];
        Require(tokenizer.Encode(tokenizer.Decode(all)).SequenceEqual(all), "characters that can be told apart");
    }

    private static void CheckText(byte[] content, object parsed)
    {
        var bytes = content.AsSpan().StartsWith(Utf8Text.ByteOrderMark) ? content.AsSpan(Utf8Text.ByteOrderMark.Length) : content;
        Require(bytes.SequenceEqual(Encoding.UTF8.GetBytes((string)parsed)), "the text that the bytes say");
    }

    private static void Require(bool isTrue, string what)
    {
        if (!isTrue)
            throw new InvalidDataException($"What was read does not have {what}.");
    }
}
