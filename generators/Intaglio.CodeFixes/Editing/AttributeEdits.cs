using Intaglio.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Intaglio.CodeFixes;

/// <summary>Edits of a model's attributes. Arguments are named as <see cref="Remedy"/> names them, <c>Attention.Heads</c>.</summary>
internal static class AttributeEdits
{
    private const string Namespace = "Intaglio";
    private const string Suffix = "Attribute";

    /// <summary>The attribute without which a class is no model: it stays where its last argument is removed.</summary>
    private const string Stack = "Decoder";

    /// <summary>In which attributes are usually written.</summary>
    private static readonly string[] Order = ["BasedOn", "Transformer", Stack, "Attention", "FeedForward", "Normalization", "PositionEncoding", "Embedding", "Precision"];

    /// <summary>Sets an argument: in the attribute where the class has it, else in a new one.</summary>
    public static Edit Set(MistakeSite site, string key, string value)
    {
        var (name, argument) = Split(key);
        var text = $"{argument} = {value}";
        if (Find(site, name) is not { } attribute)
            return Add(site.Type!, site.Model, name, $"({text})");

        if (Find(attribute, argument) is { } written)
            return Edit.Replace(written.Expression, value);

        return attribute.ArgumentList switch
        {
            null => Edit.Insert(attribute.SyntaxTree, attribute.Span.End, $"({text})"),
            { Arguments.Count: 0 } list => Edit.Replace(list, $"({text})"),
            { Arguments: var arguments } => Edit.Insert(attribute.SyntaxTree, arguments.Last().Span.End, $", {text}"),
        };
    }

    /// <summary>Removes an argument, with its attribute where that then says nothing; null where it is not written here.</summary>
    public static Edit? Remove(MistakeSite site, string key)
    {
        var (name, argument) = Split(key);
        if (Find(site, name) is not { } attribute || Find(attribute, argument) is not { } written)
            return null;

        var arguments = attribute.ArgumentList!.Arguments;
        if (arguments.Count > 1)
            return Edit.Remove(arguments, written);

        var list = (AttributeListSyntax)attribute.Parent!;
        return name == Stack ? Edit.Remove(attribute.ArgumentList)
            : list.Attributes.Count > 1 ? Edit.Remove(list.Attributes, attribute)
            : RemoveList(list);
    }

    /// <summary>Adds an attribute where it usually stands among the others.</summary>
    public static Edit Add(TypeDeclarationSyntax type, SemanticModel model, string name, string arguments = "")
    {
        var text = NameAt(type, model, name) + arguments;
        var rank = Array.IndexOf(Order, name);
        var others = type.AttributeLists.SelectMany(list => list.Attributes).Where(other => RankOf(other) >= 0).ToList();
        if (others.LastOrDefault(other => RankOf(other) < rank) is { } before)
            return IsOnItsOwn((AttributeListSyntax)before.Parent!) ? Edit.InsertLineAfter(before.Parent!, $"[{text}]") : Edit.Insert(type.SyntaxTree, before.Span.End, $", {text}");

        return others.FirstOrDefault() is { } after && !IsOnItsOwn((AttributeListSyntax)after.Parent!)
            ? Edit.Insert(type.SyntaxTree, after.SpanStart, $"{text}, ")
            : Edit.InsertBefore(type.GetFirstToken(), $"[{text}]");
    }

    /// <summary>An attribute's name, with the namespace where no using directive brings it.</summary>
    public static string NameAt(SyntaxNode node, SemanticModel model, string name) =>
        model.LookupNamespacesAndTypes(node.SpanStart, name: name + Suffix).IsEmpty ? $"{Namespace}.{name}" : name;

    /// <summary>The attribute of the site's class, in whatever part and file.</summary>
    private static AttributeSyntax? Find(MistakeSite site, string name) => site.Symbol?.GetAttributes()
        .Where(attribute => attribute.AttributeClass is { ContainingNamespace: { Name: Namespace, ContainingNamespace.IsGlobalNamespace: true } } type && type.Name == name + Suffix)
        .Select(attribute => attribute.ApplicationSyntaxReference?.GetSyntax(site.Cancellation))
        .OfType<AttributeSyntax>()
        .FirstOrDefault();

    private static AttributeArgumentSyntax? Find(AttributeSyntax attribute, string argument) =>
        attribute.ArgumentList?.Arguments.FirstOrDefault(other => other.NameEquals?.Name.Identifier.ValueText == argument);

    private static int RankOf(AttributeSyntax attribute)
    {
        var name = LastOf(attribute.Name).Identifier.ValueText;
        return Array.IndexOf(Order, name.EndsWith(Suffix, StringComparison.Ordinal) ? name.Substring(0, name.Length - Suffix.Length) : name);
    }

    private static SimpleNameSyntax LastOf(NameSyntax name) => name switch
    {
        QualifiedNameSyntax qualified => qualified.Right,
        AliasQualifiedNameSyntax aliased => aliased.Name,
        _ => (SimpleNameSyntax)name,
    };

    private static Edit RemoveList(AttributeListSyntax list)
    {
        var span = IsOnItsOwn(list) ? Edit.LinesOf(list) : TextSpan.FromBounds(list.SpanStart, list.GetLastToken().GetNextToken().SpanStart);
        return new(list.SyntaxTree, span, "");
    }

    /// <summary>Whether nothing else stands on the lines of a list.</summary>
    private static bool IsOnItsOwn(AttributeListSyntax list) => list.SyntaxTree.GetText().ToString(Edit.LinesOf(list)).Trim().Length == list.Span.Length;

    private static (string Attribute, string Argument) Split(string key) => key.Split('.') is [var attribute, var argument] ? (attribute, argument) : (key, "");
}
