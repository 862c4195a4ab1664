namespace Intaglio;

/// <summary>How <see cref="LanguageModel.Save"/> writes a model.</summary>
public sealed record SaveOptions
{
    /// <summary>
    /// The most bytes of tensors in one file; a larger tensor has a file of its own. A model that does not fit one file is saved as
    /// <c>model-00001-of-0000N.safetensors</c> and so on, beside <c>model.safetensors.index.json</c>. 5 GB (5 · 10⁹) unless set, as
    /// <c>save_pretrained</c> of transformers 4.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public long MaxShardBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(MaxShardBytes));
            field = value;
        }
    } = 5_000_000_000;

    /// <summary>
    /// The type of the tensors: FP32, FP16 or BF16, rounded to nearest, ties to even. The model's own unless set. A number that is finite in the model and
    /// infinite in the file (in FP16, from 65520 on) is a <see cref="CheckpointException"/> that names it.
    /// </summary>
    /// <exception cref="ArgumentException">It is another format.</exception>
    public NumberFormat? StorageFormat
    {
        get;
        init => field = value is null or NumberFormat.FP32 or NumberFormat.FP16 or NumberFormat.BF16
            ? value
            : throw new ArgumentException($"Weights are saved as {nameof(NumberFormat.FP32)}, {nameof(NumberFormat.FP16)} or {nameof(NumberFormat.BF16)}, not as {value}.", nameof(StorageFormat));
    }
}
