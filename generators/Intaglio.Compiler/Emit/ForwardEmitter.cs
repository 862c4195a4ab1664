namespace Intaglio.Compiler;

/// <summary>Emits the forward pass of training, and the evaluation that shares it.</summary>
internal static class ForwardEmitter
{
    public static EmittedFile Emit(LoweredModel model, LoweredTraining training)
    {
        var self = model.Spec.Declaration.Name;
        return ModelFile.Write(model.Spec.Declaration, "Forward", ["Intaglio", "Intaglio.Numerics"], "", writer =>
        {
            WriteEntry(writer, "The forward pass of a training step", $"static void ITrainable<{self}>.Forward<TTarget>(in TTarget on, int batch, int time, float lossScale)", training.Loss, keepsLayers: true);
            writer.Line();
            WriteEntry(writer, "The losses alone", $"static void ITrainable<{self}>.Evaluate<TTarget>(in TTarget on, int batch, int time)", training.LossAlone, keepsLayers: false);
            writer.Line();
            WriteHidden(writer, training);
            writer.Line();
            WriteLayer(writer, training);
        });
    }

    private static void WriteEntry(SourceWriter writer, string what, string signature, Launch loss, bool keepsLayers)
    {
        writer.Summary($"{what}, from tokens, [batch, time], to {loss.Comment}, {loss.Result}.");
        using (writer.WriteBlock(signature))
        {
            writer.Line("var rows = batch * time;");
            writer.Line("var input = new BatchLayout(BatchLayout.RowsFor(batch, time));");
            writer.Line($"var at = new TrainingArena(input.Rows, keepsLayers: {(keepsLayers ? "true" : "false")});");
            LaunchWriter.WriteLocals(writer, [loss], Locals.Parameters);
            writer.Line();
            writer.Line("ForwardHidden(on, at, input, batch, time);");
            writer.Line();
            LaunchWriter.Write(writer, loss);
        }
    }

    private static void WriteHidden(SourceWriter writer, LoweredTraining training)
    {
        writer.Summary($"From tokens, [batch, time], to the last hidden state, {training.Hidden}.");
        writer.Line("private static void ForwardHidden<TTarget>(in TTarget on, in TrainingArena at, in BatchLayout input, int batch, int time)");
        using (writer.WriteBlock("    where TTarget : struct, ITarget"))
        {
            writer.Line("var rows = batch * time;");
            writer.Line("var weights = new ModelParameters(Region.Weights, Float32.Bytes);");
            writer.Line();
            LaunchWriter.Write(writer, training.BeforeLayers);
            writer.Line();
            writer.Line("for (var layer = 0; layer < Layers; layer++)");
            writer.Line($"    ForwardLayer(on, at, {(LaunchWriter.ReadsInput(training.Layer) ? "input, " : "")}weights.Layer(layer), layer, batch, time);");
            writer.Line();
            LaunchWriter.Write(writer, training.AfterLayers);
        }
    }

    private static void WriteLayer(SourceWriter writer, LoweredTraining training)
    {
        writer.Summary($"One layer: from its saved hidden state to the next layer's, both {training.Hidden}.");
        writer.Line($"private static void ForwardLayer<TTarget>(in TTarget on, in TrainingArena at, {(LaunchWriter.ReadsInput(training.Layer) ? "in BatchLayout input, " : "")}in LayerParameters weights, int layer, int batch, int time)");
        using (writer.WriteBlock("    where TTarget : struct, ITarget"))
        {
            writer.Line("var rows = batch * time;");
            LaunchWriter.WriteLocals(writer, training.Layer, ("saved", "at.Saved(layer)"), ("next", "at.Saved(layer + 1)"));
            writer.Line();
            LaunchWriter.Write(writer, training.Layer);
        }
    }
}
