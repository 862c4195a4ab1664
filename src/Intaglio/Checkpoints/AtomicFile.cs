using System.Runtime.InteropServices;

namespace Intaglio.Checkpoints;

/// <summary>
/// A file that appears under its name whole or not at all: it is written beside its place under another name, forced to the disk, and renamed. Disposing
/// it before <see cref="Commit"/> leaves nothing behind and whatever was there before as it was.
/// </summary>
internal sealed partial class AtomicFile : IDisposable
{
    private readonly string _path;
    private readonly string _directory;
    private readonly string _temporary;
    private bool _isCommitted;

    public AtomicFile(string path)
    {
        _path = Path.GetFullPath(path);
        _directory = Path.GetDirectoryName(_path)!;
        if (Directory.Exists(_path))
            throw new IOException($"{_path} is a directory");

        // The name is random so that two writers cannot meet in one temporary file and rename each other's half.
        _temporary = Path.Combine(_directory, $".{Path.GetFileName(_path)}.{Path.GetRandomFileName()}");
        Stream = new(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
    }

    /// <summary>Where the content goes.</summary>
    public FileStream Stream { get; }

    /// <summary>Writes a whole file at once.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        using var file = Completed(path, content);
        file.Commit();
    }

    /// <summary>A file with its content on the disk and its name still to come.</summary>
    public static AtomicFile Completed(string path, ReadOnlySpan<byte> content)
    {
        var file = new AtomicFile(path);
        try
        {
            file.Stream.Write(content);
            file.Complete();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Removes a file, if it is there, for good.</summary>
    public static void Remove(string path)
    {
        File.Delete(path);
        FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Forces a directory's entries to the disk: a rename is durable only after that. Windows has no such call and needs none.</summary>
    public static void FlushDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;

        var descriptor = Open(directory, flags: 0);
        if (descriptor < 0)
            throw new IOException($"{directory} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}");
        var isFlushed = Synchronize(descriptor) == 0 || Marshal.GetLastPInvokeError() == InvalidArgument;
        var message = isFlushed ? null : Marshal.GetLastPInvokeErrorMessage();
        _ = Close(descriptor);
        if (message is not null)
            throw new IOException($"{directory} cannot be forced to the disk: {message}");
    }

    /// <summary>Ends the content and forces it to the disk, still under the temporary name.</summary>
    public void Complete()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
    }

    /// <summary>Gives the file its name.</summary>
    public void Commit()
    {
        if (Stream.CanWrite)
            Complete();
        File.Move(_temporary, _path, overwrite: true);
        _isCommitted = true;
        FlushDirectory(_directory);
    }

    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        finally
        {
            if (!_isCommitted)
                File.Delete(_temporary);
        }
    }

    // EINVAL: a file system, such as some network ones, that cannot force directories.
    private const int InvalidArgument = 22;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
