using Xunit;

namespace Intaglio.Compiler.Tests.Specs;

/// <summary>Specs are compared by value: what the generator's cache rests on.</summary>
public sealed class SpecEqualityTests
{
    [Fact]
    public void Arrays_with_equal_elements_are_equal()
    {
        Assert.Equal(new EquatableArray<int>([1, 2, 3]), new EquatableArray<int>([1, 2, 3]));
        Assert.Equal(new EquatableArray<int>([1, 2, 3]).GetHashCode(), new EquatableArray<int>([1, 2, 3]).GetHashCode());
        Assert.Equal<object>(new EquatableArray<string>(["a"]), new EquatableArray<string>(["a"]));
    }

    [Fact]
    public void Arrays_with_other_elements_are_not()
    {
        Assert.NotEqual(new EquatableArray<int>([1, 2, 3]), new EquatableArray<int>([1, 2, 4]));
        Assert.NotEqual(new EquatableArray<int>([1, 2, 3]), new EquatableArray<int>([1, 2]));
        Assert.NotEqual(new EquatableArray<int>([1, 2, 3]), new EquatableArray<int>([3, 2, 1]));
        Assert.NotEqual<object>(new EquatableArray<int>([1]), new EquatableArray<long>([1]));
    }

    [Fact]
    public void The_default_array_is_the_empty_one()
    {
        Assert.Equal(EquatableArray<int>.Empty, new EquatableArray<int>([]));
        Assert.Equal(EquatableArray<int>.Empty.GetHashCode(), new EquatableArray<int>([]).GetHashCode());
        Assert.Empty(default(EquatableArray<int>));
    }

    [Fact]
    public void An_array_does_not_change_with_what_it_was_made_of()
    {
        int[] source = [1, 2];
        var array = new EquatableArray<int>(source);

        source[0] = 9;

        Assert.Equal(1, array[0]);
    }

    [Fact]
    public void Equal_declarations_give_equal_specs()
    {
        static ModelSpec Build() => TestModel.Spec() with { Declaration = new("App", new([new("class", "Outer")]), "Model") };

        Assert.Equal(Build(), Build());
        Assert.Equal(Build().GetHashCode(), Build().GetHashCode());
    }

    public static TheoryData<string> Changes => [.. Changed.Keys];

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_makes_another_spec(string change)
    {
        Assert.NotEqual(TestModel.Spec(), Changed[change]);
        Assert.Equal(Changed[change], Changed[change] with { });
    }

    [Fact]
    public void Every_member_of_a_spec_is_changed_by_a_test() => Assert.Equal(
        typeof(ModelSpec).GetProperties().Where(property => property.CanWrite).Select(property => property.Name).Order(),
        Changed.Keys.Select(key => key.Split(' ')[0]).Distinct().Order());

    private static readonly Dictionary<string, ModelSpec> Changed = Variations().ToDictionary(pair => pair.Member, pair => pair.Spec);

    private static IEnumerable<(string Member, ModelSpec Spec)> Variations()
    {
        var spec = TestModel.Spec();
        yield return (nameof(ModelSpec.Declaration), spec with { Declaration = spec.Declaration with { Name = "Other" } });
        yield return (nameof(ModelSpec.Declaration) + " containing types", spec with { Declaration = spec.Declaration with { ContainingTypes = new([new("struct", "Outer")]) } });
        yield return (nameof(ModelSpec.ModelType), spec with { ModelType = "mistral" });
        yield return (nameof(ModelSpec.HiddenSize), spec with { HiddenSize = 12 });
        yield return (nameof(ModelSpec.ContextLength), spec with { ContextLength = 12 });
        yield return (nameof(ModelSpec.VocabularySize), spec with { VocabularySize = 12 });
        yield return (nameof(ModelSpec.ResidualDropout), spec with { ResidualDropout = 0.5f });
        foreach (var (member, changed) in Stacks(spec.Decoder!))
        {
            yield return ($"{nameof(ModelSpec.Decoder)} {member}", spec with { Decoder = changed });
            yield return ($"{nameof(ModelSpec.Encoder)} {member}", spec with { Encoder = changed });
        }

        yield return (nameof(ModelSpec.Head), spec with { Head = new QuestionAnsweringHeadSpec() });
        yield return (nameof(ModelSpec.Head) + " labels", spec with { Head = new TokenClassificationHeadSpec(new(["a", "b"]), 0) });
        yield return (nameof(ModelSpec.Objective), spec with { Objective = new(ObjectiveKind.CausalLanguageModeling, []) });
        yield return (nameof(ModelSpec.Objective) + " options", spec with { Objective = new(ObjectiveKind.CausalLanguageModeling, new(["a"])) });
        yield return (nameof(ModelSpec.Normalization), spec with { Normalization = spec.Normalization with { Epsilon = 1 } });
        yield return (nameof(ModelSpec.PositionEncoding), spec with { PositionEncoding = spec.PositionEncoding with { Kind = PositionEncodingKind.None } });
        yield return (nameof(ModelSpec.Embedding), spec with { Embedding = spec.Embedding with { TieWordEmbeddings = false } });
        yield return (nameof(ModelSpec.Format), spec with { Format = NumberFormat.BF16 });
    }

    private static IEnumerable<(string Member, StackSpec Stack)> Stacks(StackSpec stack)
    {
        yield return (nameof(StackSpec.Layers), stack with { Layers = 12 });
        yield return (nameof(StackSpec.IsCausal), stack with { IsCausal = false });
        yield return (nameof(StackSpec.Attention), stack with { Attention = stack.Attention with { OutputBias = false } });
        yield return (nameof(StackSpec.CrossAttention), stack with { CrossAttention = stack.Attention });
        yield return (nameof(StackSpec.FeedForward), stack with { FeedForward = (DenseFeedForwardSpec)stack.FeedForward with { Activation = Activations.Of(Activation.Silu) } });
        yield return (nameof(StackSpec.Block), stack with { Block = StockBlocks.Of(NormalizationPlacement.Pre, attendsToEncoder: false, isParallel: true) });
    }

    [Theory]
    [InlineData("App", "Outer", "Model", "App.Outer+Model")]
    [InlineData("", "", "Model", "Model")]
    [InlineData("App", "", "Model", "App.Model")]
    public void Full_names_skip_what_is_absent(string space, string outer, string name, string full) =>
        Assert.Equal(full, new DeclarationSpec(space, outer.Length == 0 ? [] : new([new("class", outer)]), name).FullName);
}
