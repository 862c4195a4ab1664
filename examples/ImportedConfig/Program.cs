using System.CommandLine;
using Intaglio;
using Intaglio.Data;
using Intaglio.Generation;
using Intaglio.Tokenizers;

namespace ImportedConfig;

/// <summary>The file declares the model: the compiler reads it, and a mistake in it is an error at its line.</summary>
[Architecture("config.json")]
internal sealed partial class Imported;

/// <summary>The same model with its weights in half the memory, for generation.</summary>
[BasedOn<Imported>, Precision(BF16)]
internal sealed partial class Served;

/// <summary>Says what a model costs before there is one, trains it, and saves it for transformers: <c>dotnet run -c Release --project examples/ImportedConfig -- --steps 200</c>.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        var text = new Option<FileInfo?>("--text") { Description = "A UTF-8 file to train on. Default: the documentation of the .NET SDK." };
        var steps = new Option<int>("--steps") { Description = "How many steps to train.", DefaultValueFactory = _ => 200 };
        var directory = new Option<string>("--out") { Description = "Where to save the model.", DefaultValueFactory = _ => "runs/imported" };
        var command = new RootCommand("Trains a model that a config.json declares.") { text, steps, directory };
        command.SetAction(parsed => Run(parsed.GetValue(text), parsed.GetValue(steps), parsed.GetValue(directory)!));
        return command.Parse(arguments).Invoke();
    }

    private static int Run(FileInfo? text, int steps, string directory)
    {
        try
        {
            Console.WriteLine($"{Imported.ParameterCount:N0} parameters, {Imported.EmbeddingParameterCount:N0} of them of embeddings; {Imported.FlopsPerTokenTraining:N0} operations for each token of training; {Imported.CacheBytesPerToken:N0} bytes of cache for each token");
            var tokenizer = new ByteTokenizer();
            var corpus = text is null ? TokenCorpus.FromText(DefaultCorpus.ReadText(), tokenizer) : TokenCorpus.FromFile(text.FullName, tokenizer);
            using var device = Device.Cpu();
            using (var model = Imported.Create(device, seed: 1))
            {
                using (var trainer = new Trainer<Imported>(model, new() { Steps = steps, ContextLength = 128, LearningRate = 1e-3f }))
                    trainer.Fit(corpus, new ConsoleProgress());

                model.Save(directory);
            }

            using var served = Served.Load(directory, device);
            Console.WriteLine(new TextModel<Served>(served, tokenizer).Generate("The ", new() { Temperature = 0.8f, TopK = 40, MaxNewTokens = 80 }));
            return 0;
        }
        catch (Exception fault) when (fault is IntaglioException or ArgumentException)
        {
            Console.Error.WriteLine(fault.Message);
            return 2;
        }
    }
}
