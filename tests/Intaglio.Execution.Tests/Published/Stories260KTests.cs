using System.Diagnostics;
using Intaglio.Compiler.Tests.Data;
using Intaglio.Generation;
using Xunit;
using Xunit.Abstractions;

namespace Intaglio.ExecutionTests;

/// <summary>A trained LLaMA whose authors published what it writes.</summary>
[Collection(TargetsCollection.Name)]
public sealed class Stories260KTests(Targets targets, ITestOutputHelper output)
{
    private const string Folder = "llama-stories260K";
    private const int BeginningOfSequence = 1;
    private const int Steps = 200;

    [SkippableTheory]
    [InlineData("cpu")]
    [InlineData("opencl:0")]
    public void Two_hundred_greedy_steps_are_the_published_text(string target)
    {
        using var model = Load(target);
        using var session = model.OpenSession();
        var pieces = Llama2C.Pieces(Path.Combine(SharedData.Find(Folder), "tok512.bin"), Stories260K.VocabularySize);

        var text = new MemoryStream();
        var previous = BeginningOfSequence;
        session.Append([BeginningOfSequence]);
        for (var step = 0; step < Steps; step++)
        {
            var token = session.Next(default(Greedy));
            if (token == BeginningOfSequence)
                break;

            // llama2.c drops the space before the first word.
            var piece = pieces[token];
            text.Write(previous == BeginningOfSequence && piece is [(byte)' ', ..] ? piece.AsSpan(1) : piece);
            previous = token;
        }

        Assert.Equal(File.ReadAllBytes(Path.Combine(SharedData.Find(Folder), "expected_greedy_200steps.txt")), text.ToArray());
    }

    [SkippableFact]
    public void A_late_token_costs_about_as_much_as_an_early_one()
    {
        const int Early = 10;
        const int Late = 200;
        const int WarmUps = 20;
        const int Rounds = 41;

        using var model = Load("cpu");
        using var early = model.OpenSession();
        using var late = model.OpenSession();
        double[] ratios = [.. Enumerable.Range(0, WarmUps + Rounds).Select(_ => Ticks(late, Late) / Ticks(early, Early)).Skip(WarmUps).Order()];

        // Without a cache, token 200 would cost 20 times token 10. Alternating, the median of many rounds: timings are noisy.
        output.WriteLine($"token {Late} costs {ratios[Rounds / 2]:0.00} times token {Early}");
        Assert.InRange(ratios[Rounds / 2], 0, 1.5);
    }

    // The time of eight tokens around a position.
    private static double Ticks(GenerationSession<Stories260K> session, int position)
    {
        session.Reset();
        session.Append([.. Enumerable.Repeat(BeginningOfSequence, position - 4)]);
        session.Next(default(Greedy));
        var start = Stopwatch.GetTimestamp();
        for (var token = 0; token < 8; token++)
            session.Next(default(Greedy));

        return Stopwatch.GetTimestamp() - start;
    }

    private Stories260K Load(string target)
    {
        var folder = SharedData.Find(Folder);
        var model = Stories260K.Create(targets.Open(target));
        Llama2C.LoadWeights(model, Path.Combine(folder, "stories260K.bin"));
        return model;
    }
}
