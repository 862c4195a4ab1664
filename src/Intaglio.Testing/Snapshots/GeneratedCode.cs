using System.Buffers.Binary;
using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace Intaglio.Testing;

/// <summary>
/// The code that was generated for a model: the text that was compiled into its assembly, and no other. The C# compiler stores what generators add in the
/// portable PDB beside the assembly (or inside of it), so neither the generator nor a compiler is needed to read it.
/// </summary>
public static partial class GeneratedCode
{
    // The compiler's path of an added file is GeneratorAssembly/GeneratorType/HintName.
    private const string Generator = "Intaglio.Generators.ModelGenerator";

    // The generator cuts longer names of classes off here.
    private const int LongestName = 100;

    // Portable PDB format, "Embedded Source": four bytes that are 0 for plain text and else the length of what is deflated.
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    /// <summary>Every file that was generated for a model, in the order of their names.</summary>
    /// <typeparam name="TModel">The model's class, in the test project or in an assembly that it references.</typeparam>
    /// <returns>Names as the generator gave them, such as <c>App.Story.Forward.g.cs</c>, and texts.</returns>
    /// <exception cref="SnapshotException">The class's assembly has no portable PDB, or one without these files. The message says what to set.</exception>
    public static IReadOnlyList<(string HintName, string Text)> Of<TModel>()
        where TModel : LanguageModel
    {
        var type = typeof(TModel);
        var file = type.Assembly.Location;
        var files = ReadPdb(file).Where(file => IsOf(type, file.HintName)).OrderBy(file => file.HintName, StringComparer.Ordinal).ToList();
        return files.Count > 0
            ? files
            : throw new SnapshotException($"The PDB of {file} has no code that was generated for {type.FullName}; build it with Intaglio's generator and the .NET SDK 10 or newer.");
    }

    /// <summary>Whether a file of the generator belongs to a class: <c>App.Outer+Class.g.cs</c> and <c>App.Outer+Class.Part.g.cs</c>.</summary>
    internal static bool IsOf(Type type, string hintName)
    {
        var letters = type.FullName!.Select(letter => char.IsLetterOrDigit(letter) || letter is '_' or '+' or '.' ? letter : '_');
        var name = string.Concat(letters.Take(LongestName));
        return hintName.StartsWith(name, StringComparison.Ordinal) && Rest().IsMatch(hintName, name.Length);
    }

    private static List<(string HintName, string Text)> ReadPdb(string assembly)
    {
        if (!File.Exists(assembly))
            throw new SnapshotException("The model's assembly was not loaded from a file, so there is no PDB beside it.");

        using var image = new PEReader(File.OpenRead(assembly));
        if (!TryOpenPdb(image, assembly, out var provider))
            throw new SnapshotException($"{assembly} has no portable PDB beside it or inside of it; set DebugType to portable or embedded where it is built, and have the .pdb copied with it.");

        using (provider)
        {
            var pdb = provider!.GetMetadataReader();
            return [.. pdb.Documents.SelectMany(handle => Read(pdb, handle))];
        }
    }

    private static bool TryOpenPdb(PEReader image, string assembly, out MetadataReaderProvider? provider)
    {
        try
        {
            return image.TryOpenAssociatedPortablePdb(assembly, path => File.Exists(path) ? File.OpenRead(path) : null, out provider, out _);
        }
        catch (BadImageFormatException)
        {
            // A PDB of Windows' own format, or damaged.
            provider = null;
            return false;
        }
    }

    // None where the document is not a file of the generator.
    private static IEnumerable<(string HintName, string Text)> Read(MetadataReader pdb, DocumentHandle handle)
    {
        var path = pdb.GetString(pdb.GetDocument(handle).Name).Split('/', '\\');
        if (path is not [.., Generator, var hintName])
            return [];

        return pdb.GetCustomDebugInformation(handle)
            .Select(pdb.GetCustomDebugInformation)
            .Where(information => pdb.GetGuid(information.Kind) == EmbeddedSource)
            .Select(information => (hintName, Decode(pdb.GetBlobBytes(information.Value))));
    }

    private static string Decode(byte[] blob)
    {
        var content = new MemoryStream(blob, sizeof(int), blob.Length - sizeof(int));
        using var reader = new StreamReader(BinaryPrimitives.ReadInt32LittleEndian(blob) == 0 ? content : new DeflateStream(content, CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    // Hash and part are both optional; the generator adds the hash where the name alone does not tell classes apart.
    [GeneratedRegex(@"\G(\.[0-9a-f]{8})?(\.[A-Za-z]+)?\.g\.cs$")]
    private static partial Regex Rest();
}
