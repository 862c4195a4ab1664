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
                writer.Line();
                writer.Summary($"The first of {Literal.Plain(layout.Layers)} layers.");
                writer.Line($"public const {IndexType(layout.LayersStart)} Start = {Literal.Integer(layout.LayersStart)};");
                writer.Line();
                writer.Summary("Elements from one layer to the next.");
                writer.Line($"public const {IndexType(layout.LayerSize)} LayerSize = {Literal.Integer(layout.LayerSize)};");
                writer.Line();
                WriteOffsets(writer, layout.Head);
                writer.Line();
                writer.Summary("Elements in all, padding included.");
                writer.Line($"public const long Length = {Literal.Integer(layout.Length)};");
                writer.Line();
                writer.Summary("Where each parameter of a layer lies, in elements from the layer's first.");
                using (writer.WriteBlock("public static class Layer"))
                    WriteOffsets(writer, layout.Layer);

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

    private static void WriteTable(SourceWriter writer, ParameterLayout layout)
    {
        writer.Summary("All parameters, with their names and shapes in checkpoints.");
        writer.Line("public static readonly ParameterTable Table = new(Layers, Start, LayerSize, Length,");
        writer.Line("[");
        using (writer.Indent())
        {
            foreach (var placed in layout.Embedding.Concat(layout.Layer).Concat(layout.Head))
            {
                var parameter = placed.Parameter;
                var start = parameter.Segment == Segment.Layer ? $"Layer.{parameter.Name}" : parameter.Name;
                var initial = $"new({Literal.Float(parameter.Mean)}, {Literal.Float(parameter.StandardDeviation)})";
                var before = 0L;
                foreach (var stored in parameter.Stored)
                {
                    var offset = before == 0 ? start : $"{start} + {Literal.Integer(before)}";
                    writer.Line($"new(\"{stored.Name}\", {offset}, [{string.Join(", ", stored.Shape)}], Segment.{parameter.Segment}, ParameterGroup.{(parameter.Decays ? "Decayed" : "NotDecayed")}, {initial}),");
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

            writer.Summary("The parameters of one layer.");
            writer.Line("public LayerParameters Layer(int layer) => new(region, Parameters.Start + ((long)layer * Parameters.LayerSize), elementBytes);");
        }

        writer.Line();
        writer.Summary("One layer's parameters, as places in the weights or in their gradients.");
        using (writer.WriteBlock("private readonly struct LayerParameters(Region region, long start, int elementBytes)"))
        {
            foreach (var placed in layout.Layer)
            {
                writer.Summary(Describe(placed.Parameter));
                writer.Line($"public Place {placed.Parameter.Name} => At(Parameters.Layer.{placed.Parameter.Name});");
                writer.Line();
            }

            writer.Summary("The place of an element of the layer.");
            writer.Line("private Place At(long parameter) => new(region, (start + parameter) * elementBytes);");
        }
    }
}
