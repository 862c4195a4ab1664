using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Xunit;

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

    /// <summary>Asserts that one thing is reported, and at the one place that is marked.</summary>
    /// <param name="id">The diagnostic.</param>
    /// <param name="message">A part of what it says.</param>
    /// <param name="reported">All that is reported.</param>
    public Diagnostic AssertReports(string id, string message, IReadOnlyList<Diagnostic> reported)
    {
        var diagnostic = Assert.Single(reported);
        Assert.Equal(id, diagnostic.Id);
        Assert.Contains(message, diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.Equal(Assert.Single(Spans), diagnostic.Location.SourceSpan);
        return diagnostic;
    }
}
