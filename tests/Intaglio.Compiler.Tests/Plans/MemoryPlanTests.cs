using Intaglio.Compiler.Passes;
using Xunit;

namespace Intaglio.Compiler.Tests.Plans;

/// <summary>Plans hold what they promise: nothing is overwritten before its last reader, and little is wasted.</summary>
public sealed class MemoryPlanTests
{
    private static readonly Rows Rows = new(16, 32);

    private static readonly Dictionary<string, ModelSpec> Larger = new()
    {
        ["default"] = TestModel.Spec(hidden: 384, heads: 6, layers: 6, inner: 1536, vocabulary: 256, context: 256),
        ["default, dropout"] = TestModel.Spec(hidden: 384, heads: 6, layers: 6, inner: 1536, vocabulary: 256, context: 256, dropout: 0.1f),
        ["nanoGPT on a CPU"] = TestModel.Spec(hidden: 128, heads: 4, layers: 4, inner: 512, vocabulary: 65, context: 64, biases: false),
        ["GPT-2"] = TestModel.Spec(hidden: 768, heads: 12, layers: 12, inner: 3072, vocabulary: 50257, context: 1024),
        ["1 layer"] = TestModel.Spec(hidden: 64, heads: 1, layers: 1, inner: 256, vocabulary: 256, context: 64),
        ["large vocabulary, untied"] = TestModel.Spec(hidden: 64, heads: 1, layers: 2, inner: 256, vocabulary: 50257, context: 64, tied: false),
        ["96 layers"] = TestModel.Spec(hidden: 64, heads: 1, layers: 96, inner: 256, vocabulary: 256, context: 64),
        ["BERT"] = Architectures.Bert(hidden: 768, heads: 12, layers: 12, inner: 3072, vocabulary: 30522, context: 512, dropout: 0.1f),
        ["BERT that classifies"] = Architectures.Bert(new SequenceClassificationHeadSpec(new(["a", "b"]), Pooling.Mean, Pooler: true, Bias: true, 0.1f), hidden: 128, heads: 4, layers: 4, inner: 512, vocabulary: 1000, context: 64),
        ["BERT that answers"] = Architectures.Bert(new QuestionAnsweringHeadSpec(), hidden: 128, heads: 4, layers: 4, inner: 512, vocabulary: 1000, context: 64),
        ["BLOOM"] = Architectures.Bloom(hidden: 256, heads: 4, layers: 4, vocabulary: 1000, context: 64),
        ["Gemma 2"] = Architectures.Gemma2(hidden: 256, heads: 8, keyValueHeads: 4, headSize: 32, layers: 6, inner: 1024, vocabulary: 1000, context: 128, window: 16),
        ["LLaMA"] = TestModel.Llama(hidden: 256, heads: 8, keyValueHeads: 4, headSize: 32, layers: 6, inner: 688) with { VocabularySize = 32000 },
        ["T5 small"] = Architectures.T5(hidden: 512, heads: 8, headSize: 64, layers: 6, inner: 2048, vocabulary: 32128, context: 512),
        ["T5 small, gated, dropout, untied"] = Architectures.T5(hidden: 512, heads: 8, headSize: 64, layers: 6, inner: 1024, vocabulary: 32128, context: 512, gated: true, tied: false, dropout: 0.1f),
        ["BART base"] = Architectures.Bart(hidden: 768, heads: 12, layers: 6, inner: 3072, vocabulary: 50265, context: 1024, dropout: 0.1f),
        ["two stacks, a small vocabulary"] = Architectures.Bart(hidden: 64, heads: 4, layers: 2, inner: 256, vocabulary: 256, context: 64),
        ["narrow between the products"] = TestModel.Spec(hidden: 256, heads: 4, layers: 4, inner: 32, vocabulary: 256, context: 64, dropout: 0.1f),
    };

    public static TheoryData<string> Models => [.. ModelCases.ByName.Keys];

    public static TheoryData<string> Trained => [.. ModelCases.Trained.Select(item => item.Name)];

    public static TheoryData<string> LargerModels => [.. Larger.Keys];

    [Theory]
    [MemberData(nameof(Trained))]
    public void Every_read_of_a_training_step_finds_what_was_written(string model)
    {
        var graph = Training(ModelCases.ByName[model].Spec);

        PlanReplay.Run(new(graph), PlanMemory.Run(graph), Rows);
    }

    [Theory]
    [MemberData(nameof(Trained))]
    public void Every_read_of_an_evaluation_finds_what_was_written_though_layers_share_a_place(string model)
    {
        var graph = Training(ModelCases.ByName[model].Spec);

        PlanReplay.Run(new(UpToLoss(graph)), PlanMemory.Run(graph), Rows, keepsLayers: false);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_read_of_generation_finds_what_was_written(string model)
    {
        foreach (var graph in ModelCases.ByName[model].Inferences().Select(ModelCases.Optimized))
            PlanReplay.Run(new(graph), PlanMemory.Run(graph), Rows);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_name_is_one_place(string model)
    {
        var item = ModelCases.ByName[model];
        foreach (var plan in item.Inferences().Select(ModelCases.Optimized).Concat(item.Spec.Trains ? [Training(item.Spec)] : Array.Empty<Graph>()).Select(PlanMemory.Run))
        {
            var named = plan.Locations.Values.Where(location => location.Space is Space.Temporary or Space.Saved).ToLookup(location => (location.Space, location.Stack, location.Name));

            Assert.All(named, places => Assert.Single(places.Select(place => (place.BytesPerRow, place.BytesInRow, place.IsOfSource)).Distinct()));
        }
    }

    [Fact]
    public void A_value_on_top_of_another_is_found()
    {
        var graph = Training(ModelCases.ByName["odd sizes"].Spec);
        var plan = PlanMemory.Run(graph);
        foreach (var space in new[] { Space.Temporary, Space.Saved })
        {
            var flat = plan.Locations.ToDictionary(pair => pair.Key, pair => pair.Value.Space == space ? pair.Value with { BytesPerRow = 0 } : pair.Value);

            Assert.Throws<InvalidOperationException>(() => PlanReplay.Run(new(graph), plan with { Locations = flat }, Rows));
        }
    }

    [Fact]
    public void A_product_of_columns_is_not_written_over_the_tensor_that_has_them()
    {
        var builder = new GraphBuilder();
        var indices = builder.Input("Indices", TensorType.Indices(Dimension.Rows));
        var hidden = builder.Add(new Embed(1, Fusion.Identity), "Hidden", [indices, Matrix("Table", 5, 6)]);
        var columns = builder.Add(new Split(new([2, 4]), InterleavedHeads: 0), "Columns", [hidden], ["Left", "Right"]);
        var product = builder.Add(new MatMul(), "Product", [columns[1], Matrix("Weight", 4, 6)]);
        var graph = FuseElementwise.Run(builder.Build(builder.Add(new Map(Fusion.Add), "Sum", [product, hidden])));

        Assert.DoesNotContain(graph.Nodes, node => node.Op is Map);
        PlanReplay.Run(new(graph), PlanMemory.Run(graph), Rows);

        Value Matrix(string name, int rows, int width) => builder.Parameter(new(name, name, new([rows, width]), Segment.Embedding, true, 0, 1), NumberFormat.FP32);
    }

    // Of two stacks as of one: what has a row for each of the source's lies apart, but that is mostly what the encoder keeps, and packed without gaps.
    [Theory]
    [MemberData(nameof(LargerModels))]
    public void Planned_bytes_are_at_most_a_tenth_above_what_lives(string model)
    {
        var graph = Training(Larger[model]);
        var plan = PlanMemory.Run(graph);
        int[] lengths = [16, 64, 768, 2048, 8192];
        foreach (var rows in lengths.SelectMany(_ => Larger[model].IsEncoderDecoder ? lengths : [0], (ofRows, ofSource) => new Rows(ofRows, ofSource)))
        {
            var (planned, lives) = (PlanReplay.Bytes(plan, rows, keepsLayers: true), Lives(graph, plan, rows));

            Assert.True(planned >= lives, $"{rows}: {planned} bytes cannot hold {lives}");
            Assert.True(planned <= 1.1 * lives, $"{rows}: {planned} bytes for {lives}, {(double)planned / lives:0.000}");
            Assert.True(PlanReplay.LowerBound(plan, rows) <= lives, $"{rows}: the plan's lower bound {PlanReplay.LowerBound(plan, rows)} is above {lives}");
        }
    }

    [Theory]
    [MemberData(nameof(LargerModels))]
    public void Offsets_are_aligned_for_every_number_of_rows(string model)
    {
        var plan = PlanMemory.Run(Training(Larger[model]));

        // Rows are a multiple of 16, and a whole row is a multiple of 4 bytes.
        Assert.All(plan.Locations.Values, location => Assert.Equal(0, location.BytesPerRow * 16 % 64));
        Assert.All(plan.Saved, saved => Assert.Equal(0, (saved.Bytes.OfRows | saved.Bytes.OfSource) % 4));
        Assert.Equal(0, PlanReplay.LogitsBytes(plan, new(16, 16)) % 64);
    }

    // The most that must be in memory at one event: what has been written and will be read, what the event writes, and its chunk of logits. Where a result may take its
    // operand's place, it costs nothing.
    private static long Lives(Graph graph, MemoryPlan plan, Rows rows)
    {
        var trace = new Trace(graph);
        var (written, lastRead) = (trace.FirstWrites(), trace.LastReads());
        var changes = new long[trace.Events.Count + 1];
        foreach (var (tenant, first) in written)
        {
            changes[first] += Size(tenant);
            changes[lastRead[tenant] + 1] -= Size(tenant);
        }

        var (alive, most) = (0L, 0L);
        for (var index = 0; index < trace.Events.Count; index++)
        {
            alive += changes[index];
            var item = trace.Events[index];
            var inPlace = item.Node.Op is IFusing { Fusion.HasFull: true } or Map
                && item.Reads.Any(read => lastRead[read.Tenant] == index && Size(read.Tenant) == Size(item.Writes[0].Tenant));
            most = Math.Max(most, alive + (item.Node.Op is HeadLoss ? PlanReplay.LogitsBytes(plan, rows) : 0) - (inPlace ? Size(item.Writes[0].Tenant) : 0));
        }

        return most;

        long Size(Tenant tenant) => rows.In(RowBytes.Of(tenant.Value));
    }

    private static Graph Training(ModelSpec spec) => ModelCases.Optimized(Differentiate.Run(ModelGraph.Training(spec, Family.Of(spec).Parameters(spec))));

    private static Graph UpToLoss(Graph graph)
    {
        var loss = graph.Nodes.Single(node => node.Op is ILoss);
        return graph with { Nodes = [.. graph.Nodes.TakeWhile(node => node != loss), loss.With(outputs: [loss.Output])], ParameterGradients = [] };
    }
}
