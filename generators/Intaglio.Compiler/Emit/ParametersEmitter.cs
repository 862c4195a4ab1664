namespace Intaglio.Compiler;

/// <summary>Emits where each parameter lies.</summary>
internal static class ParametersEmitter
{
    public static EmittedFile Emit(LoweredModel model)
    {
        var layout = model.Parameters;
        return ModelFile.Write(model.Spec.Declaration, "Parameters", ["Intaglio.Numerics"], "", writer =>
        {
            writer.Summary("Where each parameter lies, in elements, in the flat buffers of weights, gradients and optimizer state.");
            using (writer.WriteBlock("private static class Parameters"))
            {
                WriteOffsets(writer, layout.Embedding);
                foreach (var stack in layout.Layers)
                {
                    writer.Line();
                    writer.Summary($"The first of {Literal.Plain(stack.Layers)} layers{OfStack(stack)}.");
                    writer.Line($"public const {IndexType(stack.Start)} {stack.Name}Start = {Literal.Integer(stack.Start)};");
                    writer.Line();
                    writer.Summary($"Elements from one layer{OfStack(stack)} to the next.");
                    writer.Line($"public const {IndexType(stack.LayerSize)} {stack.Name}LayerSize = {Literal.Integer(stack.LayerSize)};");
                }

                if (layout.Head.Count > 0)
                {
                    writer.Line();
                    WriteOffsets(writer, layout.Head);
                }

                writer.Line();
                writer.Summary("Elements in all, padding included.");
                writer.Line($"public const long Length = {Literal.Integer(layout.Length)};");
                foreach (var stack in layout.Layers)
                {
                    writer.Line();
                    writer.Summary($"Where each parameter of a layer{OfStack(stack)} lies, in elements from the layer's first.");
                    using (writer.WriteBlock($"public static class {stack.Name}Layer"))
                        WriteOffsets(writer, stack.Parameters);
                }

                writer.Line();
                WriteTable(writer, layout);
            }

            writer.Line();
            WritePlaces(writer, layout);
        });
    }

    private static void WriteOffsets(SourceWriter writer, IReadOnlyList<PlacedParameter> parameters) => writer.Separated(parameters, placed =>
    {
        writer.Summary(Describe(placed.Parameter));
        writer.Line($"public const {IndexType(placed.Offset)} {placed.Parameter.Name} = {Literal.Integer(placed.Offset)};");
    });

    // [32, 96], h.{layer}.attn.c_attn.weight.
    private static string Describe(ParameterSpec parameter) =>
        $"[{string.Join(", ", parameter.Shape)}], {string.Join(" | ", parameter.Stored.Select(stored => stored.Name))}{(parameter.Note.Length == 0 ? "" : ", " + parameter.Note)}.";

    private static string IndexType(long offset) => offset > int.MaxValue ? "long" : "int";

    private static string OfStack(PlacedStack stack) => stack.Name.Length == 0 ? "" : $" of the {Names.Camel(stack.Name)}";

    private static void WriteTable(SourceWriter writer, ParameterLayout layout)
    {
        writer.Summary("All parameters, with their names and shapes in checkpoints.");
        var stacks = layout.Layers.Select(stack => $"new(Segment.{stack.Segment}, {stack.Name}Layers, {stack.Name}Start, {stack.Name}LayerSize)");
        writer.Line($"public static readonly ParameterTable Table = new([{string.Join(", ", stacks)}], Length,");
        writer.Line("[");
        using (writer.Indent())
        {
            foreach (var placed in layout.Embedding.Concat(layout.Layers.SelectMany(stack => stack.Parameters)).Concat(layout.Head))
            {
                var parameter = placed.Parameter;
                var start = layout.Layers.FirstOrDefault(stack => stack.Segment == parameter.Segment) is { } stack ? $"{stack.Name}Layer.{parameter.Name}" : parameter.Name;
                var initial = $"new({Literal.Float(parameter.Mean)}, {Literal.Float(parameter.StandardDeviation)})";
                var before = 0L;
                foreach (var stored in parameter.Stored)
                {
                    var offset = before == 0 ? start : $"{start} + {Literal.Integer(before)}";
                    writer.Line($"new(\"{stored.Name}\", {offset}, [{string.Join(", ", stored.Shape)}], Segment.{parameter.Segment}, ParameterGroup.{(!parameter.IsTrained ? "Frozen" : parameter.Decays ? "Decayed" : "NotDecayed")}, {initial}),");
                    before += stored.Count;
                }
            }
        }

        writer.Line("]);");
    }

    private static void WritePlaces(SourceWriter writer, ParameterLayout layout)
    {
        writer.Summary("The parameters outside the layers, as places in the weights or in their gradients.");
        using (writer.WriteBlock("private readonly struct ModelParameters(Region region, int elementBytes)"))
        {
            foreach (var placed in layout.Embedding.Concat(layout.Head))
            {
                writer.Summary(Describe(placed.Parameter));
                writer.Line($"public Place {placed.Parameter.Name} => new(region, (long)Parameters.{placed.Parameter.Name} * elementBytes);");
                writer.Line();
            }

            writer.Separated(layout.Layers, stack =>
            {
                writer.Summary($"The parameters of one layer{OfStack(stack)}.");
                writer.Line($"public {stack.Name}LayerParameters {stack.Name}Layer(int layer) => new(region, Parameters.{stack.Name}Start + ((long)layer * Parameters.{stack.Name}LayerSize), elementBytes);");
            });
        }

        foreach (var stack in layout.Layers)
        {
            writer.Line();
            writer.Summary($"One layer's parameters{OfStack(stack)}, as places in the weights or in their gradients.");
            using (writer.WriteBlock($"private readonly struct {stack.Name}LayerParameters(Region region, long start, int elementBytes)"))
            {
                foreach (var placed in stack.Parameters)
                {
                    writer.Summary(Describe(placed.Parameter));
                    writer.Line($"public Place {placed.Parameter.Name} => At(Parameters.{stack.Name}Layer.{placed.Parameter.Name});");
                    writer.Line();
                }

                writer.Summary("The place of an element of the layer.");
                writer.Line("private Place At(long parameter) => new(region, (start + parameter) * elementBytes);");
            }
        }
    }
}
