using Intaglio.Testing;
using Xunit;

namespace Intaglio.Generators.Tests;

/// <summary>Everything that is emitted for small models, as accepted by a reader. Review changes of these files as code.</summary>
public sealed class SnapshotTests
{
    [Fact]
    public Task Tiny_model_with_biases_and_a_tied_head() => Snapshots.Verify(Project.Generate(
        """
        using Intaglio;
        namespace App;
        [Transformer(HiddenSize = 32, ContextLength = 16, VocabularySize = 50)]
        [Decoder(Layers = 2)]
        [Attention(Heads = 2)]
        [FeedForward(IntermediateSize = 64)]
        public sealed partial class Tiny;
        """));

    [Fact]
    public Task Model_without_biases_with_dropout_and_its_own_head() => Snapshots.Verify(Project.Generate(
        """
        using Intaglio;
        namespace App;
        [Transformer(HiddenSize = 48, ContextLength = 24, Dropout = 0.1f)]
        [Decoder(Layers = 3)]
        [Attention(Heads = 3, QueryKeyValueBias = false, OutputBias = false, Dropout = 0.2f)]
        [FeedForward(Activation = Activation.Gelu, Bias = false)]
        [Normalization(Epsilon = 1e-6f, Bias = false)]
        [Embedding(TieWordEmbeddings = false, Dropout = 0.1f)]
        internal sealed partial class Dropped;
        """));

    [Fact]
    public Task Model_for_serving_in_BF16_inside_another_class() => Snapshots.Verify(Project.Generate(
        """
        using Intaglio;
        internal static partial class Models
        {
            [Transformer(HiddenSize = 64, ContextLength = 32)]
            [Decoder(Layers = 1)]
            [FeedForward(Activation = Activation.SquaredRelu)]
            [PositionEncoding(PositionEncodingKind.None)]
            [Precision(BF16)]
            internal sealed partial class Serving;
        }
        """));

    [Fact]
    public Task Llama_with_grouped_heads_and_a_gate() => Snapshots.Verify(Project.Generate(
        """
        using Intaglio;
        namespace App;
        [Transformer(HiddenSize = 64, ContextLength = 32, Dropout = 0.1f)]
        [Decoder(Layers = 2)]
        [Attention(Heads = 4, KeyValueHeads = 2, HeadSize = 24, SlidingWindow = 8, LogitSoftCap = 30, QueryKeyValueBias = false, OutputBias = false)]
        [FeedForward(IntermediateSize = 172, Activation = Activation.Silu, Gated = true, Bias = false, Dropout = 0.2f)]
        [Normalization(NormalizationKind.RmsNorm)]
        [PositionEncoding(PositionEncodingKind.Rotary)]
        [Embedding(TieWordEmbeddings = false)]
        public sealed partial class Llama;
        """));

    [Fact]
    public Task Surface_of_an_invalid_declaration() => Snapshots.Verify(Project.Generate(
        """
        using Intaglio;
        namespace App;
        [Decoder(Layers = 0)]
        public sealed partial class Invalid;
        """));
}
