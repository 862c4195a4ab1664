namespace Intaglio.Crashes;

internal static class Directories
{
    /// <summary>What differs between two directories of files: names, sizes or bytes; null where nothing does.</summary>
    public static string? FirstDifference(string expected, string actual)
    {
        var names = Names(expected);
        if (!names.SequenceEqual(Names(actual)))
            return $"{expected} has {string.Join(", ", names)}; {actual} has {string.Join(", ", Names(actual))}";

        return names.FirstOrDefault(name => !File.ReadAllBytes(Path.Combine(expected, name)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(actual, name)))) is { } different
            ? $"{different} differs between {expected} and {actual}"
            : null;
    }

    private static string[] Names(string directory) => [.. Directory.EnumerateFileSystemEntries(directory).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
