using System.Globalization;
using Spectre.Console;

namespace Intaglio.Benchmarks;

/// <summary>A table, once everything is measured.</summary>
internal sealed class TableReport(IAnsiConsole console) : IReport
{
    private readonly Table _table = new Table().AddColumn("case", column => column.NoWrap()).AddColumns("ours", "peer", "times as fast", "share of peak", "promised", "runs", "");

    public void Add(Case measured) => _table.AddRow(
        Markup.Escape(measured.Name),
        $"{Number(measured.Ours)} {measured.Unit}{(measured.PlannedBytes is { } bytes ? $", {Number(bytes)} bytes planned" : "")}",
        measured.Peer is { } peer ? Markup.Escape($"{peer}: {Number(measured.PeerValue)} {measured.Unit}") : "",
        Number(measured.Ratio),
        Number(measured.FractionOfPeak),
        Promised(measured),
        Number(measured.Runs),
        measured.Fault is { } fault ? $"[red]{Markup.Escape(fault)}[/]" : measured.IsKept ? "" : "[red]missed[/]");

    public void End() => console.Write(_table);

    private static string Promised(Case measured) => string.Join(", ", new[]
    {
        measured.Limit is { } limit ? $"< {Number(limit)} {measured.Unit}" : null,
        measured.LeastRatio is { } ratio ? $"{Number(ratio)} times" : null,
        measured.LeastFraction is { } fraction ? $"{Number(fraction)} of the peak" : null,
    }.OfType<string>());

    private static string Number(double? value) => value?.ToString("0.###", CultureInfo.InvariantCulture) ?? "";
}
