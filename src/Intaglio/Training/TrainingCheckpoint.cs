using System.Text.Json;
using System.Text.Json.Serialization;
using Intaglio.Checkpoints;

namespace Intaglio;

/// <summary>
/// What a run's checkpoint says of the run. It lies in <see cref="FileName"/> beside the model's own files, in the metadata of the safetensors that also holds
/// weights and moments: one file, which appears whole or not at all, so that a run can be resumed whenever it was cut off.
/// </summary>
public sealed record TrainingCheckpoint
{
    /// <summary>The file's name within a checkpoint directory.</summary>
    public const string FileName = "training.safetensors";

    internal const string MetadataKey = "training";
    internal const string WeightsPrefix = "weights.";
    internal const string FirstMomentsPrefix = "first_moments.";
    internal const string SecondMomentsPrefix = "second_moments.";

    /// <summary>The model's class.</summary>
    public required string Model { get; init; }

    /// <summary>How many optimizer steps the run had made.</summary>
    public required long CompletedSteps { get; init; }

    /// <summary>How the run trains, with nothing left to a default.</summary>
    public required TrainerOptions Options { get; init; }

    /// <summary>A hash of the corpus, by which a resumed run knows it again; null where the run was given batches by hand.</summary>
    public required string? Corpus { get; init; }

    /// <summary>Loss of each step's batch, from the first step on.</summary>
    public required IReadOnlyList<double> TrainingLosses { get; init; }

    /// <summary>Losses of the held-out text.</summary>
    public required IReadOnlyList<LossPoint> ValidationLosses { get; init; }

    /// <summary>Whether a directory holds a run that can be resumed.</summary>
    public static bool Exists(string directory) => File.Exists(Path.Combine(directory, FileName));

    /// <summary>Reads what a checkpoint says of its run.</summary>
    /// <exception cref="CheckpointException">There is none, or it is damaged.</exception>
    public static TrainingCheckpoint Read(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        using var reader = SafetensorsReader.Open(Path.Combine(directory, FileName));
        return Read(reader);
    }

    internal static TrainingCheckpoint Read(SafetensorsReader reader)
    {
        if (!reader.Metadata.TryGetValue(MetadataKey, out var json))
            throw new CheckpointException(reader.Path, MetadataKey, "the state of a run", "nothing", $"the metadata have no '{MetadataKey}'; this is not a file that Trainer.SaveCheckpoint wrote");

        try
        {
            return JsonSerializer.Deserialize(json, TrainingCheckpointJson.Default.TrainingCheckpoint) ?? throw new JsonException("it is null");
        }
        catch (JsonException fault)
        {
            throw new CheckpointException(reader.Path, MetadataKey, "the state of a run", null, $"the metadata's '{MetadataKey}' cannot be read: {fault.Message}", fault);
        }
    }

    internal string ToJson() => JsonSerializer.Serialize(this, TrainingCheckpointJson.Default.TrainingCheckpoint);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(TrainingCheckpoint))]
internal sealed partial class TrainingCheckpointJson : JsonSerializerContext;
