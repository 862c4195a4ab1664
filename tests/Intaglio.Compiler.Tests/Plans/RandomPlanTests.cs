using CsCheck;
using Intaglio.Compiler.Passes;
using Xunit;

namespace Intaglio.Compiler.Tests.Plans;

/// <summary>Plans of random graphs, as they are and fused. A failure prints the seed and the smallest graph that was found.</summary>
public sealed class RandomPlanTests
{
    private static readonly Rows Rows = new(16, 32);
    private const int Graphs = 2000;

    [Fact]
    public void Every_read_finds_what_was_written() =>
        RandomGraph.All.Sample(graph => ForEachForm(graph, (trace, plan) => PlanReplay.Run(trace, plan, Rows)), iter: Graphs);

    [Fact]
    public void No_two_tensors_that_live_at_the_same_time_overlap() =>
        RandomGraph.All.Sample(graph => ForEachForm(graph, (trace, plan) => Assert.Equal("", FirstOverlap(trace, plan))), iter: Graphs);

    /// <summary>The properties can fail: one tensor on top of another that lives is found by both.</summary>
    [Fact]
    public void A_broken_plan_is_found() => RandomGraph.All.Sample(
        graph =>
        {
            graph = SeparateCarries.Run(graph);
            var (trace, plan) = (new Trace(graph), PlanMemory.Run(graph));
            if (Neighbours(trace, plan) is not { } pair)
                return;

            var locations = plan.Locations.ToDictionary(item => item.Key, item => item.Value);
            locations[pair.Second] = locations[pair.Second] with { BytesPerRow = locations[pair.First].BytesPerRow };
            var broken = plan with { Locations = locations };

            Assert.NotEqual("", FirstOverlap(trace, broken));
            Assert.True(Record.Exception(() => PlanReplay.Run(trace, broken, Rows)) is InvalidOperationException, $"{pair}");
        },
        iter: Graphs);

    private static void ForEachForm(Graph graph, Action<Trace, MemoryPlan> check)
    {
        graph = Verify.Run(SeparateCarries.Run(Verify.Run(graph, "the builder")), nameof(SeparateCarries));
        check(new(graph), PlanMemory.Run(graph));

        // The passes that expect no model's shape.
        var fused = Verify.Run(SeparateCarries.Run(FuseElementwise.Run(Simplify.Run(graph))), nameof(FuseElementwise));
        check(new(fused), PlanMemory.Run(fused));
    }

    private static string FirstOverlap(Trace trace, MemoryPlan plan)
    {
        var (first, last) = (trace.FirstWrites(), trace.LastReads());
        var tenants = first.Keys.Select(tenant => (Tenant: tenant, Start: PlanReplay.Start(plan, tenant, Rows), Bytes: Rows.In(RowBytes.Of(tenant.Value)))).ToList();
        return (from early in tenants
                from late in tenants
                where early.Tenant != late.Tenant && first[early.Tenant] <= first[late.Tenant] && first[late.Tenant] <= last[early.Tenant]
                where early.Start < late.Start + late.Bytes && late.Start < early.Start + early.Bytes
                where !IsInPlace(early.Tenant, late.Tenant)
                select $"{early.Tenant.Value} of layer {early.Tenant.Layer} (steps {first[early.Tenant]} to {last[early.Tenant]}) and {late.Tenant.Value} of layer {late.Tenant.Layer} (steps {first[late.Tenant]} to {last[late.Tenant]})").FirstOrDefault("");

        // A step that reads one for the last time and writes the other into its place, element by element.
        bool IsInPlace(Tenant early, Tenant late)
        {
            var step = first[late];
            var item = trace.Events[step];
            return step == last[early] && PlanReplay.Start(plan, early, Rows) == PlanReplay.Start(plan, late, Rows) && early.Value.Type == late.Value.Type
                && item.Reads.Where(read => read.Tenant == early).All(read => PlanReplay.IsElementwise(item.Node, read.Value));
        }
    }

    // Two tensors without columns in the shared part of the arena, the second of which is written while the first, at least as wide, has still to be read.
    private static (Value First, Value Second)? Neighbours(Trace trace, MemoryPlan plan)
    {
        var first = trace.FirstWrites();
        var inParts = trace.Events.SelectMany(item => item.Reads.Concat(item.Writes)).Where(access => access.Value != access.Tenant.Value).Select(access => access.Tenant).ToHashSet();
        var shared = first.Keys.Where(tenant => plan.Locations[tenant.Value].Space == Space.Temporary && !inParts.Contains(tenant)).ToList();
        var pairs = from early in shared
                    from late in shared
                    where early.Value != late.Value && late.Value.Type.Width <= early.Value.Type.Width && late.Value.Type.Shape[0] == early.Value.Type.Shape[0]
                    where first[early] < first[late] && trace.Events.Skip(first[late] + 1).Any(item => item.Reads.Any(read => read.Tenant == early))
                    select ((Value, Value)?)(early.Value, late.Value);
        return pairs.FirstOrDefault();
    }
}
