using System.CommandLine;
using Intaglio;
using Intaglio.Data;
using Intaglio.Tokenizers;

namespace OwnLayers;

/// <summary>Trains three decoders with layers of their own on the same batches: <c>dotnet run -c Release --project examples/OwnLayers -- --steps 300</c>.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        var text = new Option<FileInfo?>("--text") { Description = "A UTF-8 file to train on. Default: the documentation of the .NET SDK." };
        var steps = new Option<int>("--steps") { Description = "How many steps to train each.", DefaultValueFactory = _ => 300 };
        var command = new RootCommand("Trains decoders with layers of their own.") { text, steps };
        command.SetAction(parsed => Run(parsed.GetValue(text), parsed.GetValue(steps)));
        return command.Parse(arguments).Invoke();
    }

    private static int Run(FileInfo? text, int steps)
    {
        try
        {
            var corpus = text is null ? TokenCorpus.FromText(DefaultCorpus.ReadText(), new ByteTokenizer()) : TokenCorpus.FromFile(text.FullName, new ByteTokenizer());
            using var device = Device.Cpu();
            Train<Parallel>(corpus, steps, device);
            Train<Sandwich>(corpus, steps, device);
            Train<Gated>(corpus, steps, device);
            return 0;
        }
        catch (Exception fault) when (fault is IntaglioException or ArgumentException)
        {
            Console.Error.WriteLine(fault.Message);
            return 2;
        }
    }

    private static void Train<TModel>(TokenCorpus corpus, int steps, Device device)
        where TModel : LanguageModel, ITrainable<TModel>
    {
        using var model = TModel.Create(device, seed: 1);
        using var trainer = new Trainer<TModel>(model, new() { Steps = steps });
        var result = trainer.Fit(corpus);
        Console.WriteLine($"{TModel.Description.Name,-9} {TModel.Description.Parameters.ParameterCount:N0} parameters, {result.MillisecondsPerStep:0.0} ms a step, held-out loss after {steps} steps {result.ValidationLoss:0.000} nats a byte");
    }
}
