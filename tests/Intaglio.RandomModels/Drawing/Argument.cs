namespace Intaglio.RandomModels;

/// <summary>One argument as it is written.</summary>
/// <param name="Attribute">The attribute, such as <c>Attention</c>; <c>Attention@Cross</c> is a second one that says to what it applies.</param>
/// <param name="Name">The argument's name; empty for a constructor's, <see cref="OfType"/> for the attribute's type argument.</param>
/// <param name="Value">Its value in C#; empty where the attribute is there and nothing else.</param>
internal sealed record Argument(string Attribute, string Name, string Value)
{
    /// <summary>The name of a type argument.</summary>
    public const string OfType = "<>";

    /// <summary>Attribute and name, such as <c>Attention.Heads</c>.</summary>
    public string Key => Name.Length == 0 ? Attribute : $"{Attribute}.{Name}";

    /// <summary>The attribute without what it applies to.</summary>
    public string Written => Attribute.Split('@')[0];

    /// <summary>What a second attribute applies to; empty for all.</summary>
    public string Part => Attribute.Contains('@', StringComparison.Ordinal) ? Attribute.Split('@')[1] : "";

    /// <inheritdoc/>
    public override string ToString() => Name.Length == 0 ? Value : $"{Name} = {Value}";
}
