namespace Intaglio.Compiler;

/// <summary>Emits generation: new tokens in, logits out, keys and values cached.</summary>
internal static class InferenceEmitter
{
    public static EmittedFile Emit(LoweredModel model)
    {
        var (self, inference) = (model.Spec.Declaration.Name, model.Inference);
        return ModelFile.Write(model.Spec.Declaration, "Inference", ["Intaglio", "Intaglio.Numerics"], "", writer =>
        {
            writer.Summary($"New tokens, [rows], to the logits of those that are wanted, {inference.Logits.Type}; keys and values go to the cache.");
            using (writer.WriteBlock($"static void ILanguageModel<{self}>.Infer<TTarget>(in TTarget on, int rows, int paddedRows, int outputs, int slots, int capacity)"))
            {
                writer.Line("var input = new BatchLayout(paddedRows);");
                writer.Line("var at = new InferenceArena(paddedRows);");
                writer.Line($"var weights = new ModelParameters(Region.Weights, {Structs.Storage(model.Spec.Format)}.Bytes);");
                writer.Line("var cacheBytesPerLayer = (long)slots * capacity * Described.CacheBytesPerTokenAndLayer;");
                writer.Line();
                LaunchWriter.Write(writer, inference.BeforeLayers);
                writer.Line();
                writer.Line("for (var layer = 0; layer < Layers; layer++)");
                writer.Line("    InferLayer(on, at, input, weights.Layer(layer), new Place(Region.Cache, layer * cacheBytesPerLayer), rows, capacity);");
                writer.Line();
                LaunchWriter.Write(writer, inference.AfterLayers);
            }

            writer.Line();
            writer.Summary($"One layer: the hidden state of the new tokens, {inference.Hidden}, in place.");
            writer.Line("private static void InferLayer<TTarget>(in TTarget on, in InferenceArena at, in BatchLayout input, in LayerParameters weights, Place cache, int rows, int capacity)");
            using (writer.WriteBlock("    where TTarget : struct, ITarget"))
                LaunchWriter.Write(writer, inference.Layer);
        });
    }
}
