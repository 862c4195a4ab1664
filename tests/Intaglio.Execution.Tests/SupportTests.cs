using System.Text;
using Intaglio.Generators.Tests;
using Intaglio.Testing;
using Xunit;

namespace Intaglio.ExecutionTests;

/// <summary>docs/support.md: what works where, each cell from tests that have passed.</summary>
[Collection(TargetsCollection.Name)]
public sealed class SupportTests(Targets targets)
{
    // What a user may ask for, and the models that show it.
    private static readonly (string Feature, string[] Subjects)[] Rows =
    [
        ("GPT-2 style: LayerNorm, learned positions, biases, a tied head", ["plain", "momentary"]),
        ("no biases, a head of its own", ["unbiased"]),
        ("dropout everywhere", ["dropped", "dropped, unbiased"]),
        ("no positions", ["unordered"]),
        ("odd sizes, a vocabulary of two", ["odd", "two tokens"]),
        ("LLaMA style: RMSNorm, rotary positions, grouped heads, a gate", ["llama"]),
        ("RMSNorm with learned positions", ["learned rms"]),
        ("multi-query attention, interleaved rotary positions", ["multi-query"]),
        ("sliding window, soft cap", ["windowed"]),
        ("own activations", ["own mish", "own squared relu", "own pieces", "own ugly"]),
        ("BERT style: an encoder with norms after its blocks, token types, masked-language modelling", ["bert"]),
        ("labels of sequences and of tokens", ["bert, classifier", "bert, tagger"]),
        ("question answering", ["bert, answers"]),
        ("sentence embeddings, normalized queries and keys", ["sentences"]),
        ("T5 style: an encoder-decoder with relative positions", ["t5"]),
        ("BART style: an encoder-decoder with norms after its blocks", ["bart"]),
        ("sines and cosines", ["sines"]),
        ("BLOOM style: ALiBi, a norm after the embedding", ["bloom"]),
        ("Gemma 2 style: norms around blocks, bounded logits, windows in some layers", ["gemma 2"]),
        ("GPT-NeoX style: parallel blocks, partial rotary positions, scaled angles", ["neox"]),
        ("own layers", ["own layer", "own layers of two stacks"]),
        ("BF16 weights", ["plain, serving", "odd, serving", "llama, serving", "own mish, serving", "bert, serving", "t5, serving", "sines, serving"]),
    ];

    private static readonly (string Title, string Target)[] Columns =
        [("CPU", "cpu"), ("OpenCL (PoCL)", "opencl:0"), ("OpenCL, kernels of GPUs (PoCL)", Targets.TiledOpenCl), ("simulated", Targets.Simulated)];

    [SkippableFact]
    public Task Page_says_what_passes() => Snapshots.VerifyFile(Text(), Path.Combine(Repository.Root, "docs", "support.md"));

    private string Text()
    {
        var text = new StringBuilder(
            """
            # What works where

            Each cell is a test that has passed: a model of that kind, its loss and the gradient of every parameter (trains), or its logits by prompt and token by token (generates), or what it makes of
            whole sequences (encodes), on that device and by the interpreter in double precision, equal but for rounding. A dash was not tried: the simulator is for tiny models, and kernels by tiles are tried where they differ.
            CUDA was run by hand, on an H100 (docs/devices.md); its column says that every kernel of these models becomes PTX for sm_70 and sm_80, which other tests look through. This page is written by `SupportTests`.


            """);
        text.Append($"| | {string.Join(" | ", Columns.Select(column => column.Title))} | CUDA |\n|---|{string.Concat(Columns.Select(_ => "---|"))}---|\n");
        foreach (var (feature, names) in Rows)
        {
            Subject[] subjects = [.. names.Select(Subjects.Named)];
            var cells = Columns.Select(column => Cell(column.Target, [.. subjects.Where(subject => Subjects.IsTried(subject, column.Target))]));
            text.Append($"| {feature} | {string.Join(" | ", cells)} | {CudaCell(subjects)} |\n");
        }

        return text.ToString();
    }

    private string Cell(string target, Subject[] subjects)
    {
        if (subjects.Length == 0)
            return "–";

        string[] passed =
        [
            .. subjects.All(subject => subject.Trains && targets.TrainingErrors(target, subject).AreWithin(subject.Tolerance)) ? ["trains"] : Array.Empty<string>(),
            .. subjects.All(subject => targets.ResultErrors(target, subject).AreWithin(subject.Tolerance))
                ? subjects.Select(subject => subject.Spec.Generates ? "generates" : "encodes").Distinct().Order(StringComparer.Ordinal).Reverse()
                : [],
        ];
        return passed.Length == 0 ? "no" : string.Join(", ", passed);
    }

    private static string CudaCell(Subject[] subjects) =>
        subjects.SelectMany(subject => Ptx.LaunchedByCuda(subject.Description.Kernels)).All(kernel => Ptx.Compile(kernel, Ptx.Architectures["sm_80"]).Contains(".entry", StringComparison.Ordinal)) ? "compiles" : "no";
}
