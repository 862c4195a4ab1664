namespace Intaglio.Compiler;

/// <summary>Turns scheduled, placed graphs into launches.</summary>
internal static class Lower
{
    public static LoweredModel Run(ModelSpec spec, ParameterLayout parameters, Graph? training, MemoryPlan? trainingPlan, Graph inference, MemoryPlan inferencePlan)
    {
        var registry = new Registry();
        var normsBackward = (training?.WithBodies() ?? []).SelectMany(part => part.Nodes).Where(node => node.Op is NormalizeGradient)
            .ToDictionary(Structs.NormOf, node => ((NormalizeGradient)node.Op).Fusion);
        var lowered = training is null || trainingPlan is null
            ? null
            : Training(training, trainingPlan, new(trainingPlan, new(registry, spec, normsBackward, infers: false), spec.Format));
        var generation = Inference(inference, inferencePlan, new(inferencePlan, new(registry, spec, normsBackward, infers: true), spec.Format));
        return new()
        {
            Spec = spec,
            Parameters = parameters,
            Definitions = registry.Definitions,
            Kernels = registry.Kernels,
            Training = lowered,
            Inference = generation,
        };
    }

    private static LoweredTraining Training(Graph graph, MemoryPlan plan, Launches launches)
    {
        var (before, forward, rest) = SplitAtLoop(graph.Nodes);
        var loss = rest.First(node => node.Op is HeadLoss);
        var after = rest.TakeWhile(node => node != loss);
        var (backwardBefore, backward, backwardAfter) = SplitAtLoop([.. rest.SkipWhile(node => node != loss).Skip(1)]);

        return new(
            plan,
            forward.Output.Type,
            launches.Of(before),
            launches.Of(((Repeat)forward.Op).Body.Nodes),
            launches.Of(after),
            launches.Loss(loss, hasGradient: true),
            launches.Loss(loss, hasGradient: false),
            launches.Of(backwardBefore),
            launches.Of(((Repeat)backward.Op).Body.Nodes),
            launches.Of(backwardAfter));
    }

    private static LoweredInference Inference(Graph graph, MemoryPlan plan, Launches launches)
    {
        var (before, loop, after) = SplitAtLoop(graph.Nodes);
        return new(plan, loop.Output.Type, launches.Of(before), launches.Of(((Repeat)loop.Op).Body.Nodes), launches.Of(after), plan.Locations[graph.Outputs[0]]);
    }

    private static (IReadOnlyList<Node> Before, Node Loop, IReadOnlyList<Node> After) SplitAtLoop(IReadOnlyList<Node> nodes)
    {
        var loop = nodes.First(node => node.Op is Repeat);
        return ([.. nodes.TakeWhile(node => node != loop)], loop, [.. nodes.SkipWhile(node => node != loop).Skip(1)]);
    }
}
