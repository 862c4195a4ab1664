using Intaglio.Checkpoints;

namespace Intaglio;

public abstract partial class LanguageModel
{
    /// <summary>
    /// Saves the model as transformers does: config.json, and model.safetensors with F32 or, where the weights are BF16, BF16; or, where that would be larger
    /// than <see cref="SaveOptions.MaxShardBytes"/>, several files with model.safetensors.index.json. Files of an earlier save that are not part of this
    /// one are removed. All files appear whole or not at all, and the directory holds a whole checkpoint at every moment, or, while it changes from one model
    /// to another or from some files to others of their names, none that loads.
    /// </summary>
    /// <param name="directory">Where; it is made if it does not exist.</param>
    /// <param name="options">The size of files and the type of the tensors; one file up to 5 GB and the model's own type when null.</param>
    /// <exception cref="CheckpointException">The directory cannot be written, or a number is too large for the type of the tensors; unless the last renames
    /// themselves failed, what was there before is as it was.</exception>
    public void Save(string directory, SaveOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        CheckpointSaver.Save(this, directory, options ?? new());
    }

    /// <summary>
    /// Saves the model as a GGUF file of version 3, which llama.cpp loads: its names of tensors, its order of the rows that rotary positions turn, sizes and a
    /// list of tokens. For models of LLaMA's, Mistral's, Qwen2's, Gemma 2's, GPT-2's and BLOOM's architectures, and models of no family that llama.cpp's LLaMA can
    /// be, such as one whose rotary positions turn neighbouring columns. Numbers are the model's own, bit for bit where the type of the tensors holds them; Gemma's
    /// gains g are stored as 1 + g. The file appears whole or not at all.
    /// </summary>
    /// <param name="path">The file, whose directory has to exist.</param>
    /// <param name="options">The type of the matrices and what the tokens are; the model's own type and bytes when null.</param>
    /// <exception cref="ArgumentException">The options name tokens that the model does not have, or that a GGUF file cannot list.</exception>
    /// <exception cref="CheckpointException">llama.cpp has no architecture for the model, and the message says what it cannot express; or the file cannot be
    /// written, or a number is too large for the type of the tensors. What was there before is as it was.</exception>
    public void SaveGguf(string path, GgufOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        GgufSaver.Save(this, path, options ?? new());
    }

    /// <summary>
    /// Reads weights from a checkpoint directory, as <see cref="Save"/> or transformers write them: config.json, and model.safetensors or, where that is not
    /// there, the files that model.safetensors.index.json names, with tensors of F32, F16 or BF16. A head that is stored though the model ties it to its
    /// embedding has to be equal to that.
    /// Everything is checked before a weight is written. If it throws, the model is disposed: it is called by factories, whose callers would have nothing
    /// to dispose. A config.json may have 16 MiB and an index 32 MiB, and at most 64 bytes are allocated for each of their bytes; what
    /// <c>SafetensorsReader</c> allocates is bounded by the headers. Besides the weights and that, a few MiB are in memory at once, whatever the tensors' size.
    /// A pipe or device in a file's place is an error.
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
