using System.Globalization;
using System.Runtime.InteropServices;
using Intaglio.Numerics;

namespace Intaglio;

/// <summary>Looks at what each launch of a step has written, for the first number that is not finite.</summary>
/// <param name="regions">The buffers.</param>
/// <param name="layers">How many layers the model has.</param>
internal sealed class LaunchInspector(IReadOnlyDictionary<Region, DeviceBuffer> regions, int layers)
{
    private const long ChunkElements = 1 << 16;

    private readonly Dictionary<string, int> _occurrences = new(StringComparer.Ordinal);
    private Finding? _finding;
    private float[] _chunk = [];

    /// <summary>Whether the launches that come are those of the backward pass, which runs through the layers from the last to the first.</summary>
    public bool IsBackward { get; set; }

    /// <summary>The first launch with a result that is not finite, and the element; null where all were. To be asked once the step is over.</summary>
    public (string Launch, string Element)? Fault => _finding is { } found ? ($"{LayerOf(found)}{found.Launch} -> {found.Result}", found.Element) : null;

    /// <summary>Called after each launch.</summary>
    /// <param name="launch">The launch as emitted code has it.</param>
    /// <param name="results">What it has written; its first result tells the launch from others of the same kind.</param>
    public void Check(string launch, params ReadOnlySpan<LaunchResult> results)
    {
        var key = $"{launch} -> {results[0].Name}";
        ref var occurrences = ref CollectionsMarshal.GetValueRefOrAddDefault(_occurrences, key, out _);
        foreach (var result in results)
        {
            if (_finding is null && FirstNotFinite(result) is { } element)
                _finding = new(key, occurrences, IsBackward, launch, result.Name, element);
        }

        occurrences++;
    }

    /// <summary>Where the first number that is not finite is, and which one it is; null where all are.</summary>
    public string? FirstNotFinite(LaunchResult result)
    {
        var rowsAtOnce = Math.Max(1, ChunkElements / result.Stride);
        for (var first = 0L; first < result.Rows; first += rowsAtOnce)
        {
            var chunk = Read(result, first, Math.Min(rowsAtOnce, result.Rows - first));
            for (var at = 0; at < chunk.Length; at++)
            {
                var (row, column) = Math.DivRem(at, result.Stride);
                if (column < result.Width && !float.IsFinite(chunk[at]))
                    return string.Create(CultureInfo.InvariantCulture, $"row {first + row}, column {column} is {chunk[at]}");
            }
        }

        return null;
    }

    private ReadOnlySpan<float> Read(LaunchResult result, long firstRow, long rows)
    {
        var count = (int)(((rows - 1) * result.Stride) + result.Width);
        if (_chunk.Length < count)
            _chunk = new float[count];

        regions[result.Place.Region].Read(_chunk.AsSpan(0, count), result.Place.Offset + (firstRow * result.Stride * sizeof(float)));
        return _chunk.AsSpan(0, count);
    }

    // A launch of a layer's body runs once for each layer.
    private string LayerOf(Finding found)
    {
        if (layers == 1 || _occurrences[found.Key] != layers)
            return "";

        var layer = found.IsBackward ? layers - 1 - found.Occurrence : found.Occurrence;
        return string.Create(CultureInfo.InvariantCulture, $"Layer {layer}: ");
    }

    private sealed record Finding(string Key, int Occurrence, bool IsBackward, string Launch, string Result, string Element);
}
