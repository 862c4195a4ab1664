using System.Text.Json.Serialization;

namespace Intaglio.Benchmarks;

/// <summary>What one case measured.</summary>
/// <param name="Name">Command and case, such as <c>generator/cold</c>.</param>
/// <param name="Ours">The median of all runs.</param>
/// <param name="Unit">Of <paramref name="Ours"/>, <see cref="PeerValue"/> and <see cref="Peak"/>: <c>ms</c>, or something a second.</param>
/// <param name="Runs">How many there were.</param>
internal sealed record Case([property: JsonPropertyName("case")] string Name, double Ours, string Unit, int Runs)
{
    /// <summary>What ran it: processor and libraries.</summary>
    public string? Machine { get; init; }

    /// <summary>What it is compared with; null where nothing is.</summary>
    public string? Peer { get; init; }

    /// <summary>The peer's median in the same run.</summary>
    public double? PeerValue { get; init; }

    /// <summary>How many times as fast as the peer.</summary>
    public double? Ratio => PeerValue is { } peer ? Speedup(peer) : null;

    /// <summary>What it would be if nothing but the machine's arithmetic, or its memory, took time: by a loop measured in the same run.</summary>
    public double? Peak { get; init; }

    /// <summary>How much of that is reached.</summary>
    public double? FractionOfPeak => Peak is { } peak ? Speedup(peak) : null;

    /// <summary>Bytes on the device, by the formulas of the memory plan; null where they are not at issue.</summary>
    public long? PlannedBytes { get; init; }

    /// <summary>What ours has to stay below; null where nothing is promised.</summary>
    public double? Limit { get; init; }

    /// <summary>What the ratio has to reach; null where nothing is promised.</summary>
    public double? LeastRatio { get; init; }

    /// <summary>What the share of the peak has to reach; null where nothing is promised.</summary>
    public double? LeastFraction { get; init; }

    /// <summary>What was wrong besides the time; null where nothing was.</summary>
    public string? Fault { get; init; }

    /// <summary>Whether every promise was kept and nothing was wrong.</summary>
    public bool IsKept => Fault is null && (Limit is null || Ours < Limit) && (LeastRatio is null || Ratio >= LeastRatio) && (LeastFraction is null || FractionOfPeak >= LeastFraction);

    // Of times the smaller is the better, of rates the larger.
    private double Speedup(double other) => Unit == "ms" ? other / Ours : Ours / other;
}
