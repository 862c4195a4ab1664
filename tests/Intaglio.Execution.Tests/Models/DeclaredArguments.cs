using System.Reflection;
using Intaglio.Compiler;

namespace Intaglio.ExecutionTests;

/// <summary>
/// The arguments that attributes set: named ones as <c>Attention.Heads</c>, the constructor's as <c>Precision.format</c>, those of a part as <c>Attention.Heads@Cross</c>. The class's own stand
/// over those of the model that it is based on, and what a family stands for is below both.
/// </summary>
internal sealed class DeclaredArguments
{
    private readonly Dictionary<string, object> _set = [];

    /// <summary>Which family's attribute there is; empty where there is none.</summary>
    public string Family { get; private set; } = "";

    public static DeclaredArguments Of(Type model)
    {
        var set = new DeclaredArguments();
        set.Add(model);
        foreach (var (key, value) in DeclaredFamilies.Of(set.Family))
            set._set.TryAdd(key, value);

        return set;
    }

    /// <summary>Whether there is an attribute of a name.</summary>
    public bool Has(string attribute) => _set.ContainsKey(attribute);

    public T Get<T>(string key, T otherwise) => _set.TryGetValue(key, out var value) ? (T)value : otherwise;

    /// <summary>What is set for a part, else what is set for all.</summary>
    public T Get<T>(Compiler.AppliesTo part, string key, T otherwise) => Get($"{key}@{part}", Get(key, otherwise));

    /// <summary>Labels by the enum's names, or counted.</summary>
    public EquatableArray<string> Labels(string attribute) => _set.TryGetValue($"{attribute}.TLabel", out var names)
        ? new((string[])names)
        : new(Enumerable.Range(0, Get($"{attribute}.labels", 0)).Select(label => $"LABEL_{label}"));

    // The model that it is based on first, so that its own replace them.
    private void Add(Type model)
    {
        var attributes = model.GetCustomAttributesData().Where(attribute => attribute.AttributeType.Namespace == nameof(Intaglio)).ToList();
        if (attributes.Find(attribute => NameOf(attribute) == "BasedOn") is { } basedOn)
            Add(basedOn.AttributeType.GenericTypeArguments[0]);

        foreach (var attribute in attributes)
            Add(attribute);
    }

    private void Add(CustomAttributeData attribute)
    {
        var name = NameOf(attribute);
        _set[name] = true;
        if (DeclaredFamilies.Names.Contains(name))
            Family = name;

        if (attribute.AttributeType.GenericTypeArguments is [{ IsEnum: true } labels])
            _set[$"{name}.TLabel"] = labels.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.Name).ToArray();

        // Of a parameter that may be left out, its default says nothing.
        foreach (var (parameter, argument) in attribute.Constructor.GetParameters().Zip(attribute.ConstructorArguments))
        {
            if (!(parameter.HasDefaultValue && argument.Value!.Equals(parameter.RawDefaultValue)))
                _set[$"{name}.{parameter.Name}"] = argument.Value!;
        }

        var suffix = Named(attribute, "EveryNthLayer") is not null ? "@EveryNthLayer" : Named(attribute, "AppliesTo") is { } part and not 0 ? $"@{(Compiler.AppliesTo)part}" : "";
        foreach (var argument in attribute.NamedArguments)
            _set[$"{name}.{argument.MemberName}{(argument.MemberName == "EveryNthLayer" ? "" : suffix)}"] = argument.TypedValue.Value!;
    }

    private static int? Named(CustomAttributeData attribute, string argument) => attribute.NamedArguments.FirstOrDefault(named => named.MemberName == argument).TypedValue.Value as int?;

    private static string NameOf(CustomAttributeData attribute)
    {
        var name = attribute.AttributeType.Name.Split('`')[0];
        return name[..^nameof(Attribute).Length];
    }
}
