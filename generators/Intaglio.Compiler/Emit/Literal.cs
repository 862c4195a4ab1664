using System.Globalization;

namespace Intaglio.Compiler;

/// <summary>Every number that is printed passes through here, so that no culture changes emitted code.</summary>
internal static class Literal
{
    /// <summary>Digits alone, for shapes in comments.</summary>
    public static string Plain(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A C# string: what is no letter, digit or the like is written as an escape.</summary>
    public static string Text(string value) =>
        $"\"{string.Concat(value.Select(character => character is >= ' ' and <= '~' and not ('"' or '\\') || char.IsLetter(character) ? $"{character}" : $"\\u{(int)character:x4}"))}\"";

    /// <summary>A C# integer with digits in groups of three: <c>1_774_464</c>.</summary>
    public static string Integer(long value)
    {
        var digits = value.ToString("N0", CultureInfo.InvariantCulture).Replace(',', '_');
        return value > int.MaxValue || value < int.MinValue ? digits + "L" : digits;
    }

    /// <summary>A C# float that parses back to the same value.</summary>
    public static string Float(double value) => ((float)value).ToString("R", CultureInfo.InvariantCulture).Replace("E", "e") + "f";

    /// <summary>A C# double that parses back to the same value.</summary>
    public static string Double(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e");
        return text.IndexOfAny(['.', 'e']) < 0 ? text + ".0" : text;
    }
}
