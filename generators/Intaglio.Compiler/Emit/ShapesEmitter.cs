namespace Intaglio.Compiler;

/// <summary>Emits the structs whose constants specialise the library's algorithms.</summary>
internal static class ShapesEmitter
{
    public static EmittedFile Emit(LoweredModel model) =>
        ModelFile.Write(model.Spec.Declaration, "Shapes", ["System.Runtime.CompilerServices", "Intaglio.Numerics"], "", writer =>
            writer.Separated(model.Definitions.Where(named => named.Definition is not (FusionDefinition or GateDefinition)), named =>
            {
                writer.Summary(named.Definition.Summary);
                if (named.Definition is ShapeDefinition shape)
                    WriteShape(writer, named.Name, shape);
                else if (named.Definition is ScoreDefinition score)
                    WriteScore(writer, named.Name, score);
                else if (named.Definition is WindowDefinition window)
                    WriteWindow(writer, named.Name, window);
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
            ExpressionPrinter.WriteFunction(writer, "public static T Invoke<T>(T product)", score.Formula, _ => "product");
            writer.Line();
            ExpressionPrinter.WriteFunction(writer, "public static T Derivative<T>(T product)", score.Formula.Derivative(Operand.X), _ => "product");
        }
    }

    private static void WriteWindow(SourceWriter writer, string name, WindowDefinition window)
    {
        using (writer.WriteBlock($"private readonly struct {name} : IMask"))
        {
            writer.Lines($"""
                private const int Positions = {Literal.Integer(window.Positions)};

                public static int First(int query) => query < Positions ? 0 : query - Positions + 1;

                public static int End(int query, int keys) => query < keys ? query + 1 : keys;

                public static int FirstQuery(int key) => key;

                public static int EndQuery(int key, int queries) => queries - key < Positions ? queries : key + Positions;
                """);
        }
    }
}
