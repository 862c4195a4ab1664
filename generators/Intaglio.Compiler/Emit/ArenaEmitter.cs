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
        writer.Summary("Each buffer of a training step: its formula in bytes, and the steps between which it lives.");
        writer.Line($"static string ITrainable<{self}>.MemoryPlan =>");
        using (writer.Indent())
        {
            writer.Line("\"\"\"");
            writer.Lines(MemoryPlanText.Of(plan));
            writer.Line("\"\"\";");
        }

        writer.Line();
        writer.Summary("Bytes of a training step's activations: max(shared, shared with one chunk of logits), and what each layer keeps.");
        writer.Line($"static long ITrainable<{self}>.TrainingArenaBytes(int rows) => TrainingArena.Bytes(rows, keepsLayers: true);");
        writer.Line();
        writer.Summary("Bytes that live at the moment when most do.");
        writer.Line($"static long ITrainable<{self}>.TrainingArenaLowerBound(int rows) => TrainingArena.LowerBound(rows);");
        writer.Line();
        writer.Summary("Bytes of an evaluation's activations: what is shared, and one layer's values.");
        writer.Line($"static long ITrainable<{self}>.EvaluationArenaBytes(int rows) => TrainingArena.Bytes(rows, keepsLayers: false);");
        writer.Line();
        writer.Summary("Where each activation of a training step lies: rows times the number of bytes given, from the arena's start.");
        using (writer.WriteBlock("private readonly struct TrainingArena(int rows, bool keepsLayers)"))
        {
            WritePlaces(writer, plan, Space.Temporary);
            writer.Line();
            writer.Lines($$"""
                /// <summary>One chunk of logits while the loss is computed, [min(rows, {{Literal.Plain(plan.ChunkRows)}}), {{Literal.Plain(plan.LogitsBytesPerRow / sizeof(float))}}] FP32: above what lives then, over what does not.</summary>
                public Place Logits => At({{Literal.Integer(plan.BytesPerRowBelowLogits)}});

                /// <summary>What the forward pass of a layer keeps for its backward pass; one place for all layers where nothing is kept.</summary>
                public SavedLayer Saved(int layer) => new(rows, TemporaryBytes(rows) + (keepsLayers ? layer * SavedLayer.BytesPerRow * rows : 0));

                /// <summary>The arena's size: what is shared, each layer's saved values, and the last layer's result.</summary>
                public static long Bytes(int rows, bool keepsLayers) =>
                    TemporaryBytes(rows) + (keepsLayers ? ((Layers * SavedLayer.BytesPerRow) + {{Literal.Integer(plan.CarryBytesPerRow)}}) * rows : SavedLayer.BytesPerRow * rows);

                /// <summary>The most that lives at one time.</summary>
                public static long LowerBound(int rows) =>
                    Math.Max({{Literal.Integer(plan.LiveBytesPerRow)}}L * rows, ({{Literal.Integer(plan.LiveBytesPerRowAtLoss)}}L * rows) + LogitsBytes(rows));

                /// <summary>Bytes of what layers share: the larger of all activations and of those that live at the loss with its logits.</summary>
                private static long TemporaryBytes(int rows) =>
                    Math.Max({{Literal.Integer(plan.TemporaryBytesPerRow)}}L * rows, ({{Literal.Integer(plan.BytesPerRowBelowLogits)}}L * rows) + LogitsBytes(rows));

                /// <summary>Bytes of one chunk of logits: a multiple of 64, since rows are a multiple of 16.</summary>
                private static long LogitsBytes(int rows) => {{Literal.Integer(plan.LogitsBytesPerRow)}}L * Math.Min(rows, {{Literal.Integer(plan.ChunkRows)}});

                /// <summary>The place that many bytes for each row from the arena's start.</summary>
                private Place At(long bytesPerRow) => new(Region.Arena, bytesPerRow * rows);
                """);
        }

        writer.Line();
        writer.Summary("What one layer's forward pass keeps for its backward pass, and over it, where it is no longer read, what the backward pass works with.");
        using (writer.WriteBlock("private readonly struct SavedLayer(int rows, long start)"))
        {
            writer.Summary("Bytes for each row from one layer's values to the next layer's.");
            writer.Line($"public const long BytesPerRow = {Literal.Integer(plan.SavedBytesPerRow)};");
            writer.Line();
            WritePlaces(writer, plan, Space.Saved);
            writer.Line();
            writer.Summary("The place that many bytes for each row from the layer's first.");
            writer.Line("private Place At(long bytesPerRow) => new(Region.Arena, start + (bytesPerRow * rows));");
        }
    }

    private static void WriteInference(SourceWriter writer, LoweredInference inference, string self)
    {
        writer.Summary("Bytes of the activations of new tokens.");
        writer.Line($"static long ILanguageModel<{self}>.InferenceArenaBytes(int rows) => {Literal.Integer(inference.Plan.TemporaryBytesPerRow)}L * rows;");
        writer.Line();
        writer.Summary($"Where generation leaves its logits, {inference.Logits.Type} {inference.Logits.Type.Format}.");
        writer.Line($"static Place ILanguageModel<{self}>.Logits(int rows) => new InferenceArena(rows).{inference.Logits.Name};");
        writer.Line();
        writer.Summary("Where each activation of generation lies: rows times the number of bytes given, from the arena's start.");
        using (writer.WriteBlock("private readonly struct InferenceArena(int rows)"))
        {
            WritePlaces(writer, inference.Plan, Space.Temporary);
            writer.Line();
            writer.Summary("The place that many bytes for each row from the arena's start.");
            writer.Line("private Place At(long bytesPerRow) => new(Region.Arena, bytesPerRow * rows);");
        }
    }

    private static void WritePlaces(SourceWriter writer, MemoryPlan plan, Space space) =>
        writer.Separated(plan.In(space), location =>
        {
            writer.Summary($"{plan.FormulaOf(location)}, {location.Type} {location.Type.Format}.");
            writer.Line($"public Place {location.Name} => {Start(location)};");
        });

    // A part of a wider tensor starts some bytes into its first row.
    private static string Start(Location location) =>
        $"At({Literal.Integer(location.BytesPerRow)})" + (location.BytesInRow == 0 ? "" : $" + {Literal.Integer(location.BytesInRow)}");
}
