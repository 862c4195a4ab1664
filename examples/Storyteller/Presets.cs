using Intaglio.Data;
using Intaglio.Tokenizers;

namespace Intaglio.Examples;

/// <summary>A text in tokens, and how it was made.</summary>
/// <param name="Corpus">The tokens.</param>
/// <param name="Tokenizer">What they stand for.</param>
/// <param name="Name">Where the text is from.</param>
internal sealed record Source(TokenCorpus Corpus, ITokenizer Tokenizer, string Name);

/// <summary>A model with the set-up that suits it.</summary>
/// <param name="Model">The model's class.</param>
/// <param name="Training">How it is trained.</param>
/// <param name="Prompt">What the sample goes on from.</param>
/// <param name="Read">Reads the text: the file, or null for the default one.</param>
/// <param name="Run">Trains the model on it.</param>
internal sealed record Preset(string Model, TrainerOptions Training, string Prompt, Func<FileInfo?, Source> Read, Func<Job, int> Run);

/// <summary>The presets.</summary>
internal static class Presets
{
    private static readonly Dictionary<string, Preset> All = new()
    {
        ["default"] = new(
            nameof(Storyteller),
            new() { Steps = 2000, BatchSize = 8, LearningRate = 5e-3f, MinimumLearningRate = 2.5e-4f, WarmupSteps = 40, Beta2 = 0.99f, EvaluationInterval = 1000, CheckpointInterval = 500 },
            "Returns the ",
            ReadBytes,
            job => job.Train<Storyteller>()),

        ["nanogpt-cpu"] = new(
            nameof(NanoGptCpu),
            new() { Steps = 2000, BatchSize = 12, LearningRate = 1e-3f, MinimumLearningRate = 1e-4f, WarmupSteps = 100, Beta2 = 0.99f, EvaluationInterval = 500, CheckpointInterval = 500 },
            "\n",
            file => ReadCharacters(file, VocabularyOf<NanoGptCpu>()),
            job => job.Train<NanoGptCpu>()),
    };

    /// <summary>What --preset takes.</summary>
    public static IEnumerable<string> Names => All.Keys;

    /// <summary>The preset of a name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static Preset Find(string name) =>
        All.TryGetValue(name, out var preset) ? preset : throw new UsageException($"--preset expects {string.Join(" or ", Names)}, not '{name}'.");

    /// <summary>The preset whose model a saved run trains, if there is one.</summary>
    public static Preset? ForModel(string model) => All.Values.FirstOrDefault(preset => preset.Model == model);

    private static Source ReadBytes(FileInfo? file)
    {
        var tokenizer = new ByteTokenizer();
        return file is null
            ? new(TokenCorpus.FromText(DefaultCorpus.ReadText(), tokenizer), tokenizer, "the .NET documentation")
            : new(TokenCorpus.FromFile(file.FullName, tokenizer), tokenizer, file.Name);
    }

    private static Source ReadCharacters(FileInfo? file, int expected)
    {
        if (file is null)
            throw new UsageException("--preset nanogpt-cpu expects --text FILE with tinyshakespeare, or another text of as many characters.");

        var text = TokenCorpus.ReadText(file.FullName);
        var tokenizer = CharacterTokenizer.FromText(text);
        return tokenizer.VocabularySize == expected
            ? new(TokenCorpus.FromText(text, tokenizer), tokenizer, file.Name)
            : throw new UsageException($"{file.FullName} has {tokenizer.VocabularySize} different characters, {nameof(NanoGptCpu)} is declared with VocabularySize = {expected}; give a text of {expected}, or change the declaration.");
    }

    private static int VocabularyOf<TModel>()
        where TModel : LanguageModel, ILanguageModel<TModel> => TModel.Description.VocabularySize;
}
