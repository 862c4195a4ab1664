using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Intaglio.Generators.Tests.Documentation;

/// <summary>docs/attributes.md: every attribute with its arguments, from the documentation in its source.</summary>
internal static partial class AttributePage
{
    private static readonly Assembly Runtime = typeof(TransformerAttribute).Assembly;

    // By the id that the compiler gives to each member.
    private static readonly Dictionary<string, XElement> Documentation = XDocument.Load(Path.ChangeExtension(Runtime.Location, ".xml"))
        .Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

    public static string Text()
    {
        var text = new StringBuilder(
            """
            # Attributes

            A model is a partial class with `[Decoder]`, and with as many of the others as differ from their defaults. An argument that is not written has its default, or, under `[BasedOn<TModel>]`,
            what the other model has. This page is written from the attributes' own documentation by `AttributePageTests`.

            """);
        var attributes = Runtime.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Attribute))).OrderBy(type => type.MetadataToken).ToList();
        foreach (var attribute in attributes)
            Append(text, attribute);

        var values = attributes.SelectMany(Arguments).Select(argument => argument.Type).Where(type => type.IsEnum).Distinct();
        foreach (var type in values)
            AppendValues(text, type);

        return text.ToString();
    }

    private static void Append(StringBuilder text, Type attribute)
    {
        text.Append($"\n## {Name(attribute)}\n\n{Summary(Id(attribute))}\n");
        var arguments = Arguments(attribute).ToList();
        if (arguments.Count > 0)
        {
            text.Append("\n| argument | type | |\n|---|---|---|\n");
            foreach (var (name, type, id) in arguments)
                text.Append($"| `{name}` | {Link(type)} | {Summary(id)} |\n");
        }

        if (Documentation[Id(attribute)].Element("example")?.Element("code") is { } example)
            text.Append($"\n```csharp\n{Unindented(example.Value)}\n```\n");
    }

    private static void AppendValues(StringBuilder text, Type type)
    {
        text.Append($"\n## {type.Name}\n\n{Summary(Id(type))}\n\n| value | |\n|---|---|\n");
        foreach (var name in Enum.GetNames(type))
            text.Append($"| `{name}` | {Summary($"F:{type.FullName}.{name}")} |\n");
    }

    // What the constructor takes comes first and without its name.
    private static IEnumerable<(string Name, Type Type, string Id)> Arguments(Type attribute)
    {
        var positional = attribute.GetConstructors().Single().GetParameters().Select(parameter => parameter.Name!).ToList();
        var properties = attribute.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).OrderBy(property => property.MetadataToken).ToList();
        return properties
            .Where(property => property.CanWrite || positional.Contains(property.Name, StringComparer.OrdinalIgnoreCase))
            .Select(property => (property.CanWrite ? property.Name : Camel(property.Name), property.PropertyType, $"P:{attribute.FullName}.{property.Name}"));
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static string Name(Type attribute)
    {
        var name = attribute.Name.Split('`')[0];
        return $"[{name[..^nameof(Attribute).Length]}{(attribute.IsGenericType ? $"<{attribute.GetGenericArguments()[0].Name}>" : "")}]";
    }

    private static string Link(Type type) => type.IsEnum ? $"[{type.Name}](#{type.Name.ToLowerInvariant()})" : Keyword(type);

    private static string Keyword(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Int32 => "int",
        TypeCode.Single => "float",
        TypeCode.Boolean => "bool",
        TypeCode.String => "string",
        _ => type.Name,
    };

    private static string Id(Type type) => $"T:{type.FullName}";

    private static string Summary(string id) => Spaces().Replace(string.Concat(Documentation[id].Element("summary")!.Nodes().Select(Markdown)), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);

    private static string Markdown(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see => $"`{Referenced(see.Attribute("cref")!.Value)}`",
        XElement { Name.LocalName: "typeparamref" or "paramref" } reference => $"`{reference.Attribute("name")!.Value}`",
        _ => throw new NotSupportedException($"{node}"),
    };

    // Attributes as they are written; members behind their type only where it is an enum.
    private static string Referenced(string id)
    {
        var name = id[2..].Split('(')[0].Replace("Intaglio.", "", StringComparison.Ordinal);
        if (id[0] == 'T')
            return name.EndsWith(nameof(Attribute), StringComparison.Ordinal) ? $"[{name[..^nameof(Attribute).Length]}]" : name;

        return id[0] == 'F' ? name : name.Split('.')[^1];
    }

    private static string Unindented(string code)
    {
        var lines = code.Trim('\n', ' ', '\r').Split('\n');
        var indent = lines.Skip(1).Where(line => line.Trim().Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty(0).Min();
        return string.Join('\n', lines.Select((line, index) => index == 0 ? line.Trim() : line[Math.Min(indent, line.Length)..].TrimEnd()));
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
