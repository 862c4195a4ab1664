using Intaglio.Checkpoints;

namespace Intaglio;

public abstract partial class LanguageModel
{
    /// <summary>
    /// Saves the model as transformers does: config.json, and model.safetensors with F32 or, where the weights are BF16, BF16. Both appear whole or not at
    /// all, and the directory holds a whole checkpoint at every moment, or, while it changes from one model to another, none that loads.
    /// </summary>
    /// <param name="directory">Where; it is made if it does not exist.</param>
    /// <exception cref="CheckpointException">The directory cannot be written; unless the last renames themselves failed, what was there before is as it was.</exception>
    public void Save(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        CheckpointSaver.Save(this, directory);
    }

    /// <summary>
    /// Reads weights from a checkpoint directory: model.safetensors (F32, F16 or BF16) and config.json, as <see cref="Save"/> or transformers write them.
    /// Everything is checked before a weight is written. If it throws, the model is disposed: it is called by factories, whose callers would have nothing
    /// to dispose. A config.json may have 16 MiB, and at most 64 bytes are allocated for each of its bytes; what <c>SafetensorsReader</c> allocates is bounded
    /// by the header of model.safetensors. A pipe or device in a file's place is an error.
    /// </summary>
    /// <param name="directory">Where.</param>
    /// <exception cref="CheckpointException">A file is missing or damaged, or belongs to another model.</exception>
    /// <exception cref="InvalidOperationException">A trainer holds the model.</exception>
    protected void Read(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ThrowIfHeld();
        try
        {
            CheckpointLoader.Load(this, directory);
        }
        catch
        {
            Dispose();
            throw;
        }
    }
}
