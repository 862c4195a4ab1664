namespace Intaglio.Checkpoints;

/// <summary>The files of a checkpoint.</summary>
internal static class CheckpointDirectory
{
    public const string WeightsName = "model.safetensors";
    public const string IndexName = "model.safetensors.index.json";
    public const string ConfigurationName = "config.json";

    /// <summary>Elements that pass through host memory at once.</summary>
    public const int ChunkElements = 1 << 18;

    public static string Weights(string directory) => Path.Combine(directory, WeightsName);

    public static string Index(string directory) => Path.Combine(directory, IndexName);

    public static string Configuration(string directory) => Path.Combine(directory, ConfigurationName);
}
