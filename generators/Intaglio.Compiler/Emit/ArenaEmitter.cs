namespace Intaglio.Compiler;

/// <summary>Emits the memory plans: where each activation lies, as rows times a constant.</summary>
internal static class ArenaEmitter
{
    public static EmittedFile Emit(LoweredModel model)
    {
        var self = model.Spec.Declaration.Name;
        return ModelFile.Write(model.Spec.Declaration, "Arena", model.Training is null ? ["Intaglio", "Intaglio.Numerics"] : ["System", "Intaglio", "Intaglio.Numerics"], "", writer =>
        {
            if (model.Training is { } training)
            {
                WriteTraining(writer, training.Plan, self);
                writer.Line();
            }

            WriteInference(writer, model.Inference, self);
        });
    }

    private static void WriteTraining(SourceWriter writer, MemoryPlan plan, string self)
    {
        writer.Line($"static string ITrainable<{self}>.MemoryPlan =>");
        using (writer.Indent())
        {
            writer.Line("\"\"\"");
            writer.Lines(MemoryPlanText.Of(plan));
            writer.Line("\"\"\";");
        }

        writer.Line();
        writer.Line($"static long ITrainable<{self}>.TrainingArenaBytes(int rows) => TrainingArena.Bytes(rows, keepsLayers: true);");
        writer.Line();
        writer.Line($"static long ITrainable<{self}>.TrainingArenaLowerBound(int rows) => TrainingArena.LowerBound(rows);");
        writer.Line();
        writer.Line($"static long ITrainable<{self}>.EvaluationArenaBytes(int rows) => TrainingArena.Bytes(rows, keepsLayers: false);");
        writer.Line();
        writer.Summary("Where each activation of a training step lies: rows times the number of bytes given, from the arena's start.");
        using (writer.WriteBlock("private readonly struct TrainingArena(int rows, bool keepsLayers)"))
        {
            WritePlaces(writer, plan, Space.Temporary);
            writer.Line();
            writer.Lines($$"""
                // One chunk of logits, while the loss is computed: above what lives then, over what does not.
                public Place Logits => At({{Literal.Integer(plan.BytesPerRowBelowLogits)}});

                /// <summary>What the forward pass of a layer keeps for its backward pass; one place for all layers where nothing is kept.</summary>
                public SavedLayer Saved(int layer) => new(rows, TemporaryBytes(rows) + (keepsLayers ? layer * SavedLayer.BytesPerRow * rows : 0));

                /// <summary>The arena's size: what is shared, each layer's saved values, and the last layer's result.</summary>
                public static long Bytes(int rows, bool keepsLayers) =>
                    TemporaryBytes(rows) + (keepsLayers ? ((Layers * SavedLayer.BytesPerRow) + {{Literal.Integer(plan.CarryBytesPerRow)}}) * rows : SavedLayer.BytesPerRow * rows);

                /// <summary>The most that lives at one time.</summary>
                public static long LowerBound(int rows) =>
                    Math.Max({{Literal.Integer(plan.LiveBytesPerRow)}}L * rows, ({{Literal.Integer(plan.LiveBytesPerRowAtLoss)}}L * rows) + LogitsBytes(rows));

                private static long TemporaryBytes(int rows) =>
                    Math.Max({{Literal.Integer(plan.TemporaryBytesPerRow)}}L * rows, ({{Literal.Integer(plan.BytesPerRowBelowLogits)}}L * rows) + LogitsBytes(rows));

                // A multiple of 64 bytes, since rows are a multiple of 16.
                private static long LogitsBytes(int rows) => {{Literal.Integer(plan.LogitsBytesPerRow)}}L * Math.Min(rows, {{Literal.Integer(plan.ChunkRows)}});

                private Place At(long bytesPerRow) => new(Region.Arena, bytesPerRow * rows);
                """);
        }

        writer.Line();
        writer.Summary("What one layer's forward pass keeps for its backward pass, and over it, where it is no longer read, what the backward pass works with.");
        using (writer.WriteBlock("private readonly struct SavedLayer(int rows, long start)"))
        {
            writer.Line($"public const long BytesPerRow = {Literal.Integer(plan.SavedBytesPerRow)};");
            writer.Line();
            WritePlaces(writer, plan, Space.Saved);
            writer.Line();
            writer.Line("private Place At(long bytesPerRow) => new(Region.Arena, start + (bytesPerRow * rows));");
        }
    }

    private static void WriteInference(SourceWriter writer, LoweredInference inference, string self)
    {
        writer.Line($"static long ILanguageModel<{self}>.InferenceArenaBytes(int rows) => {Literal.Integer(inference.Plan.TemporaryBytesPerRow)}L * rows;");
        writer.Line();
        writer.Line($"static Place ILanguageModel<{self}>.Logits(int rows) => new InferenceArena(rows).{inference.LogitsName};");
        writer.Line();
        writer.Summary("Where each activation of generation lies: rows times the number of bytes given, from the arena's start.");
        using (writer.WriteBlock("private readonly struct InferenceArena(int rows)"))
        {
            WritePlaces(writer, inference.Plan, Space.Temporary);
            writer.Line();
            writer.Line("private Place At(long bytesPerRow) => new(Region.Arena, bytesPerRow * rows);");
        }
    }

    private static void WritePlaces(SourceWriter writer, MemoryPlan plan, Space space) =>
        writer.Separated(plan.In(space), location => writer.Line($"{$"public Place {location.Name} => {Start(location)};",-64} // {location.Type}"));

    // A part of a wider tensor starts some bytes into its first row.
    private static string Start(Location location) =>
        $"At({Literal.Integer(location.BytesPerRow)})" + (location.BytesInRow == 0 ? "" : $" + {Literal.Integer(location.BytesInRow)}");
}
