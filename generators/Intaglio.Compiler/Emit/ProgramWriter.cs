using System.Globalization;

namespace Intaglio.Compiler;

/// <summary>Prints the sections of a program: straight lines as they are, loops as calls of a method for one layer, and those methods.</summary>
/// <param name="Verb">What the program does: its layers' methods are named <c>{Verb}{Stack}Layer</c>.</param>
/// <param name="Arena">The struct that says where activations lie.</param>
/// <param name="Sections">The program.</param>
/// <param name="IsCached">Whether rows are new tokens, with a cache of those before them.</param>
internal sealed record ProgramWriter(string Verb, string Arena, IReadOnlyList<Section> Sections, bool IsCached)
{
    private static readonly (string Name, string Value)[] SavedLocals = [("saved", "at.Saved{0}(layer)"), ("next", "at.Saved{0}(layer + 1)")];

    private IEnumerable<LayerLoop> Loops => Sections.OfType<LayerLoop>();

    /// <summary>Every launch outside the loops.</summary>
    public IReadOnlyList<Launch> StraightLines => [.. Sections.OfType<StraightLine>().SelectMany(line => line.Launches)];

    /// <summary>Whether a name is mentioned outside the loops, or has to be handed to them.</summary>
    public bool Needs(string name) => LaunchWriter.Mention(StraightLines, name) || Loops.Any(loop => Handed(loop).Any(parameter => parameter.Name == name));

    /// <summary>Prints the program itself.</summary>
    public void WriteSections(SourceWriter writer) => writer.Separated(Sections, section =>
    {
        if (section is StraightLine line)
            LaunchWriter.Write(writer, line.Launches);
        else
            WriteLoop(writer, (LayerLoop)section);
    });

    /// <summary>Prints a method for one layer of each loop.</summary>
    public void WriteLayers(SourceWriter writer)
    {
        foreach (var loop in Loops)
        {
            writer.Line();
            writer.Summary(Summary(loop));
            writer.Line($"private static void {Verb}{loop.Stack}Layer<TTarget>({string.Join(", ", Handed(loop).Select(parameter => $"{parameter.Type} {parameter.Name}"))})");
            using (writer.WriteBlock("    where TTarget : struct, ITarget"))
            {
                if (!IsCached)
                    LaunchWriter.WriteLocals(writer, loop.Launches, Locals.Shape);

                LaunchWriter.WriteLocals(writer, loop.Launches, SavedLocals.Select(local => (local.Name, string.Format(CultureInfo.InvariantCulture, local.Value, loop.Stack))));
                writer.Line();
                LaunchWriter.Write(writer, loop.Launches);
            }
        }
    }

    private void WriteLoop(SourceWriter writer, LayerLoop loop)
    {
        writer.Line(loop.Direction == Direction.Forward
            ? $"for (var layer = 0; layer < {loop.Stack}Layers; layer++)"
            : $"for (var layer = {loop.Stack}Layers - 1; layer >= 0; layer--)");
        writer.Line($"    {Verb}{loop.Stack}Layer({string.Join(", ", Handed(loop).Select(parameter => parameter.Argument))});");
    }

    // What a layer's method takes: as much as its launches mention.
    private IEnumerable<(string Type, string Name, string Argument)> Handed(LayerLoop loop)
    {
        var mentioned = new HashSet<string>(Candidates(loop).Select(candidate => candidate.Name).Where(name => LaunchWriter.Mention(loop.Launches, name)));
        if (SavedLocals.Any(local => LaunchWriter.Mention(loop.Launches, local.Name)))
            mentioned.UnionWith(["at", "layer"]);

        if (!IsCached && Locals.Shape.Any(local => LaunchWriter.Mention(loop.Launches, local.Name)))
            mentioned.Add("shape");

        return Candidates(loop).Where(candidate => candidate.Name == "on" || mentioned.Contains(candidate.Name));
    }

    private IEnumerable<(string Type, string Name, string Argument)> Candidates(LayerLoop loop)
    {
        var layer = $"{loop.Stack}Layer";
        yield return ("in TTarget", "on", "on");
        yield return ($"in {Arena}", "at", "at");
        yield return ("in BatchLayout", "input", "input");
        yield return ($"in {layer}Parameters", "weights", $"weights.{layer}(layer)");
        yield return ($"in {layer}Parameters", "gradients", $"gradients.{layer}(layer)");
        yield return ("int", "layer", "layer");
        yield return IsCached ? ("int", "rows", "rows") : ("BatchShape", "shape", "shape");
        yield return ("in CacheLayout", "cache", "cache");
    }

    private static string Summary(LayerLoop loop)
    {
        var layer = loop.Stack.Length == 0 ? "layer" : $"layer of the {Names.Camel(loop.Stack)}";
        return loop switch
        {
            { Hidden: null } => $"One {layer}: keys and values of the source, for the cache.",
            { Direction: Direction.Backward } => $"One {layer} in reverse: from the gradient of its result to that of its hidden state, both {loop.Hidden}, adding to the gradients of its parameters.",
            _ => $"One {layer}: from its hidden state to the next layer's, both {loop.Hidden}.",
        };
    }
}
