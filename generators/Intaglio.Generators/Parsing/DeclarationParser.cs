using Intaglio.Compiler;
using Intaglio.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Intaglio.Generators.Parsing;

/// <summary>The class itself: its name, the types around it, and whether members can be added to it.</summary>
internal static class DeclarationParser
{
    /// <returns>The class, or null where no emitted part could join it.</returns>
    public static DeclarationSpec? Parse(WrittenClass written, Problems problems, CancellationToken cancellation)
    {
        var type = written.Type;
        var around = ContainingTypes(type);
        CheckKind(written, around, problems);
        CheckPartial(written, around, problems, cancellation);
        CheckGeneric(written, problems);
        CheckBaseClass(written, problems);
        CheckPrimaryConstructor(written, problems);
        CheckName(written, problems);

        if (!CanBeJoined(written, around))
            return null;

        var declaration = new DeclarationSpec(
            NamespaceOf(type),
            new(around.Select(outer => new ContainingTypeSpec(KeywordOf(outer), Escape(outer.Name)))),
            Escape(type.Name));
        return IsWritten(declaration) ? declaration : null;
    }

    /// <summary>What a type says about the models inside it: an editor offers fixes for what is reported in the declaration that is analyzed.</summary>
    public static void ParseContaining(INamedTypeSymbol outer, Problems problems, CancellationToken cancellation)
    {
        if (ModelsIn(outer).FirstOrDefault() is not { } model)
            return;

        foreach (var part in WrittenClass.PartsOf(outer, cancellation).Where(part => !IsPartial(part)))
            problems.Add(Descriptors.ContainingTypeNotPartial, part.Identifier.GetLocation(), outer.Name, model.Name);
    }

    /// <summary>Whether a part <c>partial class Name : LanguageModel</c> can be added. One that is not partial itself gets it: CS0260 then says the same as the analyzer.</summary>
    private static bool CanBeJoined(WrittenClass written, IReadOnlyList<INamedTypeSymbol> around) =>
        written.Type is { TypeKind: TypeKind.Class, IsRecord: false, IsStatic: false, IsGenericType: false }
        && !around.Append(written.Type).Any(IsFileLocal)
        && OwnBaseClass(written) is null
        && ParameterList(written) is null
        && !IsNamedLikeRuntimeType(written);

    private static void CheckName(WrittenClass written, Problems problems)
    {
        if (IsNamedLikeRuntimeType(written))
            problems.Add(Descriptors.NamedLikeRuntimeType, written.Identifier, written.Type.Name);
    }

    private static bool IsNamedLikeRuntimeType(WrittenClass written) => LibraryNames.Namespaces.ContainsKey(written.Type.Name);

    private static void CheckKind(WrittenClass written, IReadOnlyList<INamedTypeSymbol> around, Problems problems)
    {
        var type = written.Type;
        var (kind, modifier) = type switch
        {
            { IsRecord: true } => ("a record", null),
            { IsStatic: true } => ("static", "static"),
            { IsAbstract: true } => ("abstract", "abstract"),
            _ when IsFileLocal(type) => ("local to its file", "file"),
            _ when around.Any(IsFileLocal) => ("inside a type that is local to its file", null),
            _ => ((string?)null, (string?)null),
        };
        if (kind is not null)
            problems.Add(Descriptors.ClassKind, written.Identifier, new Remedy { Modifiers = modifier is null ? [] : [modifier] }, type.Name, kind);
    }

    private static void CheckPartial(WrittenClass written, IReadOnlyList<INamedTypeSymbol> around, Problems problems, CancellationToken cancellation)
    {
        foreach (var part in written.Parts.Where(part => !IsPartial(part)))
            problems.Add(Descriptors.ClassNotPartial, part.Identifier.GetLocation(), written.Type.Name);

        if (around.Any(outer => WrittenClass.PartsOf(outer, cancellation).Any(part => !IsPartial(part))))
            problems.AddReportedElsewhere();
    }

    private static void CheckGeneric(WrittenClass written, Problems problems)
    {
        if (written.Type.IsGenericType)
            problems.Add(Descriptors.ClassGeneric, written.Identifier, written.Type.Name);
    }

    private static void CheckBaseClass(WrittenClass written, Problems problems)
    {
        if (OwnBaseClass(written) is not { } own)
            return;

        var location = written.Parts.Select(part => part.BaseList?.Types.FirstOrDefault()?.GetLocation()).FirstOrDefault(location => location is not null);
        problems.Add(Descriptors.OwnBaseClass, location ?? written.Identifier, written.Type.Name, own.Name);
    }

    private static void CheckPrimaryConstructor(WrittenClass written, Problems problems)
    {
        if (!written.Type.IsRecord && ParameterList(written) is { } list)
            problems.Add(Descriptors.PrimaryConstructor, list.GetLocation(), written.Type.Name);
    }

    /// <summary>The base class that the author gave to a class, unless it is the model's; one that does not exist is the compiler's to report.</summary>
    private static INamedTypeSymbol? OwnBaseClass(WrittenClass written) =>
        written.Type is { IsRecord: false, BaseType: { TypeKind: TypeKind.Class, SpecialType: SpecialType.None } declared } && !IsLanguageModel(declared) ? declared : null;

    private static ParameterListSyntax? ParameterList(WrittenClass written) => written.Parts.Select(part => part.ParameterList).FirstOrDefault(list => list is not null);

    private static bool IsLanguageModel(INamedTypeSymbol type) =>
        type is { Name: "LanguageModel", ContainingNamespace: { Name: "Intaglio", ContainingNamespace.IsGlobalNamespace: true } };

    private static IEnumerable<INamedTypeSymbol> ModelsIn(INamedTypeSymbol outer) =>
        outer.GetTypeMembers().SelectMany(inner => ModelsIn(inner).Concat(ModelAttributes.AreOn(inner) ? [inner] : []));

    private static bool IsPartial(TypeDeclarationSyntax part) => part.Modifiers.Any(SyntaxKind.PartialKeyword);

    private static bool IsFileLocal(INamedTypeSymbol type) => type.IsFileLocal;

    /// <summary>The types around a type, outermost first.</summary>
    private static IReadOnlyList<INamedTypeSymbol> ContainingTypes(INamedTypeSymbol type)
    {
        var around = new List<INamedTypeSymbol>();
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
            around.Insert(0, outer);
        return around;
    }

    private static string NamespaceOf(INamedTypeSymbol type)
    {
        var names = new List<string>();
        for (var outer = type.ContainingNamespace; outer is { IsGlobalNamespace: false }; outer = outer.ContainingNamespace)
            names.Insert(0, Escape(outer.Name));
        return string.Join(".", names);
    }

    private static string KeywordOf(INamedTypeSymbol type) => type switch
    {
        { IsRecord: true, TypeKind: TypeKind.Struct } => "record struct",
        { IsRecord: true } => "record",
        { TypeKind: TypeKind.Struct } => "struct",
        { TypeKind: TypeKind.Interface } => "interface",
        _ => "class",
    };

    /// <summary>A name as it is written in code: keywords with an @ before them.</summary>
    private static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None ? "@" + name : name;

    /// <summary>Whether every name is there already: while a class is typed, some are not.</summary>
    private static bool IsWritten(DeclarationSpec declaration) =>
        declaration.ContainingTypes.Select(outer => outer.Name)
            .Append(declaration.Name)
            .Concat(declaration.Namespace.Length == 0 ? [] : declaration.Namespace.Split('.'))
            .All(name => SyntaxFacts.IsValidIdentifier(name.TrimStart('@')));
}
