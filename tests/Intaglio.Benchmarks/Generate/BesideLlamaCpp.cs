using System.Globalization;
using Intaglio.Numerics;

namespace Intaglio.Benchmarks;

/// <summary>
/// A model on one thread beside llama.cpp on one thread, on the same weights. Each side's time is its own: ours around the session's calls, llama.cpp's as measured in its
/// process, without the way there and back. Ours contains the choice of each token too, llama.cpp is given them.
/// </summary>
internal static class BesideLlamaCpp
{
    // In nats, of how far two tokens' log probabilities may lie apart where one side finds the first more probable and the other the second: a little over twice what log
    // probabilities were seen to differ by, 7e-3 and 8e-2. llama.cpp keeps keys and values in F16, and where weights are BF16 it rounds activations to that too.
    private const double NearTie = 0.02;
    private const double NearTieInBFloat16 = 0.2;

    private static readonly int[] PromptLengths = [1, 7, 31];

    /// <summary>Measures one case.</summary>
    /// <param name="name">Of the case.</param>
    /// <param name="options">Of our session; a sequence of theirs may be as long.</param>
    /// <param name="tokens">How many tokens each run is.</param>
    /// <param name="ours">Prepares a run of ours and returns what is timed.</param>
    /// <param name="theirs">The milliseconds of a run of theirs.</param>
    /// <param name="warmUps">Runs before those that count.</param>
    /// <param name="runs">Runs that count.</param>
    /// <param name="leastRatio">What is promised, if anything.</param>
    public static Case Measure<TModel>(
        string name, SessionOptions options, int tokens, Func<GenerationSession<TModel>, Action> ours, Func<LlamaCpp, double> theirs, int warmUps, int runs, double? leastRatio)
        where TModel : LanguageModel, ILanguageModel<TModel>
    {
        using var device = Device.Cpu(threads: 1);
        using var peak = new Peak(device);
        using var model = RandomWeights.Shaken(TModel.Create(device, seed: 1));
        using var session = model.OpenSession(options);
        session.Settings = new() { Temperature = 0 };
        var directory = Directory.CreateTempSubdirectory();
        try
        {
            var file = Path.Combine(directory.FullName, "model.gguf");
            model.SaveGguf(file);
            using var peer = new LlamaCpp(file, model.Description.VocabularySize, threads: 1, options.Capacity);
            var fault = Disagreement(name, session, peer);
            var medians = Clock.MediansOf(warmUps, runs, () => Clock.Time(ours(session)), () => theirs(peer));
            return Of(medians[0]) with { Machine = $"{peak.Machine}, {peer.Version}", Peer = "llama.cpp", PeerValue = 1000 * tokens / medians[1], Fault = fault };
        }
        catch (PeerException missing)
        {
            return Of(Clock.Medians(warmUps, runs, () => ours(session))[0]) with { Machine = peak.Machine, Fault = missing.Message };
        }
        finally
        {
            directory.Delete(recursive: true);
        }

        Case Of(double milliseconds) => new(name, 1000 * tokens / milliseconds, "tokens/s", runs) { LeastRatio = leastRatio };
    }

    // After each prompt, the token that we find most probable is to be llama.cpp's too, or nearly so.
    private static string? Disagreement<TModel>(string name, GenerationSession<TModel> session, LlamaCpp peer)
        where TModel : LanguageModel, ILanguageModel<TModel>
    {
        var random = new Random(1);
        var nearTie = session.Model.Description.Format == NumberFormat.BF16 ? NearTieInBFloat16 : NearTie;
        var largest = 0.0;
        foreach (var length in PromptLengths)
        {
            int[] prompt = [.. Enumerable.Range(0, length).Select(_ => random.Next(session.Logits().Length))];
            session.Reset();
            session.Append(prompt);
            var logits = session.Logits().ToArray();
            var ours = Array.IndexOf(logits, logits.Max());
            var (theirs, probabilities) = peer.Next(prompt);
            largest = Math.Max(largest, Math.Abs(Math.Log(probabilities[theirs]) - LogProbability(logits, theirs)));
            if (Math.Log(probabilities[theirs] / probabilities[ours]) > nearTie)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"after {length} tokens llama.cpp finds {theirs} most probable, at {probabilities[theirs]:0.0000}, where we find {ours}, which it gives {probabilities[ours]:0.0000}");
            }
        }

        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: the most probable tokens' log probabilities differ from llama.cpp's by {largest:0.0e+0} at most"));
        return null;
    }

    private static double LogProbability(float[] logits, int token) => logits[token] - Math.Log(logits.Sum(logit => Math.Exp(logit)));
}
