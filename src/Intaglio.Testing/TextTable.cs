using System.Globalization;
using System.Text;

namespace Intaglio.Testing;

/// <summary>Reports as text, for a test's output.</summary>
internal static class TextTable
{
    /// <summary>A heading, and rows whose columns are as wide as their widest cell.</summary>
    public static string Write(string heading, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        IReadOnlyList<string>[] lines = [columns, .. rows];
        int[] widths = [.. Enumerable.Range(0, columns.Count).Select(column => lines.Max(line => line[column].Length))];
        var text = new StringBuilder(heading);
        foreach (var line in lines)
            text.Append('\n').Append(string.Join("  ", line.Zip(widths, (cell, width) => cell.PadRight(width))).TrimEnd());

        return text.ToString();
    }

    /// <summary>A size: two digits.</summary>
    public static string Number(double value) => value.ToString("0.0e+0", CultureInfo.InvariantCulture);

    /// <summary>A value that another one is compared with.</summary>
    public static string Slope(double value) => value.ToString("0.00000e+0", CultureInfo.InvariantCulture);
}
