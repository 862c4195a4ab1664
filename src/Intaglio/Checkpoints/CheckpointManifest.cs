using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Intaglio.Checkpoints;

/// <summary>One file of a checkpoint.</summary>
/// <param name="Name">Its name in the checkpoint's directory.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">SHA-256 of its content, in hexadecimal digits.</param>
internal sealed record ManifestFile(string Name, long Bytes, string Sha256);

/// <summary>What a run's checkpoint consists of. The file is written last, so that a directory that has it has everything.</summary>
/// <param name="FormatVersion">Which files there are and what is in them.</param>
/// <param name="Files">All files but this one.</param>
internal sealed record CheckpointManifest(int FormatVersion, IReadOnlyList<ManifestFile> Files)
{
    public const string FileName = "manifest.json";
    public const int CurrentVersion = 1;

    // What every checkpoint of this version has; a manifest that leaves one out would let it go unchecked.
    private static readonly string[] Required = [CheckpointDirectory.ConfigurationName, CheckpointDirectory.WeightsName, TrainingCheckpoint.OptimizerFileName, TrainingCheckpoint.FileName];

    private const string Remedy = "restore it, or use another checkpoint (Resume with skipDamaged goes on from the newest one that is whole)";

    public static bool IsIn(string directory) => File.Exists(Path.Combine(directory, FileName));

    /// <summary>Reads a checkpoint's manifest.</summary>
    /// <exception cref="CheckpointException">It is missing, damaged, or of another version.</exception>
    public static CheckpointManifest Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        try
        {
            var manifest = JsonSerializer.Deserialize(File.ReadAllBytes(path), CheckpointManifestJson.Default.CheckpointManifest) ?? throw new JsonException("it is null");
            if (manifest.FormatVersion != CurrentVersion)
                throw new CheckpointException(path, "format_version", $"{CurrentVersion}", $"{manifest.FormatVersion}", $"the checkpoint's format is {manifest.FormatVersion}, this version of Intaglio reads {CurrentVersion}");
            if (manifest.Files.FirstOrDefault(file => file.Name != Path.GetFileName(file.Name)) is { } outside)
                throw new CheckpointException(path, "files", "names of files beside it", outside.Name, $"'{outside.Name}' is no name of a file beside it; {Remedy}");
            if (Required.FirstOrDefault(name => manifest.Files.All(file => file.Name != name)) is { } missing)
                throw new CheckpointException(path, "files", missing, "nothing", $"{missing} is not among the files; {Remedy}");
            return manifest;
        }
        catch (FileNotFoundException fault)
        {
            throw new CheckpointException(path, null, "the checkpoint's list of files", "nothing", $"the file is missing; {Remedy}", fault);
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, null, "the checkpoint's list of files", fault.Message, $"cannot be read: {fault.Message}; {Remedy}", fault);
        }
    }

    /// <summary>Reads a checkpoint's manifest and compares every file with it.</summary>
    /// <exception cref="CheckpointException">The checkpoint is damaged.</exception>
    public static CheckpointManifest Verified(string directory)
    {
        var manifest = Read(directory);
        manifest.Verify(directory);
        return manifest;
    }

    public byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, CheckpointManifestJson.Default.CheckpointManifest), (byte)'\n'];

    /// <summary>Compares files with their sizes and hashes.</summary>
    /// <param name="directory">Where they are.</param>
    /// <param name="names">Which ones; all when none are named.</param>
    /// <exception cref="CheckpointException">One is missing, truncated or was edited.</exception>
    public void Verify(string directory, params ReadOnlySpan<string> names)
    {
        foreach (var file in Files)
        {
            if (names.IsEmpty || names.Contains(file.Name))
                Verify(file, Path.Combine(directory, file.Name));
        }
    }

    private static void Verify(ManifestFile file, string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            if (stream.Length != file.Bytes)
                throw new CheckpointException(path, "bytes", $"{file.Bytes}", $"{stream.Length}", $"expected {file.Bytes} bytes, found {stream.Length}: the file was truncated or edited; {Remedy}");

            var found = Convert.ToHexStringLower(SHA256.HashData(stream));
            if (found != file.Sha256)
                throw new CheckpointException(path, "sha256", file.Sha256, found, $"expected the SHA-256 {file.Sha256}, found {found}: the file was damaged or edited; {Remedy}");
        }
        catch (FileNotFoundException fault)
        {
            throw new CheckpointException(path, null, $"{file.Bytes} bytes", "nothing", $"the file is missing from the checkpoint; {Remedy}", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, null, $"{file.Bytes} bytes", fault.Message, $"cannot be read: {fault.Message}; {Remedy}", fault);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, IndentSize = 2, NewLine = "\n", RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CheckpointManifest))]
internal sealed partial class CheckpointManifestJson : JsonSerializerContext;
