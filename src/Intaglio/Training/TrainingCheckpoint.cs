using System.Text.Json;
using System.Text.Json.Serialization;
using Intaglio.Checkpoints;

namespace Intaglio;

/// <summary>
/// What a run's checkpoint says of the run. A run's directory holds one directory <c>checkpoint-N</c> for each step N that was saved and kept: config.json and
/// model.safetensors, which load as a model; optimizer.safetensors, the moments; trainer_state.json, this; and manifest.json, the size and SHA-256 of each.
/// Random numbers and batches are counted by seed and step, so that <see cref="Options"/> and <see cref="CompletedSteps"/> are all that is to know of them.
/// </summary>
public sealed record TrainingCheckpoint
{
    internal const string FileName = "trainer_state.json";
    internal const string OptimizerFileName = "optimizer.safetensors";

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

    /// <summary>The newest checkpoint of a run.</summary>
    /// <param name="runDirectory">The run's directory.</param>
    /// <returns>Its directory; null where there is none.</returns>
    public static string? Newest(string runDirectory) => RunDirectory.Checkpoints(runDirectory) is [.., var newest] ? newest.Path : null;

    /// <summary>The checkpoint of a run with the lowest loss on held-out text.</summary>
    /// <param name="runDirectory">The run's directory.</param>
    /// <returns>Its directory; null where no checkpoint was made at a step that was evaluated.</returns>
    /// <exception cref="CheckpointException">The newest checkpoint is damaged.</exception>
    public static string? Best(string runDirectory)
    {
        var checkpoints = RunDirectory.Checkpoints(runDirectory);
        if (checkpoints is not [.., var newest])
            return null;

        var best = BestStep(checkpoints, Read(newest.Path).ValidationLosses);
        return checkpoints.FirstOrDefault(checkpoint => checkpoint.Step == best).Path;
    }

    /// <summary>Reads what a checkpoint says of its run.</summary>
    /// <param name="directory">A checkpoint, or a run's directory for its newest one.</param>
    /// <param name="skipDamaged">Whether to read the newest that can be read where the newest of all is damaged.</param>
    /// <exception cref="CheckpointException">There is none, or it is damaged.</exception>
    public static TrainingCheckpoint Read(string directory, bool skipDamaged = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (RunDirectory.IsCheckpoint(directory))
            return ReadState(directory);

        var (_, checkpoint, _) = RunDirectory.Newest(directory, skipDamaged, ReadState);
        return checkpoint;
    }

    /// <summary>Compares every file of a checkpoint with its size and hash.</summary>
    /// <param name="directory">A checkpoint, or a run's directory for its newest one.</param>
    /// <exception cref="CheckpointException">There is none, or a file is missing, truncated or was edited; the message says which and what was expected.</exception>
    public static void Verify(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        CheckpointManifest.Verified(RunDirectory.IsCheckpoint(directory) ? directory : Newest(directory) ?? throw RunDirectory.NoCheckpoint(directory));
    }

    internal static long? BestStep(IEnumerable<SavedCheckpoint> checkpoints, IEnumerable<LossPoint> losses)
    {
        var saved = checkpoints.Select(checkpoint => checkpoint.Step).ToHashSet();
        return losses.Where(point => saved.Contains(point.Step)).OrderBy(point => point.Loss).Select(point => (long?)point.Step).FirstOrDefault();
    }

    internal byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, TrainingCheckpointJson.Default.TrainingCheckpoint), (byte)'\n'];

    private static TrainingCheckpoint ReadState(string checkpoint)
    {
        CheckpointManifest.Read(checkpoint).Verify(checkpoint, FileName);
        var path = Path.Combine(checkpoint, FileName);
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), TrainingCheckpointJson.Default.TrainingCheckpoint) ?? throw new JsonException("it is null");
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, null, "the state of a run", fault.Message, $"cannot be read: {fault.Message}", fault);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(TrainingCheckpoint))]
internal sealed partial class TrainingCheckpointJson : JsonSerializerContext;
