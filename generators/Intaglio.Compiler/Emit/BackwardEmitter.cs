namespace Intaglio.Compiler;

/// <summary>Emits the backward pass: the forward file block by block, in reverse.</summary>
internal static class BackwardEmitter
{
    public static EmittedFile Emit(LoweredModel model, LoweredTraining training)
    {
        var program = new ProgramWriter("Backward", "TrainingArena", training.Backward, IsCached: false);
        return ModelFile.Write(model.Spec.Declaration, "Backward", ["Intaglio", "Intaglio.Numerics"], "", writer =>
        {
            writer.Summary($"The backward pass of a training step, from the gradient of what the loss reads, {training.Features}, to the gradients of all parameters, to which it adds: the forward pass in reverse.");
            using (writer.WriteBlock($"static void ITrainable<{model.Spec.Declaration.Name}>.Backward<TTarget>(in TTarget on, BatchShape shape)"))
            {
                LaunchWriter.WriteLocals(writer, program.StraightLines, Locals.Shape);
                writer.Line("var input = new BatchLayout(shape);");
                writer.Line($"var at = {ArenaEmitter.Training(training.Plan, "true")};");
                foreach (var (name, value) in Locals.Parameters("Float32").Where(local => program.Needs(local.Name)))
                    writer.Line($"var {name} = {value};");

                writer.Line();
                program.WriteSections(writer);
            }

            program.WriteLayers(writer);
        });
    }
}
