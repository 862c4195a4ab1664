using System.Globalization;
using Spectre.Console;

namespace Intaglio.Benchmarks;

/// <summary>A table, once everything is measured.</summary>
internal sealed class TableReport(IAnsiConsole console) : IReport
{
    private readonly Table _table = new Table().AddColumns("case", "value", "ratio", "limit", "runs", "");

    public void Add(Case measured) => _table.AddRow(
        Markup.Escape(measured.Name),
        $"{Number(measured.Value)} {measured.Unit}",
        Number(measured.Ratio),
        measured.Limit is null ? "" : $"< {Number(measured.Limit)}",
        Number(measured.Runs),
        measured.Fault is { } fault ? $"[red]{Markup.Escape(fault)}[/]" : measured.IsKept ? "" : "[red]missed[/]");

    public void End() => console.Write(_table);

    private static string Number(double? value) => value?.ToString("0.###", CultureInfo.InvariantCulture) ?? "";
}
