using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Intaglio.Checkpoints;

/// <summary>
/// Reads files that came from elsewhere. A directory or a pipe in a file's place is an error at once, whereas opening a pipe as one opens a file waits for a
/// writer, for ever if need be.
/// </summary>
internal static partial class RegularFile
{
    // O_NONBLOCK and O_CLOEXEC of <fcntl.h>.
    private const int OpenFlagsOfLinux = 0x800 | 0x80000;
    private const int OpenFlagsOfMacOS = 0x4 | 0x1000000;

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">How many bytes it has.</param>
    /// <exception cref="IOException">It cannot be read, or is no file.</exception>
    public static SafeFileHandle Open(string path, out long length)
    {
        var fullPath = Path.GetFullPath(path);
        if (Directory.Exists(fullPath))
            throw new IOException("it is a directory");

        var file = OpenWithoutWaiting(fullPath);
        try
        {
            length = RandomAccess.GetLength(file);
            return file;
        }
        catch (NotSupportedException)
        {
            file.Dispose();
            throw new IOException("it is not a regular file");
        }
    }

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maximumBytes">How long it may be; nothing of a longer one is read.</param>
    /// <exception cref="IOException">It cannot be read, is no file, or is longer.</exception>
    public static byte[] ReadAll(string path, int maximumBytes)
    {
        using var file = Open(path, out var length);
        if (length > maximumBytes)
            throw new IOException($"it has {length} bytes; at most {maximumBytes} are read");

        var content = new byte[length];
        ReadExactly(file, content, 0);
        return content;
    }

    /// <summary>Reads bytes that the file has to have.</summary>
    /// <exception cref="IOException">It cannot be read, or ends before.</exception>
    public static void ReadExactly(SafeFileHandle file, Span<byte> destination, long offset)
    {
        while (!destination.IsEmpty)
        {
            var read = RandomAccess.Read(file, destination, offset);
            if (read == 0)
                throw new EndOfStreamException($"the file became shorter while it was read: {destination.Length} more bytes were expected at {offset}");
            destination = destination[read..];
            offset += read;
        }
    }

    private static SafeFileHandle OpenWithoutWaiting(string path)
    {
        var flags = OperatingSystem.IsLinux() ? OpenFlagsOfLinux : OperatingSystem.IsMacOS() ? OpenFlagsOfMacOS : 0;
        if (flags == 0)
            return File.OpenHandle(path, options: FileOptions.SequentialScan);

        var descriptor = Open(path, flags);
        return descriptor >= 0
            ? new(descriptor, ownsHandle: true)
            : throw new IOException(Marshal.GetLastPInvokeErrorMessage());
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
