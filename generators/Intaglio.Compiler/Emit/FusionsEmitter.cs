namespace Intaglio.Compiler;

/// <summary>Emits a struct for each fusion: one definition for every target.</summary>
internal static class FusionsEmitter
{
    public static EmittedFile Emit(LoweredModel model) =>
        ModelFile.Write(model.Spec.Declaration, "Fusions", ["System.Runtime.CompilerServices", "Intaglio.Numerics"], "", writer =>
            writer.Separated(model.Definitions.Where(named => named.Definition is FusionDefinition or GateDefinition), named =>
            {
                writer.Summary(named.Definition.Summary);
                if (named.Definition is FusionDefinition fusion)
                    Write(writer, named.Name, fusion.Fusion);
                else if (named.Definition is GateDefinition gate)
                    WriteGate(writer, named.Name, gate.Activation);
            }));

    private static void Write(SourceWriter writer, string name, Fusion fusion)
    {
        using (writer.WriteBlock($"private readonly struct {name} : IFusion"))
        {
            WriteConstant(writer, "bool", "HasRow", Flag(fusion.HasRow));
            WriteConstant(writer, "bool", "HasFull", Flag(fusion.HasFull));
            WriteConstant(writer, "bool", "Saves", Flag(fusion.Saved is not null));
            WriteConstant(writer, "float", "DropoutRate", Literal.Float(fusion.DropoutRate));

            var row = fusion.HasRow ? "bias" : "row";
            var full = fusion.HasFull ? fusion.FullName : "full";
            writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            writer.Line($"public static T Invoke<T>(T x, T {row}, T {full}, T keep, out T saved)");
            using (writer.WriteBlock("    where T : struct, ILane<T>"))
            {
                ExpressionPrinter.WriteBody(writer, fusion, operand => operand switch
                {
                    Operand.Row => row,
                    Operand.Full => full,
                    Operand.Keep => "keep",
                    _ => "x",
                });
            }
        }
    }

    // The gate is X, the value the full operand, the result's gradient the row operand: three names for what an expression reads.
    private static void WriteGate(SourceWriter writer, string name, Expression activation)
    {
        static string NameOf(Operand operand) => operand switch { Operand.X => "gate", Operand.Full => "value", _ => "outputGradient" };

        using (writer.WriteBlock($"private readonly struct {name} : IGate"))
        {
            ExpressionPrinter.WriteFunction(writer, "public static T Invoke<T>(T gate, T value)", activation * Expression.Full, NameOf);
            writer.Line();
            writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            writer.Line("public static T Gradient<T>(T gate, T value, T outputGradient, out T valueGradient)");
            using (writer.WriteBlock("    where T : struct, ILane<T>"))
                ExpressionPrinter.WriteResults(writer, Expression.Row * activation, "valueGradient", Expression.Row * Expression.Full * activation.Derivative(Operand.X), NameOf);
        }
    }

    private static void WriteConstant(SourceWriter writer, string type, string name, string value)
    {
        writer.Line($"public static {type} {name} => {value};");
        writer.Line();
    }

    private static string Flag(bool value) => value ? "true" : "false";
}
