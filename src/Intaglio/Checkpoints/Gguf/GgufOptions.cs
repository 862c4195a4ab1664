using Intaglio.Tokenizers;

namespace Intaglio;

/// <summary>How <see cref="LanguageModel.SaveGguf"/> writes a model.</summary>
public sealed record GgufOptions
{
    /// <summary>
    /// The type of the matrices: FP32, FP16 or BF16, rounded to nearest, ties to even. The model's own unless set. Vectors, and positions that were learned,
    /// are F32 whatever it says, as llama.cpp's kernels want them. A number that is finite in the model and infinite in the file (in FP16, from 65520 on) is
    /// a <see cref="CheckpointException"/> that names it.
    /// </summary>
    /// <exception cref="ArgumentException">It is another format.</exception>
    public NumberFormat? StorageFormat
    {
        get;
        init => field = value is null or NumberFormat.FP32 or NumberFormat.FP16 or NumberFormat.BF16
            ? value
            : throw new ArgumentException($"Weights are saved as {nameof(NumberFormat.FP32)}, {nameof(NumberFormat.FP16)} or {nameof(NumberFormat.BF16)}, not as {value}.", nameof(StorageFormat));
    }

    /// <summary>What the model is called in the file, <c>general.name</c>; its class's name unless set.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Whose tokens the file lists. Where each is a byte or a character, llama.cpp turns text into the same tokens; where some are longer it may cut a text
    /// otherwise, since the file holds no merges. Bytes, as <see cref="ByteTokenizer"/> has them, when neither this nor <see cref="Tokens"/> is set.
    /// </summary>
    public ITokenizer? Tokenizer { get; init; }

    /// <summary>
    /// The tokens themselves, in place of a <see cref="Tokenizer"/>, as SentencePiece writes them: <c>▁</c> for a space, <c>&lt;0x0A&gt;</c> for a byte. Tokens of the
    /// vocabulary that are not in the list are written as unused ones.
    /// </summary>
    public IReadOnlyList<string>? Tokens { get; init; }

    /// <summary>The token that llama.cpp puts before a text, <c>tokenizer.ggml.bos_token_id</c>; none unless set. It is no text.</summary>
    public int? BeginToken { get; init; }

    /// <summary>The token at which llama.cpp ends a text, <c>tokenizer.ggml.eos_token_id</c>. It is no text. Unless set the file does not say, and llama.cpp takes token 2.</summary>
    public int? EndToken { get; init; }
}
