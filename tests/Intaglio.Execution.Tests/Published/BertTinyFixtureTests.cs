using Intaglio.Compiler.Tests.Data;
using Intaglio.Generation;
using Intaglio.Runtime.Tests.Checkpoints;
using Xunit;

namespace Intaglio.ExecutionTests;

/// <summary>A BertModel that another project keeps for its own tests: BERT's names without a prefix, and no pooler.</summary>
[Collection(TargetsCollection.Name)]
public sealed class BertTinyFixtureTests(Targets targets)
{
    private const string Folder = "bert-tiny-fixture";

    [SkippableFact]
    public void Loads_and_saved_again_has_every_tensor_bit_for_bit()
    {
        using var model = BertTinyFixture.Load(SharedData.Find(Folder), targets.Open("cpu"));
        using var directory = new TemporaryDirectory();
        model.Save(directory.Path);

        using var before = Checkpoints.SafetensorsReader.Open(Path.Combine(SharedData.Find(Folder), "model.safetensors"));
        using var after = Checkpoints.SafetensorsReader.Open(Path.Combine(directory.Path, "model.safetensors"));
        foreach (var tensor in before.Tensors)
            Assert.Equal(before.Read(tensor.Name).Select(BitConverter.SingleToUInt32Bits), after.Read(tensor.Name).Select(BitConverter.SingleToUInt32Bits));
    }

    /// <summary>No outputs are published; but a sentence's state may not depend on what pads it, nor on which device computed it.</summary>
    [SkippableFact]
    public void A_sentence_is_the_same_padded_and_on_another_device()
    {
        int[] sentence = [2, 17, 45, 9, 3];
        var alone = Encode("cpu", sentence, [0, 5]);

        // Values below 1 in magnitude, in single precision.
        Assert.All(alone.Zip(Encode("cpu", [.. sentence, 0, 0, 0], [0, 5])), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
        Assert.All(alone.Zip(Encode("opencl:0", sentence, [0, 5])), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.Contains(alone, value => Math.Abs(value) > 1e-3f);
    }

    private float[] Encode(string target, int[] tokens, int[] bounds)
    {
        using var model = BertTinyFixture.Load(SharedData.Find(Folder), targets.Open(target));
        using var session = model.OpenSession(new() { Length = tokens.Length });
        return session.Run(tokens, 1, bounds).ToArray();
    }
}

/// <summary>../shared/data/bert-tiny-fixture.</summary>
[Bert]
[Transformer(HiddenSize = 32, ContextLength = 128, VocabularySize = 256)]
[Encoder(Layers = 2)]
[Attention(Heads = 4)]
[FeedForward(IntermediateSize = 64)]
[SentenceEmbedding(Pooling = Pooling.First, Normalize = false)]
internal sealed partial class BertTinyFixture;
