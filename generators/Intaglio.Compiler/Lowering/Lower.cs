using Intaglio.Compiler.Passes;

namespace Intaglio.Compiler;

/// <summary>Places what graphs compute, and turns them into launches.</summary>
internal static class Lower
{
    public static LoweredModel Run(ModelSpec spec, ParameterLayout parameters, Graph? training, Graph inference, Graph? encoding)
    {
        var registry = new Registry();
        var normsBackward = (training?.WithBodies() ?? []).SelectMany(part => part.Nodes).Where(node => node.Op is NormalizeGradient)
            .ToDictionary(Structs.NormOf, node => ((NormalizeGradient)node.Op).Fusion);
        return new()
        {
            Spec = spec,
            Parameters = parameters,
            Tables = new(spec),
            Training = training is null ? null : Training(training, Launches(training, infers: false)),
            Inference = Inference(inference, Launches(inference, infers: true)),
            Encoding = encoding is null ? null : Inference(encoding, Launches(encoding, infers: true)),
            Definitions = registry.Definitions,
            Kernels = registry.Kernels,
        };

        Launches Launches(Graph graph, bool infers)
        {
            var plan = PlanMemory.Run(graph);
            return new(plan, new(registry, spec, plan, normsBackward, infers), spec);
        }
    }

    private static LoweredTraining Training(Graph graph, Launches launches)
    {
        var loss = graph.Nodes.First(node => node.Op is ILoss);
        return new(
            launches.Plan,
            loss.Inputs[0].Type,
            Sections(graph.Nodes.TakeWhile(node => node != loss), launches),
            launches.Loss(loss, hasGradient: true),
            launches.Loss(loss, hasGradient: false),
            Sections(graph.Nodes.SkipWhile(node => node != loss).Skip(1), launches));
    }

    private static LoweredInference Inference(Graph graph, Launches launches) =>
        new(launches.Plan, Sections(graph.Nodes, launches), graph.Outputs.Count == 0 ? null : launches.Plan.Locations[graph.Outputs[0]]);

    // Launches between loops are one section, and each loop is one.
    private static IReadOnlyList<Section> Sections(IEnumerable<Node> nodes, Launches launches)
    {
        var sections = new List<Section>();
        var between = new List<Node>();
        foreach (var node in nodes)
        {
            if (node.Op is not Repeat repeat)
            {
                between.Add(node);
                continue;
            }

            AddBetween();
            sections.Add(new LayerLoop(repeat.Stack, repeat.Direction, node.Outputs.FirstOrDefault()?.Type, launches.Of(repeat.Body.Nodes, repeat.Stack)));
        }

        AddBetween();
        return sections;

        void AddBetween()
        {
            if (launches.Of(between, "") is { Count: > 0 } some)
                sections.Add(new StraightLine(some));

            between.Clear();
        }
    }
}
