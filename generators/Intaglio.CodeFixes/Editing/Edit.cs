using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Intaglio.CodeFixes;

/// <summary>A change of a file's text. Text rather than syntax: what is not changed keeps its form, and changes of one file go together in a Fix All.</summary>
/// <param name="Tree">The file.</param>
/// <param name="Span">What is replaced; empty for an insertion.</param>
/// <param name="Text">What replaces it; empty for a removal.</param>
internal sealed record Edit(SyntaxTree Tree, TextSpan Span, string Text)
{
    public static Edit Insert(SyntaxTree tree, int position, string text) => new(tree, new(position, 0), text);

    public static Edit Replace(SyntaxNode node, string text) => new(node.SyntaxTree, node.Span, text);

    public static Edit Remove(SyntaxNode node) => Replace(node, "");

    /// <summary>Removes a modifier and the space after it.</summary>
    public static Edit Remove(SyntaxToken modifier) => new(modifier.SyntaxTree!, TextSpan.FromBounds(modifier.SpanStart, modifier.GetNextToken().SpanStart), "");

    /// <summary>Removes an item of a list and the comma beside it. The list has others.</summary>
    public static Edit Remove<T>(SeparatedSyntaxList<T> list, T item)
        where T : SyntaxNode
    {
        var index = list.IndexOf(item);
        var span = index == 0 ? TextSpan.FromBounds(item.SpanStart, list[1].SpanStart) : TextSpan.FromBounds(list[index - 1].Span.End, item.Span.End);
        return new(item.SyntaxTree, span, "");
    }

    /// <summary>Inserts something before a declaration's part: on a line of its own where the part begins one.</summary>
    public static Edit InsertBefore(SyntaxToken token, string text)
    {
        var line = token.SyntaxTree!.GetText().Lines.GetLineFromPosition(token.SpanStart);
        var indentation = IndentationOf(line);
        return Insert(token.SyntaxTree, token.SpanStart, line.Start + indentation.Length == token.SpanStart ? text + LineBreakOf(line) + indentation : text + " ");
    }

    /// <summary>Inserts a line after one that ends with a node, as far to the right.</summary>
    public static Edit InsertLineAfter(SyntaxNode node, string text)
    {
        var lines = node.SyntaxTree.GetText().Lines;
        var line = lines.GetLineFromPosition(node.SpanStart);
        return Insert(node.SyntaxTree, node.Span.End, LineBreakOf(line) + IndentationOf(line) + text);
    }

    /// <summary>The lines on which a node stands, line breaks and all.</summary>
    public static TextSpan LinesOf(SyntaxNode node)
    {
        var lines = node.SyntaxTree.GetText().Lines;
        return TextSpan.FromBounds(lines.GetLineFromPosition(node.SpanStart).Start, lines.GetLineFromPosition(node.Span.End).EndIncludingLineBreak);
    }

    /// <summary>The solution after some edits.</summary>
    public static async Task<Solution> ApplyAsync(IEnumerable<Edit> edits, Solution solution, CancellationToken cancellation)
    {
        foreach (var file in edits.GroupBy(edit => edit.Tree))
        {
            if (solution.GetDocumentId(file.Key) is not { } document)
                continue;

            var text = await file.Key.GetTextAsync(cancellation).ConfigureAwait(false);
            var changes = file.OrderBy(edit => edit.Span.Start).Select(edit => new TextChange(edit.Span, edit.Text));
            solution = solution.WithDocumentText(document, text.WithChanges(changes));
        }

        return solution;
    }

    private static string IndentationOf(TextLine line)
    {
        var text = line.ToString();
        return text.Substring(0, text.Length - text.TrimStart().Length);
    }

    /// <summary>The line's own line break; that of the first line where it has none.</summary>
    private static string LineBreakOf(TextLine line)
    {
        var breaking = line.EndIncludingLineBreak > line.End ? line : line.Text!.Lines[0];
        var text = line.Text!.ToString(TextSpan.FromBounds(breaking.End, breaking.EndIncludingLineBreak));
        return text.Length > 0 ? text : "\n";
    }
}
