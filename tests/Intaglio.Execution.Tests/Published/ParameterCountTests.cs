using System.Text.Json;
using Intaglio.Compiler.Tests.Data;
using Xunit;

namespace Intaglio.ExecutionTests;

/// <summary>The constants of full-size models against published counts. Nothing is instantiated: the largest would need 705 GB.</summary>
public sealed class ParameterCountTests
{
    /// <summary>Each row of the published numbers, by how its name begins, and what the class says: all parameters, and those of its embeddings where they are published.</summary>
    private static readonly (string Model, long Count, long? Embeddings)[] Declared =
    [
        ("BERT-base-uncased", Sized.BertBase.ParameterCount, null),
        ("RoBERTa-base (RobertaModel", Sized.RobertaBase.ParameterCount, null),
        ("RoBERTa-base for classification", Sized.RobertaBaseForTwoLabels.ParameterCount, null),
        ("GPT-2 small (tied)", Sized.Gpt2Small.ParameterCount, null),
        ("GPT-2 small, biases", Sized.Gpt2SmallWithoutBiases.ParameterCount, null),
        ("T5-small", Sized.T5Small.ParameterCount, null),
        ("FLAN-T5-small", Sized.FlanT5Small.ParameterCount, null),
        ("FLAN-T5-base", Sized.FlanT5Base.ParameterCount, null),
        ("FLAN-T5-large", Sized.FlanT5Large.ParameterCount, null),
        ("FLAN-T5-xl", Sized.FlanT5Xl.ParameterCount, null),
        ("BART-base", Sized.BartBase.ParameterCount, null),
        ("BART-large", Sized.BartLarge.ParameterCount, null),
        ("BLOOM-176B", Sized.Bloom176B.ParameterCount, Sized.Bloom176B.EmbeddingParameterCount),
        ("BLOOM-7B1", Sized.Bloom7B1.ParameterCount, Sized.Bloom7B1.EmbeddingParameterCount),
        ("BLOOM-560M", Sized.Bloom560M.ParameterCount, null),
        ("BloombergGPT", Sized.BloombergGpt.ParameterCount, null),
        ("LLaMA-7B", Sized.Llama7B.ParameterCount, null),
        ("LLaMA-13B", Sized.Llama13B.ParameterCount, null),
        ("LLaMA-33B", Sized.Llama33B.ParameterCount, null),
        ("LLaMA-65B", Sized.Llama65B.ParameterCount, null),
    ];

    [SkippableFact]
    public void Every_published_count_is_the_constant_of_its_class()
    {
        using var published = JsonDocument.Parse(File.ReadAllBytes(SharedData.Find("published-numbers/numbers.json")));
        var rows = published.RootElement.GetProperty("parameter_counts").EnumerateArray().Select(row => (
            Model: row.GetProperty("model").GetString()!,
            Count: row.GetProperty("params").GetInt64(),
            Embeddings: row.TryGetProperty("embedding_params", out var count) ? count.GetInt64() : (long?)null)).ToList();

        Assert.Equal(rows.Select(row => (row.Count, row.Embeddings)), rows.Select(row => Declared.Single(declared => row.Model.StartsWith(declared.Model, StringComparison.Ordinal))).Select(declared => (declared.Count, declared.Embeddings)));
        Assert.Equal(rows.Count, Declared.Length);
    }

    /// <summary>
    /// Two operations for each weight that a token is multiplied with, the head's included, and attention to half the context on the average: of BLOOM's 176 billion parameters all are such weights but
    /// vectors. 70 layers keep 2 · 14,336 numbers of four bytes for each token.
    /// </summary>
    [Fact]
    public void Operations_and_cache_of_176_billion_parameters_are_counted_without_an_overflow()
    {
        const long Vectors = (70L * (14336 * 4 + 14336 * 9)) + (4 * 14336);
        var products = 2 * (Sized.Bloom176B.ParameterCount - Vectors);

        Assert.InRange(Sized.Bloom176B.FlopsPerTokenForward, products, products + (2L * 70 * 2 * 14336 * Sized.Bloom176B.ContextLength));
        Assert.Equal(3 * Sized.Bloom176B.FlopsPerTokenForward, Sized.Bloom176B.FlopsPerTokenTraining);
        Assert.Equal(70L * 2 * 14336 * sizeof(float), Sized.Bloom176B.CacheBytesPerToken);
    }
}
