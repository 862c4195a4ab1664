using System.Text.Json;

namespace Intaglio.ExecutionTests;

/// <summary>Arrays of numbers in JSON.</summary>
internal static class Json
{
    /// <summary>The numbers of nested arrays, in order.</summary>
    public static IEnumerable<double> Numbers(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().SelectMany(Numbers) : [element.GetDouble()];

    /// <summary>An array of arrays of whole numbers.</summary>
    public static int[][] Rows(this JsonElement element) => [.. element.EnumerateArray().Select(row => row.Numbers().Select(number => (int)number).ToArray())];
}
