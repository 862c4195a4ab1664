namespace Intaglio.Compiler;

/// <summary>Emits the structs whose constants specialise the library's algorithms.</summary>
internal static class ShapesEmitter
{
    public static EmittedFile Emit(LoweredModel model) =>
        ModelFile.Write(model.Spec.Declaration, "Shapes", ["System.Runtime.CompilerServices", "Intaglio.Numerics"], "", writer =>
            writer.Separated(model.Definitions.Where(named => named.Definition is not FusionDefinition), named =>
            {
                writer.Summary(named.Definition.Summary);
                if (named.Definition is ShapeDefinition shape)
                    WriteShape(writer, named.Name, shape);
                else if (named.Definition is ScoreDefinition score)
                    WriteScore(writer, named.Name, score);
            }));

    private static void WriteShape(SourceWriter writer, string name, ShapeDefinition shape)
    {
        using (writer.WriteBlock($"private readonly struct {name} : {shape.Interface}"))
            writer.Separated(shape.Members, member => writer.Line($"public static {member.Type} {member.Name} => {member.Value};"));
    }

    private static void WriteScore(SourceWriter writer, string name, ScoreDefinition score)
    {
        using (writer.WriteBlock($"private readonly struct {name} : IScoreModifier"))
        {
            writer.Lines($"""
                [MethodImpl(MethodImplOptions.AggressiveInlining)]
                public static T Invoke<T>(T product)
                    where T : struct, ILane<T> => product * T.Of({Literal.Float(score.Scale)});

                [MethodImpl(MethodImplOptions.AggressiveInlining)]
                public static T Derivative<T>(T product)
                    where T : struct, ILane<T> => T.Of({Literal.Float(score.Scale)});
                """);
        }
    }
}
