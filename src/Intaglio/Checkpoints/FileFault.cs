namespace Intaglio.Checkpoints;

/// <summary>Which exceptions tell of a file that cannot be read or written, as against a mistake in a program.</summary>
internal static class FileFault
{
    /// <summary>Whether writing failed: no space, no permission, no such directory.</summary>
    public static bool IsOfWriting(Exception fault) => fault is IOException or UnauthorizedAccessException

        // .NET's word for EFBIG: the file system, or a limit of the process, has no room for so long a file.
        or ArgumentOutOfRangeException { ParamName: "value" };
}
