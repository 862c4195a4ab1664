using Intaglio.Compiler;
using Intaglio.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Intaglio.Generators.Parsing;

/// <summary>
/// Members by what makes two of them collide: methods as <c>Name`arity(Type, Type)</c>, all others by name alone. Types count by their last name, since
/// emitted code may qualify what its author does not.
/// </summary>
internal static class MemberSignatures
{
    private const string ConstructorName = ".ctor";

    private static readonly SymbolDisplayFormat TypeFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameOnly,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    /// <summary>What the author of a class declares, and the class itself: no member may be called like it (CS0542).</summary>
    public static EquatableArray<string> Of(WrittenClass written) => new(MembersOf(written).Select(SignatureOf).OfType<string>().Prepend(written.Type.Name));

    /// <summary>Those signatures of a class that its emitted files declare too.</summary>
    public static IReadOnlyList<string> Collisions(ParsedModel model, IReadOnlyList<EmittedFile> files)
    {
        var names = new HashSet<string>(model.Members.Select(NameIn));
        var emitted = files.SelectMany(file => MembersIn(file, model.Declaration, names)).ToLookup(NameIn);
        return [.. model.Members.Where(member => emitted[NameIn(member)].Any(other => other == member || !IsMethod(other) || !IsMethod(member)))];
    }

    /// <summary>The mistake, at the author's member or at the class's name.</summary>
    public static Diagnostic Describe(WrittenClass written, string signature)
    {
        var member = MembersOf(written).FirstOrDefault(member => SignatureOf(member) == signature);
        return Diagnostic.Create(Descriptors.NameTaken, member?.Locations.First() ?? written.Identifier, NameIn(signature), written.Type.Name);
    }

    private static IEnumerable<ISymbol> MembersOf(WrittenClass written) => written.Type.GetMembers().Where(member => !member.IsImplicitlyDeclared && written.Wrote(member));

    private static bool IsMethod(string signature) => signature.EndsWith(")", StringComparison.Ordinal);

    private static string NameIn(string signature) => signature.Split('`')[0];

    /// <returns>Null for what has no name of its own, such as a property's accessors.</returns>
    private static string? SignatureOf(ISymbol member) => member switch
    {
        IMethodSymbol { MethodKind: MethodKind.Ordinary } method => Method(method.Name, method.Arity, method.Parameters.Select(TypeOf)),
        IMethodSymbol { MethodKind: MethodKind.Constructor } method => Method(ConstructorName, 0, method.Parameters.Select(TypeOf)),
        IMethodSymbol => null,
        _ => member.Name,
    };

    private static string TypeOf(IParameterSymbol parameter) => parameter.Type.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString(TypeFormat);

    private static string Method(string name, int arity, IEnumerable<string> types) => $"{name}`{arity}({string.Join(", ", types)})";

    /// <summary>
    /// The members that a file declares in the model's class under one of some names. Parsing all that is emitted would cost more than emitting it, so what is
    /// parsed is the first lines of members, known by how far they are indented.
    /// </summary>
    private static IEnumerable<string> MembersIn(EmittedFile file, DeclarationSpec declaration, HashSet<string> names)
    {
        var indentation = new string(' ', SourceWriter.Indentation * (declaration.ContainingTypes.Count + 1));
        return file.Text.Split('\n')
            .Where(line => line.Length > indentation.Length && char.IsLetter(line[indentation.Length]) && line.StartsWith(indentation, StringComparison.Ordinal) && names.Any(line.Contains))
            .Select(line => SyntaxFactory.ParseMemberDeclaration(line))
            .SelectMany(SignaturesOf);
    }

    private static IEnumerable<string> SignaturesOf(MemberDeclarationSyntax? member) => member switch
    {
        MethodDeclarationSyntax { ExplicitInterfaceSpecifier: not null } or PropertyDeclarationSyntax { ExplicitInterfaceSpecifier: not null } => [],
        MethodDeclarationSyntax method => [Method(method.Identifier.ValueText, method.Arity, method.ParameterList.Parameters.Select(TypeOf))],
        ConstructorDeclarationSyntax constructor => [Method(ConstructorName, 0, constructor.ParameterList.Parameters.Select(TypeOf))],
        BaseTypeDeclarationSyntax type => [type.Identifier.ValueText],
        PropertyDeclarationSyntax property => [property.Identifier.ValueText],
        BaseFieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => variable.Identifier.ValueText),
        DelegateDeclarationSyntax type => [type.Identifier.ValueText],
        _ => [],
    };

    private static string TypeOf(ParameterSyntax parameter) => parameter.Type switch
    {
        QualifiedNameSyntax name => name.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax name => name.Name.Identifier.ValueText,
        SimpleNameSyntax name => name.Identifier.ValueText,
        null => "",
        { } type => type.ToString(),
    };
}
