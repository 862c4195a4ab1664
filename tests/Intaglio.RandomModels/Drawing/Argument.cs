namespace Intaglio.RandomModels;

/// <summary>One argument as it is written.</summary>
/// <param name="Attribute">The attribute, such as <c>Attention</c>.</param>
/// <param name="Name">The argument's name; empty for a constructor's.</param>
/// <param name="Value">Its value in C#.</param>
internal sealed record Argument(string Attribute, string Name, string Value)
{
    /// <summary>Attribute and name, such as <c>Attention.Heads</c>.</summary>
    public string Key => Name.Length == 0 ? Attribute : $"{Attribute}.{Name}";

    /// <inheritdoc/>
    public override string ToString() => Name.Length == 0 ? Value : $"{Name} = {Value}";
}
