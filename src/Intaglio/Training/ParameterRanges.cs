using Intaglio.Numerics;

namespace Intaglio;

/// <summary>A run of the flat weights that the optimizer treats alike.</summary>
/// <param name="Start">First element.</param>
/// <param name="Count">How many.</param>
/// <param name="Group">Whether they decay.</param>
internal readonly record struct ParameterRange(long Start, long Count, ParameterGroup Group);

/// <summary>Flat ranges of a parameter table.</summary>
internal static class ParameterRanges
{
    /// <summary>
    /// Neighbours of one group merged into ranges. Padding between two of them joins their range: its weights and gradients are zero and stay so. What is frozen
    /// is in none.
    /// </summary>
    public static ParameterRange[] Of(ParameterTable table)
    {
        var ranges = new List<ParameterRange>();
        foreach (var (entry, _, offset) in table.Parameters().OrderBy(parameter => parameter.Offset))
        {
            if (ranges is [.., var last] && last.Group == entry.Group)
                ranges[^1] = last with { Count = offset + entry.Count - last.Start };
            else
                ranges.Add(new(offset, entry.Count, entry.Group));
        }

        return [.. ranges.Where(range => range.Group != ParameterGroup.Frozen)];
    }
}
