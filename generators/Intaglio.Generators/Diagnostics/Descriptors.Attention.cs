using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Diagnostics;

/// <content>Heads and positions.</content>
internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor HeadsDoNotDivide = Error(
        "INTG006",
        "Heads does not divide HiddenSize",
        "Heads ({0}) does not divide HiddenSize ({1}); use {2}",
        """
        Heads share the hidden size evenly. The message lists numbers that divide it (the nearest ones where there are many).
        """);

    public static readonly DiagnosticDescriptor KeyValueHeadsDoNotDivide = Error(
        "INTG020",
        "KeyValueHeads does not divide Heads",
        "KeyValueHeads ({0}) does not divide Heads ({1}); use {2}",
        """
        Each head of keys and values serves the same number of query heads (grouped-query attention), so KeyValueHeads divides Heads. The message
        lists what is possible; 1 is multi-query attention, Heads the ordinary kind.
        """);

    public static readonly DiagnosticDescriptor MoreKeyValueHeads = Error(
        "INTG025",
        "More KeyValueHeads than Heads",
        "KeyValueHeads ({0}) is more than Heads ({1}), but no head of keys can be without a query; use {2}",
        """
        Grouped-query attention saves memory by letting several query heads share one head of keys and values: KeyValueHeads is at most Heads.
        Perhaps the two numbers changed places.
        """,
        """
        [Decoder, Attention(Heads = 8, KeyValueHeads = 2)]
        public sealed partial class Story;
        """);

    public static readonly DiagnosticDescriptor RotaryHeadSizeOdd = Error(
        "INTG021",
        "Rotary positions need an even HeadSize",
        "Rotary positions turn pairs of columns, but HeadSize is {0}; use an even HeadSize such as {1}, or other positions",
        """
        Columns of a head turn in pairs. Set HeadSize to an even number (it need not be HiddenSize / Heads), or choose Heads so that HiddenSize /
        Heads is even.
        """);

    public static readonly DiagnosticDescriptor RotaryArgumentWithoutRotary = Warning(
        "INTG024",
        "Argument of rotary positions without them",
        "{0} acts on rotary positions, but the positions are {1}; remove it, or use PositionEncodingKind.Rotary",
        """
        `RotaryTheta` and `Layout` say how rotary positions turn; with other positions they do nothing. Remove the argument, or use
        `PositionEncodingKind.Rotary`.
        """);

    private static IEnumerable<DiagnosticDescriptor> Attention =>
    [
        HeadsDoNotDivide, KeyValueHeadsDoNotDivide, MoreKeyValueHeads, RotaryHeadSizeOdd, RotaryArgumentWithoutRotary,
    ];
}
