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

            WriteInference(writer, model, self);
            if (model.Tables.Tables.Count > 0)
            {
                writer.Line();
                WriteTables(writer, model.Tables);
            }
        });
    }

    /// <summary>Makes the arena of training.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="keepsLayers">Whether each layer's values are kept, as C#.</param>
    public static string Training(MemoryPlan plan, string keepsLayers) => $"new TrainingArena({RowsArguments(plan, "input.")}, keepsLayers: {keepsLayers})";

    /// <summary>The numbers of rows that a plan counts in, after what they are members of.</summary>
    public static string RowsArguments(MemoryPlan plan, string of) => string.Join(", ", RowsNames(plan).Select(name => of + (of.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name.Substring(1))));

    private static IEnumerable<string> RowsNames(MemoryPlan plan) => RowsNames(plan.Saved.Select(saved => saved.Bytes).Aggregate(plan.Temporary, (sum, bytes) => sum + bytes));

    private static IEnumerable<string> RowsNames(RowBytes bytes) => bytes.OfSource == 0 ? ["rows"] : bytes.OfRows == 0 ? ["sourceRows"] : ["rows", "sourceRows"];

    private static string RowsParameters(MemoryPlan plan) => Parameters(RowsNames(plan));

    private static string Parameters(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"int {name}"));

    private static void WriteTraining(SourceWriter writer, MemoryPlan plan, string self)
    {
        var (rows, layout) = (RowsArguments(plan, ""), RowsArguments(plan, "layout."));
        writer.Summary("Each buffer of a training step: its formula in bytes, and the steps between which it lives.");
        writer.Line($"static string ITrainable<{self}>.MemoryPlan =>");
        using (writer.Indent())
        {
            writer.Line("\"\"\"");
            writer.Lines(MemoryPlanText.Of(plan));
            writer.Line("\"\"\";");
        }

        writer.Line();
        writer.Summary("Bytes of a training step's activations: what is shared, with one chunk of logits, and what each layer keeps.");
        writer.Line($"static long ITrainable<{self}>.TrainingArenaBytes(in BatchLayout layout) => TrainingArena.Bytes({layout}, keepsLayers: true);");
        writer.Line();
        writer.Summary("Bytes that live at the moment when most do.");
        writer.Line($"static long ITrainable<{self}>.TrainingArenaLowerBound(in BatchLayout layout) => TrainingArena.LowerBound({layout});");
        writer.Line();
        writer.Summary("Bytes of an evaluation's activations: what is shared, and one layer's values.");
        writer.Line($"static long ITrainable<{self}>.EvaluationArenaBytes(in BatchLayout layout) => TrainingArena.Bytes({layout}, keepsLayers: false);");
        writer.Line();

        writer.Summary("Where each activation of a training step lies: rows times the number of bytes given, from the arena's start.");
        using (writer.WriteBlock($"private readonly struct TrainingArena({RowsParameters(plan)}, bool keepsLayers)"))
        {
            WritePlaces(writer, plan, Space.Temporary);
            writer.Line();
            if (plan.ChunkRows > 0)
            {
                writer.Summary($"One chunk of logits while the loss is computed, [min(rows, {Literal.Plain(plan.ChunkRows)}), {Literal.Plain(plan.LogitsBytesPerRow / sizeof(float))}] FP32: above what lives then, over what does not.");
                writer.Line($"public Place Logits => At({Literal.Integer(plan.BytesPerRowBelowLogits)});");
                writer.Line();
            }

            var before = $"TemporaryBytes({rows})";
            foreach (var saved in plan.Saved)
            {
                writer.Summary($"What the forward pass of a layer{OfStack(saved)} keeps for its backward pass; one place for all layers where nothing is kept.");
                writer.Line($"public Saved{saved.Stack}Layer Saved{saved.Stack}(int layer) => new({RowsOf(saved)}, {before} + (keepsLayers ? layer * Saved{saved.Stack}Layer.Bytes({RowsOf(saved)}) : 0));");
                writer.Line();
                before += $" + {Kept(saved)}";
            }

            writer.Summary("The arena's size: what is shared, each layer's saved values, and the last layers' results.");
            writer.Line($"public static long Bytes({RowsParameters(plan)}, bool keepsLayers) =>");
            writer.Line($"    {before};");
            writer.Line();
            writer.Summary("The most that lives at one time.");
            writer.Line($"public static long LowerBound({RowsParameters(plan)}) =>");
            writer.Line($"    {plan.Live.Select(Bytes).Aggregate(AtLoss(plan), (sofar, bytes) => $"Math.Max({bytes}, {sofar})")};");
            writer.Line();
            writer.Summary("Bytes of what layers share: the larger of all activations and of those that live at the loss with its logits.");
            writer.Line($"private static long TemporaryBytes({RowsParameters(plan)}) =>");
            var ofSource = plan.Temporary.OfSource == 0 ? "" : $" + ({Literal.Integer(plan.Temporary.OfSource)}L * sourceRows)";
            writer.Line(plan.ChunkRows == 0
                ? $"    {Bytes(plan.Temporary)};"
                : $"    Math.Max({Bytes(plan.Temporary with { OfSource = 0 })}, ({Bytes(new(plan.BytesPerRowBelowLogits, 0))}) + LogitsBytes(rows)){ofSource};");
            writer.Line();
            if (plan.ChunkRows > 0)
            {
                writer.Summary("Bytes of one chunk of logits: a multiple of 64, since rows are a multiple of 16.");
                writer.Line($"private static long LogitsBytes(int rows) => {Literal.Integer(plan.LogitsBytesPerRow)}L * Math.Min(rows, {Literal.Integer(plan.ChunkRows)});");
                writer.Line();
            }

            WriteAt(writer, plan, $"TemporaryBytes({rows}) - ({Literal.Integer(plan.Temporary.OfSource)}L * sourceRows)");
        }

        foreach (var saved in plan.Saved)
        {
            writer.Line();
            writer.Summary($"What one layer's forward pass{OfStack(saved)} keeps for its backward pass, and over it, where it is no longer read, what the backward pass works with.");
            using (writer.WriteBlock($"private readonly struct Saved{saved.Stack}Layer({Parameters(RowsNames(saved.Bytes))}, long start)"))
            {
                writer.Summary("Bytes from one layer's values to the next layer's.");
                writer.Line($"public static long Bytes({Parameters(RowsNames(saved.Bytes))}) => {Bytes(saved.Bytes)};");
                writer.Line();
                WritePlaces(writer, plan, Space.Saved, saved.Stack);
                if (saved.Bytes.OfRows > 0)
                {
                    writer.Line();
                    writer.Summary("The place that many bytes for each row from the layer's first.");
                    writer.Line("private Place At(long bytesPerRow) => new(Region.Arena, start + (bytesPerRow * rows));");
                }

                if (saved.Bytes.OfSource > 0)
                {
                    writer.Line();
                    writer.Summary("The place that many bytes for each row of the source from the layer's first of them.");
                    writer.Line($"private Place AtSource(long bytesPerRow) => new(Region.Arena, start + {(saved.Bytes.OfRows == 0 ? "" : $"({Bytes(saved.Bytes with { OfSource = 0 })}) + ")}(bytesPerRow * sourceRows));");
                }
            }
        }
    }

    private static string OfStack(SavedLayers saved) => saved.Stack.Length == 0 ? "" : $" of the {Names.Camel(saved.Stack)}";

    private static string RowsOf(SavedLayers saved) => string.Join(", ", RowsNames(saved.Bytes));

    private static string Kept(SavedLayers saved) =>
        $"(keepsLayers ? ({saved.Stack}Layers * Saved{saved.Stack}Layer.Bytes({RowsOf(saved)})) + ({Bytes(saved.Carry)}) : Saved{saved.Stack}Layer.Bytes({RowsOf(saved)}))";

    private static string AtLoss(MemoryPlan plan) => plan.ChunkRows == 0 ? Bytes(plan.LiveAtLoss) : $"({Bytes(plan.LiveAtLoss)}) + LogitsBytes(rows)";

    private static string Bytes(RowBytes bytes) => (bytes.OfRows, bytes.OfSource) switch
    {
        (0, 0) => "0L",
        (_, 0) => $"{Literal.Integer(bytes.OfRows)}L * rows",
        (0, _) => $"{Literal.Integer(bytes.OfSource)}L * sourceRows",
        _ => $"({Literal.Integer(bytes.OfRows)}L * rows) + ({Literal.Integer(bytes.OfSource)}L * sourceRows)",
    };

    private static void WriteInference(SourceWriter writer, LoweredModel model, string self)
    {
        var plan = model.Inference.Plan;
        if (model.Spec.Generates)
        {
            writer.Summary("Bytes of the activations of new tokens.");
            writer.Line($"static long ILanguageModel<{self}>.InferenceArenaBytes(int rows) => {Bytes(plan.Temporary)};");
            writer.Line();
            writer.Summary($"Where generation leaves its logits, {model.Inference.Result!.Type} {model.Inference.Result.Type.Format}.");
            writer.Line($"static Place ILanguageModel<{self}>.Logits(int rows) => new InferenceArena(rows).{model.Inference.Result.Name};");
        }
        else
        {
            writer.Summary("Bytes of the activations of whole sequences.");
            writer.Line($"static long IEncoder<{self}>.EncodingArenaBytes(in BatchLayout layout) => InferenceArena.Bytes({RowsArguments(plan, "layout.")});");
            writer.Line();
            writer.Summary($"Where the result is left, {model.Inference.Result!.Type} {model.Inference.Result.Type.Format}.");
            writer.Line($"static Place IEncoder<{self}>.Result(in BatchLayout layout) => new InferenceArena({RowsArguments(plan, "layout.")}).{model.Inference.Result.Name};");
        }

        writer.Line();
        WriteArena(writer, plan, "InferenceArena", model.Spec.Generates ? "Where each activation of generation lies" : "Where each activation lies", hasBytes: !model.Spec.Generates);
        if (model.Encoding is not { } encoding)
            return;

        writer.Line();
        writer.Summary("Bytes of the activations of sources.");
        writer.Line($"static long ISequenceToSequence<{self}>.SourceArenaBytes(in BatchLayout layout) => SourceArena.Bytes({RowsArguments(encoding.Plan, "layout.")});");
        writer.Line();
        WriteArena(writer, encoding.Plan, "SourceArena", "Where each activation of a source lies", hasBytes: true);
    }

    private static void WriteArena(SourceWriter writer, MemoryPlan plan, string name, string what, bool hasBytes)
    {
        writer.Summary($"{what}: rows times the number of bytes given, from the arena's start.");
        using (writer.WriteBlock($"private readonly struct {name}({RowsParameters(plan)})"))
        {
            WritePlaces(writer, plan, Space.Temporary);
            writer.Line();
            if (hasBytes)
            {
                writer.Summary("The arena's size.");
                writer.Line($"public static long Bytes({RowsParameters(plan)}) => {Bytes(plan.Temporary)};");
                writer.Line();
            }

            WriteAt(writer, plan, $"({Bytes(plan.Temporary with { OfSource = 0 })})");
        }
    }

    // Values with a row for each of the source's lie behind the others.
    private static void WriteAt(SourceWriter writer, MemoryPlan plan, string sourceStart)
    {
        if (plan.Temporary.OfRows > 0)
        {
            writer.Summary("The place that many bytes for each row from the arena's start.");
            writer.Line("private Place At(long bytesPerRow) => new(Region.Arena, bytesPerRow * rows);");
        }

        if (plan.Temporary.OfSource == 0)
            return;

        if (plan.Temporary.OfRows > 0)
            writer.Line();

        writer.Summary("The place that many bytes for each row of the source from the first of them.");
        writer.Line($"private Place AtSource(long bytesPerRow) => new(Region.Arena, {(plan.Temporary.OfRows == 0 ? "" : $"{sourceStart} + ")}(bytesPerRow * sourceRows));");
    }

    private static void WriteTables(SourceWriter writer, TableLayout layout)
    {
        writer.Summary("Where the tables lie that the host makes once.");
        using (writer.WriteBlock("private static class Tables"))
        {
            writer.Separated(layout.Tables, table =>
            {
                writer.Summary(table.Summary);
                writer.Line($"public static Place {table.Name} => new(Region.Tables, {Literal.Integer(table.Offset)});");
            });
        }
    }

    private static void WritePlaces(SourceWriter writer, MemoryPlan plan, Space space, string stack = "") =>
        writer.Separated(plan.In(space, stack), location =>
        {
            writer.Summary($"{plan.FormulaOf(location)}, {location.Type} {location.Type.Format}.");
            writer.Line($"public Place {location.Name} => {Start(location)};");
        });

    // A part of a wider tensor starts some bytes into its first row.
    private static string Start(Location location) =>
        $"At{(location.IsOfSource ? "Source" : "")}({Literal.Integer(location.BytesPerRow)})" + (location.BytesInRow == 0 ? "" : $" + {Literal.Integer(location.BytesInRow)}");
}
