using System.Text.Json.Serialization;

namespace Intaglio.Benchmarks;

/// <summary>What one case measured.</summary>
/// <param name="Name">Command and case, such as <c>generator/cold</c>.</param>
/// <param name="Value">The median of all runs.</param>
/// <param name="Unit">Of the value.</param>
/// <param name="Runs">How many there were.</param>
internal sealed record Case([property: JsonPropertyName("case")] string Name, double Value, string Unit, int Runs)
{
    /// <summary>What ran it: processor and libraries; null where nothing else is measured beside it.</summary>
    public string? Machine { get; init; }

    /// <summary>The value of what it is compared with; null where it stands for itself, or only a ratio is known.</summary>
    public double? Reference { get; init; }

    /// <summary>The value over that of what it is compared with; null where it stands for itself.</summary>
    public double? Ratio { get; init; }

    /// <summary>What the ratio, or the value where there is none, has to stay below; null where nothing is promised.</summary>
    public double? Limit { get; init; }

    /// <summary>What was wrong besides the time; null where nothing was.</summary>
    public string? Fault { get; init; }

    /// <summary>Whether the limit was kept and nothing was wrong.</summary>
    public bool IsKept => Fault is null && (Limit is null || (Ratio ?? Value) < Limit);
}
