using System.Security.Cryptography;

namespace Intaglio.Checkpoints;

/// <summary>Writes the files of one checkpoint into a new directory, each forced to the disk and hashed on its way, and their manifest last.</summary>
internal sealed class CheckpointWriter(string directory)
{
    private readonly List<ManifestFile> _files = [];

    /// <summary>Writes one file.</summary>
    /// <exception cref="CheckpointException">It cannot be written.</exception>
    public void Write(string name, Action<Stream> content)
    {
        using var hash = SHA256.Create();
        var bytes = WriteDurably(name, file =>
        {
            using var hashing = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true);
            content(hashing);
        });
        _files.Add(new(name, bytes, Convert.ToHexStringLower(hash.Hash!)));
    }

    /// <summary>Writes the manifest and forces the directory's entries to the disk.</summary>
    /// <exception cref="CheckpointException">It cannot be written.</exception>
    public void Complete()
    {
        WriteDurably(CheckpointManifest.FileName, file => file.Write(new CheckpointManifest(CheckpointManifest.CurrentVersion, _files).ToJson()));
        AtomicFile.FlushDirectory(directory);
    }

    private long WriteDurably(string name, Action<Stream> content)
    {
        var path = Path.Combine(directory, name);
        try
        {
            // Without a buffer of its own, closing it after a fault has nothing left to write and no fault to add.
            using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            content(file);
            file.Flush(flushToDisk: true);
            return file.Length;
        }
        catch (Exception fault) when (FileFault.IsOfWriting(fault))
        {
            throw new CheckpointException(
                path, null, "a file that can be written", fault.Message, $"cannot be written: {fault.Message}. The checkpoints before are as they were; make space or mend the directory's permissions, and save again", fault);
        }
    }
}
