using Location = Microsoft.CodeAnalysis.Location;

namespace Intaglio.Generators.Parsing;

/// <summary>What lies below all that attributes set, keyed as they are.</summary>
/// <param name="Values">The values.</param>
internal sealed record Defaults(IReadOnlyDictionary<string, object> Values)
{
    /// <summary>Where those stand that a file of the class itself sets.</summary>
    public IReadOnlyDictionary<string, Location> Locations { get; init; } = new Dictionary<string, Location>();

    /// <summary>The attribute that names the file, where it is the class's own.</summary>
    public Location? Attribute { get; init; }

    /// <summary>The file's path, where the attribute is the class's own.</summary>
    public string? File { get; init; }

    /// <summary>Whether the file could be read.</summary>
    public bool AreComplete { get; init; } = true;

    /// <summary>Where a file sets the first of some values that it sets at all, or else the attribute that names it; null where it sets none of them.</summary>
    public Location? LocationOf(IEnumerable<string> keys)
    {
        var set = keys.Where(Values.ContainsKey).ToList();
        return set.Count == 0 ? null : set.Where(Locations.ContainsKey).Select(key => Locations[key]).FirstOrDefault() ?? Attribute;
    }
}
