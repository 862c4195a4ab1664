namespace Intaglio.Compiler;

/// <summary>Emits the backward pass: the forward file block by block, in reverse.</summary>
internal static class BackwardEmitter
{
    public static EmittedFile Emit(LoweredModel model, LoweredTraining training)
    {
        var self = model.Spec.Declaration.Name;
        return ModelFile.Write(model.Spec.Declaration, "Backward", ["Intaglio", "Intaglio.Numerics"], "", writer =>
        {
            var outside = training.BackwardBeforeLayers.Concat(training.BackwardAfterLayers).ToList();
            writer.Summary($"The backward pass of a training step, from the gradient of the last hidden state, {training.Hidden}, to the gradients of all parameters, to which it adds: the forward pass in reverse.");
            using (writer.WriteBlock($"static void ITrainable<{self}>.Backward<TTarget>(in TTarget on, int batch, int time)"))
            {
                writer.Line("var rows = batch * time;");
                writer.Line("var input = new BatchLayout(BatchLayout.RowsFor(batch, time));");
                writer.Line("var at = new TrainingArena(input.Rows, keepsLayers: true);");
                foreach (var (name, value) in Locals.Parameters)
                    writer.Line($"var {name} = {value};");

                writer.Line();
                LaunchWriter.Write(writer, training.BackwardBeforeLayers);
                writer.Line();
                writer.Line("for (var layer = Layers - 1; layer >= 0; layer--)");
                writer.Line($"    BackwardLayer(on, at, {(LaunchWriter.ReadsInput(training.BackwardLayer) ? "input, " : "")}weights.Layer(layer), gradients.Layer(layer), layer, batch, time);");
                writer.Line();
                LaunchWriter.Write(writer, training.BackwardAfterLayers);
            }

            writer.Line();
            writer.Summary($"One layer in reverse: from the gradient of its result to that of its hidden state, both {training.Hidden}, adding to the gradients of its parameters.");
            writer.Line($"private static void BackwardLayer<TTarget>(in TTarget on, in TrainingArena at, {(LaunchWriter.ReadsInput(training.BackwardLayer) ? "in BatchLayout input, " : "")}in LayerParameters weights, in LayerParameters gradients, int layer, int batch, int time)");
            using (writer.WriteBlock("    where TTarget : struct, ITarget"))
            {
                writer.Line("var rows = batch * time;");
                writer.Line("var saved = at.Saved(layer);");
                writer.Line();
                LaunchWriter.Write(writer, training.BackwardLayer);
            }
        });
    }
}
