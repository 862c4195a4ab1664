using Intaglio.Generators.Diagnostics;
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

        // Nearest first, so that what is set already stays.
        var chain = BasedOnParser.Chain(written, problems, cancellation);
        foreach (var type in chain)
        {
            nearer.UnionWith(values.Keys);
            foreach (var attribute in ModelAttributes.Of(type))
            {
                var name = ModelAttributes.NameOf(attribute)!;
                hasStack |= name == ModelAttributes.Decoder;
                foreach (var (argument, value) in ArgumentsOf(attribute, cancellation))
                {
                    var key = $"{name}.{argument}";
                    if (!values.ContainsKey(key) && !(Alternatives.TryGetValue(key, out var alternative) && nearer.Contains(alternative)))
                        values.Add(key, new(value, type, attribute, argument));
                }
            }
        }

        if (!hasStack)
            AddNoStack(written, problems);

        return new(written.Type, values, BasedOnParser.AttributeOf(written.Type));
    }

    private static void AddNoStack(WrittenClass written, Problems problems)
    {
        // The model that this one is based on has none either, and says so itself.
        if (BasedOnParser.AttributeOf(written.Type) is not null)
            problems.AddReportedElsewhere();
        else
            problems.Add(Descriptors.NoStack, written.Identifier, written.Type.Name, ModelAttributes.NameOf(written.Attributes[0])!);
    }

    /// <summary>The arguments that are set. One that the compiler rejects counts as unset.</summary>
    private static IEnumerable<(string Argument, object Value)> ArgumentsOf(AttributeData attribute, CancellationToken cancellation)
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (ValueOf(argument.Value) is { } value)
                yield return (argument.Key, value);
        }

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
