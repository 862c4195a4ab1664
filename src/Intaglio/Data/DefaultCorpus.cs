using System.Runtime.ExceptionServices;
using System.Text;
using Intaglio.Numerics;

namespace Intaglio.Data;

/// <summary>
/// English that is on every machine with the .NET SDK: the prose of its own XML documentation, about 9 MB. Each entry is a line; no entry occurs twice, and
/// their order is random but fixed, so that the last tenth is a fair sample of the rest.
/// </summary>
public static class DefaultCorpus
{
    private const ulong ShuffleSeed = 20_251_111;

    /// <summary>The text.</summary>
    /// <param name="maximumBytes">The most that is wanted, in bytes of UTF-8; whole lines from the start.</param>
    /// <exception cref="DataException">No SDK with documentation is installed.</exception>
    public static string ReadText(long maximumBytes = long.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumBytes);
        foreach (var root in ReferencePacks.DotnetRoots())
        {
            var files = ReferencePacks.DocumentationFiles(root);
            if (files.Count > 0)
                return Compose(ReadFiles(files), maximumBytes);
        }

        throw new DataException(null, null, "the default corpus is the documentation that the .NET SDK installs (packs/*.Ref/*/ref/*/*.xml), and there is none in "
            + $"{string.Join(" or ", ReferencePacks.DotnetRoots())}; install the SDK, set DOTNET_ROOT to where it is, or give a text of your own with --text FILE");
    }

    /// <summary>The entries of all files, in any order.</summary>
    internal static string[] ReadFiles(IReadOnlyList<string> files)
    {
        try
        {
            return [.. files.AsParallel().SelectMany(XmlDocumentation.Read)];
        }
        catch (AggregateException faults) when (faults.InnerExceptions.OfType<DataException>().FirstOrDefault() is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
            throw;
        }
    }

    /// <summary>Removes doubles, orders entries in a way that depends on nothing but themselves, and joins them to lines.</summary>
    internal static string Compose(IEnumerable<string> entries, long maximumBytes)
    {
        string[] distinct = [.. entries.Distinct(StringComparer.Ordinal)];
        Array.Sort(distinct, StringComparer.Ordinal);
        Shuffle(distinct);

        var text = new StringBuilder();
        var bytes = 0L;
        foreach (var entry in distinct)
        {
            bytes += Encoding.UTF8.GetByteCount(entry) + 1;
            if (bytes > maximumBytes)
                break;
            text.Append(entry).Append('\n');
        }

        return text.ToString();
    }

    // Fisher and Yates, with numbers that are the same on every machine.
    private static void Shuffle(string[] entries)
    {
        var stream = RandomStream.For(ShuffleSeed, 0, 0);
        for (var i = entries.Length - 1; i > 0; i--)
        {
            var j = (int)(((ulong)stream[(uint)i] * ((ulong)i + 1)) >> 32);
            (entries[i], entries[j]) = (entries[j], entries[i]);
        }
    }
}
