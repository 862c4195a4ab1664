using Intaglio.Compiler;
using Intaglio.Generators.Diagnostics;
using Intaglio.Generators.Parsing.Architectures;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Intaglio.Generators.Parsing;

/// <summary>The arguments that attributes set, argument by argument: a class's own first, then those of the model it is based on, and so on.</summary>
internal static class SettingsParser
{
    /// <summary>Arguments that replace each other.</summary>
    private static readonly Dictionary<string, string> Alternatives = new()
    {
        [Keys.Activation] = Keys.ActivationMethod,
        [Keys.ActivationMethod] = Keys.Activation,
    };

    public static Settings Parse(WrittenClass written, Problems problems, CancellationToken cancellation)
    {
        var values = new Dictionary<string, Setting>();
        var nearer = new HashSet<string>();
        var hasStack = false;
        Defaults? defaults = null;

        // Nearest first, so that what is set already stays.
        var chain = BasedOnParser.Chain(written, problems, cancellation);
        foreach (var type in chain)
        {
            nearer.UnionWith(values.Keys);
            foreach (var attribute in ModelAttributes.Of(type))
            {
                var name = ModelAttributes.NameOf(attribute)!;
                hasStack |= name is ModelAttributes.Encoder or ModelAttributes.Decoder or ModelAttributes.Architecture;
                if (StackKey(name) is { } stack && !values.ContainsKey(stack))
                    values.Add(stack, new(true, type, attribute, ""));

                if (ModelAttributes.Heads.Contains(name) && !values.ContainsKey(Keys.Head))
                    values.Add(Keys.Head, new(name, type, attribute, ""));

                if (ModelAttributes.Objectives.Contains(name) && !values.ContainsKey(Keys.Objective))
                    values.Add(Keys.Objective, new(name, type, attribute, ""));

                if (FamilyDefaults.Of(name) is { } family)
                {
                    hasStack = true;
                    if (!values.ContainsKey(Keys.Family))
                        values.Add(Keys.Family, new(name, type, attribute, ""));

                    defaults ??= new(family);
                }

                var arguments = ArgumentsOf(attribute, cancellation).ToList();
                foreach (var (argument, value) in arguments)
                {
                    var key = KeyOf(name, argument, arguments);
                    if (!values.ContainsKey(key) && !(Alternatives.TryGetValue(Keys.ForAll(key), out var alternative) && nearer.Contains(alternative + key.Substring(Keys.ForAll(key).Length))))
                        values.Add(key, new(value, type, attribute, argument));
                }
            }
        }

        if (!hasStack)
            AddNoStack(written, problems);

        AddSeveral(written, ModelAttributes.Heads, "head", problems, cancellation);
        AddSeveral(written, ModelAttributes.Objectives, "objective", problems, cancellation);

        // A file says all that a family's attribute does.
        if (values.TryGetValue(Keys.ArchitecturePath, out var path))
        {
            defaults = ArchitectureParser.Parse(path, written, values.ContainsKey(Keys.Head), problems, cancellation);
            CheckFamily(values, defaults, problems, cancellation);
        }

        return new(chain, values, defaults, BasedOnParser.AttributeOf(written.Type));
    }

    /// <summary>Says that a stack is there, though no argument of it is set.</summary>
    private static string? StackKey(string attribute) => attribute is ModelAttributes.Encoder or ModelAttributes.Decoder ? attribute : null;

    // An attribute that says to what it applies sets arguments of that alone.
    private static string KeyOf(string attribute, string argument, IReadOnlyList<(string Argument, object Value)> arguments)
    {
        var key = $"{attribute}.{argument}";
        if (argument is nameof(AppliesTo) or "EveryNthLayer")
            return key;

        if (arguments.Any(other => other.Argument == "EveryNthLayer"))
            return key + Keys.EveryNth;

        var part = arguments.FirstOrDefault(other => other.Argument == nameof(AppliesTo)).Value;
        return part is int value ? Keys.In(key, (AppliesTo)value) : key;
    }

    private static void AddNoStack(WrittenClass written, Problems problems)
    {
        // The model that this one is based on has none either, and says so itself.
        if (BasedOnParser.AttributeOf(written.Type) is not null)
            problems.AddReportedElsewhere();
        else
            problems.Add(Descriptors.NoStack, written.Identifier, written.Type.Name, ModelAttributes.NameOf(written.Attributes[0])!);
    }

    // FLAN-T5's files call it T5.
    private static void CheckFamily(Dictionary<string, Setting> values, Defaults defaults, Problems problems, CancellationToken cancellation)
    {
        if (values.TryGetValue(Keys.Family, out var family) && defaults.Values.TryGetValue(Keys.Family, out var read) && family.Value is string name && !name.EndsWith((string)read, StringComparison.Ordinal))
        {
            problems.Add(
                Descriptors.ConfigurationContradicts, family.Attribute.ApplicationSyntaxReference?.GetSyntax(cancellation).GetLocation(),
                $"[{name}]", "[Architecture]", $"its file is of {defaults.Values[Keys.ModelType]}; remove [{name}]");
        }
    }

    private static void AddSeveral(WrittenClass written, string[] names, string what, Problems problems, CancellationToken cancellation)
    {
        var own = written.Attributes.Where(attribute => names.Contains(ModelAttributes.NameOf(attribute)!)).ToList();
        if (own.Count > 1)
            problems.Add(Descriptors.SeveralHeads, own[1].ApplicationSyntaxReference?.GetSyntax(cancellation).GetLocation(), what, ModelAttributes.NameOf(own[0])!, ModelAttributes.NameOf(own[1])!, written.Type.Name);
    }

    /// <summary>The arguments that are set. One that the compiler rejects counts as unset.</summary>
    private static IEnumerable<(string Argument, object Value)> ArgumentsOf(AttributeData attribute, CancellationToken cancellation)
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (ValueOf(argument.Value) is { } value)
                yield return (argument.Key, value);
        }

        // The names of an enum's members are the labels.
        if (attribute.AttributeClass is { TypeArguments: [INamedTypeSymbol { TypeKind: TypeKind.Enum } labels] } && ModelAttributes.Heads.Contains(ModelAttributes.NameOf(attribute)!))
            yield return ("Labels", new EquatableArray<string>(labels.GetMembers().OfType<IFieldSymbol>().Where(member => member.HasConstantValue).Select(member => member.Name)));

        // A parameter that is left out has its default among the constructor's arguments.
        if (attribute.ConstructorArguments.Length > 0 && HasPositional(attribute, cancellation) && ValueOf(attribute.ConstructorArguments[0]) is { } first)
            yield return (Pascal(attribute.AttributeConstructor!.Parameters[0].Name), first);
    }

    private static object? ValueOf(TypedConstant constant) => constant.Kind is TypedConstantKind.Primitive or TypedConstantKind.Enum ? constant.Value : null;

    /// <summary>Whether the constructor's argument is written; taken to be so where the class is not in this compilation.</summary>
    private static bool HasPositional(AttributeData attribute, CancellationToken cancellation) =>
        attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) is not AttributeSyntax syntax
        || (syntax.ArgumentList?.Arguments.Any(argument => argument.NameEquals is null) ?? false);

    private static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);
}
