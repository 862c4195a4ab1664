namespace Intaglio.Compiler;

/// <summary>Emits the forward pass of training, and the evaluation that shares it.</summary>
internal static class ForwardEmitter
{
    public static EmittedFile Emit(LoweredModel model, LoweredTraining training)
    {
        var self = model.Spec.Declaration.Name;
        var program = new ProgramWriter("Forward", "TrainingArena", training.Forward, IsCached: false);
        return ModelFile.Write(model.Spec.Declaration, "Forward", ["Intaglio", "Intaglio.Numerics"], "", writer =>
        {
            WriteEntry(writer, "The forward pass of a training step", $"static void ITrainable<{self}>.Forward<TTarget>(in TTarget on, BatchShape shape, float lossScale)", training, training.Loss, keepsLayers: true);
            writer.Line();
            WriteEntry(writer, "The losses alone", $"static void ITrainable<{self}>.Evaluate<TTarget>(in TTarget on, BatchShape shape)", training, training.LossAlone, keepsLayers: false);
            writer.Line();
            WriteUpToLoss(writer, training, program);
            program.WriteLayers(writer);
        });
    }

    private static void WriteEntry(SourceWriter writer, string what, string signature, LoweredTraining training, Launch loss, bool keepsLayers)
    {
        writer.Summary($"{what}, from tokens, [batch, time], to {loss.Comment}, {loss.Result}.");
        using (writer.WriteBlock(signature))
        {
            writer.Line("var input = new BatchLayout(shape);");
            writer.Line($"var at = {ArenaEmitter.Training(training.Plan, keepsLayers ? "true" : "false")};");
            LaunchWriter.WriteLocals(writer, [loss], Locals.Shape.Concat(Locals.Parameters("Float32")));
            writer.Line();
            writer.Line("ForwardToLoss(on, at, input, shape);");
            writer.Line();
            LaunchWriter.Write(writer, loss);
        }
    }

    private static void WriteUpToLoss(SourceWriter writer, LoweredTraining training, ProgramWriter program)
    {
        writer.Summary($"From tokens, [batch, time], to what the loss reads, {training.Features}.");
        writer.Line("private static void ForwardToLoss<TTarget>(in TTarget on, in TrainingArena at, in BatchLayout input, BatchShape shape)");
        using (writer.WriteBlock("    where TTarget : struct, ITarget"))
        {
            LaunchWriter.WriteLocals(writer, program.StraightLines, Locals.Shape);
            writer.Line("var weights = new ModelParameters(Region.Weights, Float32.Bytes);");
            writer.Line();
            program.WriteSections(writer);
        }
    }
}
