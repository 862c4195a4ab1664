namespace Intaglio.Compiler;

/// <summary>Emits a struct for each fusion: one definition for every target.</summary>
internal static class FusionsEmitter
{
    public static EmittedFile Emit(LoweredModel model) =>
        ModelFile.Write(model.Spec.Declaration, "Fusions", ["System.Runtime.CompilerServices", "Intaglio.Numerics"], "", writer =>
            writer.Separated(model.Definitions.Where(named => named.Definition is FusionDefinition or GateDefinition), named =>
            {
                if (named.Definition is FusionDefinition fusion)
                    Write(writer, named.Name, fusion);
                else if (named.Definition is GateDefinition gate)
                    WriteGate(writer, named.Name, gate);
            }));

    private static void Write(SourceWriter writer, string name, FusionDefinition definition)
    {
        var fusion = definition.Fusion;
        var row = fusion.HasRow ? "bias" : "row";
        var full = fusion.HasFull ? fusion.FullName : "full";
        var summary = $"{definition.Summary} x is [rows, columns]{(fusion.HasRow ? $", {row} [columns]" : "")}{(fusion.HasFull ? $", {full} [rows, columns]" : "")}.";
        writer.Summary(summary);
        using (writer.WriteBlock($"private readonly struct {name} : IFusion"))
        {
            WriteConstant(writer, "bool", "HasRow", Flag(fusion.HasRow), fusion.HasRow ? $"Reads {row}, [columns]." : "Reads no value for each column.");
            WriteConstant(writer, "bool", "HasFull", Flag(fusion.HasFull), fusion.HasFull ? $"Reads {full}, [rows, columns]." : "Reads no value for each element.");
            WriteConstant(writer, "bool", "Saves", Flag(fusion.Saved is not null), fusion.Saved is null ? "Stores its result alone." : "Stores a second result, [rows, columns].");
            WriteConstant(writer, "float", "DropoutRate", Literal.Float(fusion.DropoutRate), "Probability that an element is dropped.");

            writer.Summary(summary);
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
    private static void WriteGate(SourceWriter writer, string name, GateDefinition definition)
    {
        var activation = definition.Activation;
        var summary = $"{definition.Summary} Both are [rows, columns].";
        static string NameOf(Operand operand) => operand switch { Operand.X => "gate", Operand.Full => "value", _ => "outputGradient" };

        writer.Summary(summary);
        using (writer.WriteBlock($"private readonly struct {name} : IGate"))
        {
            writer.Summary(summary);
            ExpressionPrinter.WriteFunction(writer, "public static T Invoke<T>(T gate, T value)", activation * Expression.Full, NameOf);
            writer.Line();
            writer.Summary("The gradient of gate, returned, and that of value, for that of the result, [rows, columns] each.");
            writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            writer.Line("public static T Gradient<T>(T gate, T value, T outputGradient, out T valueGradient)");
            using (writer.WriteBlock("    where T : struct, ILane<T>"))
                ExpressionPrinter.WriteResults(writer, Expression.Row * activation, "valueGradient", Expression.Row * Expression.Full * activation.Derivative(Operand.X), NameOf);
        }
    }

    private static void WriteConstant(SourceWriter writer, string type, string name, string value, string summary)
    {
        writer.Summary(summary);
        writer.Line($"public static {type} {name} => {value};");
        writer.Line();
    }

    private static string Flag(bool value) => value ? "true" : "false";
}
