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
                writer.Line(Aligned($"public const {IndexType(layout.LayersStart)} Start = {Literal.Integer(layout.LayersStart)};", $"{Literal.Plain(layout.Layers)} layers of"));
                writer.Line($"public const {IndexType(layout.LayerSize)} LayerSize = {Literal.Integer(layout.LayerSize)};");
                writer.Line();
                WriteOffsets(writer, layout.Head);
                writer.Line();
                writer.Line($"public const long Length = {Literal.Integer(layout.Length)};");
                writer.Line();
                using (writer.WriteBlock("public static class Layer"))
                    WriteOffsets(writer, layout.Layer);

                writer.Line();
                WriteTable(writer, layout);
            }

            writer.Line();
            WritePlaces(writer, layout);
        });
    }

    private static void WriteOffsets(SourceWriter writer, IReadOnlyList<PlacedParameter> parameters)
    {
        foreach (var (parameter, offset) in parameters.Select(placed => (placed.Parameter, placed.Offset)))
        {
            var note = parameter.Note.Length == 0 ? "" : ", " + parameter.Note;
            writer.Line(Aligned($"public const {IndexType(offset)} {parameter.Name} = {Literal.Integer(offset)};", $"{$"[{string.Join(", ", parameter.Shape)}]",-16}{string.Join(" | ", parameter.Stored.Select(stored => stored.Name))}{note}"));
        }
    }

    private static string IndexType(long offset) => offset > int.MaxValue ? "long" : "int";

    private static void WriteTable(SourceWriter writer, ParameterLayout layout)
    {
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
                writer.Line($"public Place {placed.Parameter.Name} => new(region, (long)Parameters.{placed.Parameter.Name} * elementBytes);");
                writer.Line();
            }

            writer.Line("public LayerParameters Layer(int layer) => new(region, Parameters.Start + ((long)layer * Parameters.LayerSize), elementBytes);");
        }

        writer.Line();
        writer.Summary("One layer's parameters, as places in the weights or in their gradients.");
        using (writer.WriteBlock("private readonly struct LayerParameters(Region region, long start, int elementBytes)"))
        {
            foreach (var placed in layout.Layer)
            {
                writer.Line($"public Place {placed.Parameter.Name} => At(Parameters.Layer.{placed.Parameter.Name});");
                writer.Line();
            }

            writer.Line("private Place At(long parameter) => new(region, (start + parameter) * elementBytes);");
        }
    }

    private static string Aligned(string code, string comment) => $"{code.PadRight(60)} // {comment}";
}
