namespace Intaglio;

/// <summary>From where <see cref="Trainer{TModel}.Resume"/> goes on.</summary>
/// <param name="Checkpoint">The checkpoint's directory.</param>
/// <param name="Damaged">What is wrong with checkpoints that are newer, the newest first; none unless they were to be skipped.</param>
public sealed record ResumedRun(string Checkpoint, IReadOnlyList<CheckpointException> Damaged);
