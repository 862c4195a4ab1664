using System.Text.RegularExpressions;
using Intaglio.Testing;
using Xunit;

namespace Intaglio.Generators.Tests;

/// <summary>What is emitted for a small model of each family to train it, as accepted by a reader. Review changes of these files as code.</summary>
public sealed partial class FamilySnapshotTests
{
    /// <summary>The shape in which the published cases of a family come: two layers of four heads, 32 wide.</summary>
    private const string Small = "[Transformer(HiddenSize = 32, ContextLength = 64, VocabularySize = 96), Attention(Heads = 4)]";

    [Fact]
    public Task Gpt2() => Verify("[Gpt2, Decoder(Layers = 2)]");

    [Fact]
    public Task Llama() => Verify("[Llama, Decoder(Layers = 2), FeedForward(IntermediateSize = 44)]");

    [Fact]
    public Task Gemma2() => Verify(
        """
        [Decoder(Layers = 2)]
        [Attention(KeyValueHeads = 2, SlidingWindow = 4, LogitSoftCap = 5, QueryKeyValueBias = false, OutputBias = false)]
        [Attention(EveryNthLayer = 2, SlidingWindow = 0)]
        [FeedForward(IntermediateSize = 44, Activation = Activation.GeluTanh, Gated = true, Bias = false)]
        [Normalization(NormalizationKind.RmsNorm, Placement = NormalizationPlacement.Sandwich, UnitOffset = true, Epsilon = 1e-6f)]
        [PositionEncoding(PositionEncodingKind.Rotary)]
        [Embedding(Scale = 5.656854249f, PaddingToken = 0)]
        [LanguageModelingHead(LogitSoftCap = 8)]
        """);

    [Fact]
    public Task Bloom() => Verify("[Bloom, Decoder(Layers = 2)]");

    [Fact]
    public Task Bert() => Verify("[Bert, Encoder(Layers = 2), FeedForward(IntermediateSize = 64)]");

    [Fact]
    public Task BertForSequences() => Verify("[Bert, Encoder(Layers = 2), FeedForward(IntermediateSize = 64), SequenceClassification(3)]");

    [Fact]
    public Task Roberta() => Verify("[Roberta, Encoder(Layers = 2), FeedForward(IntermediateSize = 64)]");

    [Fact]
    public Task T5() => Verify("[T5, Encoder(Layers = 2), Decoder(Layers = 2), FeedForward(IntermediateSize = 50), PositionEncoding(PositionEncodingKind.RelativeBuckets, Buckets = 8, MaxDistance = 12)]");

    [Fact]
    public Task Bart() => Verify("[Bart, Encoder(Layers = 2), Decoder(Layers = 2), FeedForward(IntermediateSize = 48)]");

    // The passes over the layers; what they name is in the snapshots of whole models.
    private static Task Verify(string attributes, [System.Runtime.CompilerServices.CallerMemberName] string name = "")
    {
        var files = Project.Generate($"using Intaglio;\nnamespace App;\n{Small}\n{attributes}\npublic sealed partial class {name};");
        return Snapshots.Verify(files.Where(file => IsPass().IsMatch(file.HintName)), name);
    }

    [GeneratedRegex(@"\.(Forward|Backward|Inference|Encoding)\.g\.cs$")]
    private static partial Regex IsPass();
}
