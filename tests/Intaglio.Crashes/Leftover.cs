namespace Intaglio.Crashes;

/// <summary>What a kill left in a run's directory.</summary>
internal static class Leftover
{
    private const string Unfinished = ".unfinished-";

    // In the order in which they are written.
    private static readonly string[] Files = ["config.json", "model.safetensors", "optimizer.safetensors", "trainer_state.json", "manifest.json"];

    /// <summary>In the middle of what the run was killed; null where nothing temporary is there.</summary>
    public static string? Phase(string run)
    {
        if (!Directory.Exists(run))
            return null;

        var leftover = Directory.EnumerateDirectories(run, ".*-checkpoint-*").Order(StringComparer.Ordinal).LastOrDefault();
        if (leftover is null)
            return null;

        var name = Path.GetFileName(leftover);
        return name.StartsWith(Unfinished, StringComparison.Ordinal)
            ? $"writing {Files.LastOrDefault(file => File.Exists(Path.Combine(leftover, file))) ?? "nothing yet"}"
            : name[1..name.IndexOf('-', StringComparison.Ordinal)];
    }
}
