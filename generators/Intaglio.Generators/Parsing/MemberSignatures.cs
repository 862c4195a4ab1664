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

    /// <summary>Those signatures that emitted files declare too.</summary>
    public static IReadOnlyList<string> Collisions(EquatableArray<string> members, IReadOnlyList<EmittedFile> files, CancellationToken cancellation)
    {
        var emitted = files.SelectMany(file => MembersIn(file, cancellation)).ToLookup(NameIn);
        return [.. members.Where(member => emitted[NameIn(member)].Any(other => other == member || !IsMethod(other) || !IsMethod(member)))];
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

    /// <summary>The members of the innermost type around which all others of the file stand.</summary>
    private static IEnumerable<string> MembersIn(EmittedFile file, CancellationToken cancellation)
    {
        var root = CSharpSyntaxTree.ParseText(file.Text, cancellationToken: cancellation).GetRoot(cancellation);
        var types = root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax);
        return types.OfType<ClassDeclarationSyntax>().Where(IsModel).SelectMany(type => type.Members).SelectMany(SignaturesOf);
    }

    /// <summary>The types around a model are emitted with nothing but the model, or what leads to it, inside.</summary>
    private static bool IsModel(TypeDeclarationSyntax type) =>
        IsPartial(type) && type.Ancestors().OfType<TypeDeclarationSyntax>().All(IsPartial) && !type.Members.Any(member => member is TypeDeclarationSyntax inner && IsPartial(inner));

    private static bool IsPartial(TypeDeclarationSyntax type) => type.Modifiers.Any(SyntaxKind.PartialKeyword);

    private static IEnumerable<string> SignaturesOf(MemberDeclarationSyntax member) => member switch
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
