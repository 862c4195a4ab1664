using Microsoft.CodeAnalysis.Text;

namespace Intaglio.Generators.Tests;

/// <summary>Source in which <c>[|</c> and <c>|]</c> stand around the places where diagnostics are expected.</summary>
internal sealed record Markup(string Source, IReadOnlyList<TextSpan> Spans)
{
    public static Markup Parse(string marked)
    {
        var spans = new List<TextSpan>();
        for (int open; (open = marked.IndexOf("[|", StringComparison.Ordinal)) >= 0;)
        {
            marked = marked.Remove(open, 2);
            var close = marked.IndexOf("|]", StringComparison.Ordinal);
            marked = marked.Remove(close, 2);
            spans.Add(TextSpan.FromBounds(open, close));
        }

        return new(marked, spans);
    }
}
