namespace Intaglio.Compiler;

/// <summary>Emits the forward pass of training, and the evaluation that shares it.</summary>
internal static class ForwardEmitter
{
    public static EmittedFile Emit(LoweredModel model, LoweredTraining training)
    {
        var self = model.Spec.Declaration.Name;
        return ModelFile.Write(model.Spec.Declaration, "Forward", ["Intaglio", "Intaglio.Numerics"], "", writer =>
        {
            WriteEntry(writer, $"static void ITrainable<{self}>.Forward<TTarget>(in TTarget on, int batch, int time, float lossScale)", training.Loss, keepsLayers: true);
            writer.Line();
            WriteEntry(writer, $"static void ITrainable<{self}>.Evaluate<TTarget>(in TTarget on, int batch, int time)", training.LossAlone, keepsLayers: false);
            writer.Line();
            WriteHidden(writer, training);
            writer.Line();
            WriteLayer(writer, training);
        });
    }

    private static void WriteEntry(SourceWriter writer, string signature, Launch loss, bool keepsLayers)
    {
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
        writer.Line("// From tokens to the last hidden state.");
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
        writer.Line("// One layer: from its saved hidden state to the next layer's.");
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
