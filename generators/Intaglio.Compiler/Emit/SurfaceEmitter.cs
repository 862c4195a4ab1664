namespace Intaglio.Compiler;

/// <summary>Emits what a user of the model sees: its sizes, and how to make one.</summary>
internal static class SurfaceEmitter
{
    private static readonly string[] Usings = ["Intaglio", "Intaglio.Numerics"];

    public static EmittedFile Emit(LoweredModel model)
    {
        var (spec, name) = (model.Spec, model.Spec.Declaration.Name);
        return ModelFile.Write(spec.Declaration, "", Usings, Bases(name, spec.Trains), writer =>
        {
            WriteConstants(writer, model);
            writer.Line();
            WriteDescription(writer, model);
            writer.Line();
            WriteFactories(writer, name, isValid: true);
        });
    }

    /// <summary>The same members for an invalid declaration: they throw, and the declaration's own diagnostics say why.</summary>
    public static EmittedFile EmitInvalid(DeclarationSpec declaration, bool trains) =>
        ModelFile.Write(declaration, "", Usings, Bases(declaration.Name, trains), writer =>
        {
            const string Unknown = "Unknown until the declaration's errors are mended.";
            var (name, self) = (declaration.Name, $"ILanguageModel<{declaration.Name}>");
            foreach (var constant in new[] { "HiddenSize", "ContextLength", "VocabularySize", "Layers", "Heads", "KeyValueHeads", "HeadSize" })
                Write($"public const int {constant} = 0;");

            Write("public const long ParameterCount = 0;");
            Write($"static ModelDescription {self}.Description => throw Invalid();");
            WriteFactories(writer, name, isValid: false);
            writer.Line();
            Write($"static long {self}.InferenceArenaBytes(int rows) => throw Invalid();");
            Write($"static Place {self}.Logits(int rows) => throw Invalid();");
            Write($"static void {self}.Infer<TTarget>(in TTarget on, int rows, int paddedRows, int outputs, int slots, int capacity) => throw Invalid();");
            if (trains)
            {
                var training = $"ITrainable<{name}>";
                Write($"static string {training}.MemoryPlan => throw Invalid();");
                foreach (var member in new[] { "TrainingArenaBytes", "TrainingArenaLowerBound", "EvaluationArenaBytes" })
                    Write($"static long {training}.{member}(int rows) => throw Invalid();");

                Write($"static void {training}.Forward<TTarget>(in TTarget on, int batch, int time, float lossScale) => throw Invalid();");
                Write($"static void {training}.Backward<TTarget>(in TTarget on, int batch, int time) => throw Invalid();");
                Write($"static void {training}.Evaluate<TTarget>(in TTarget on, int batch, int time) => throw Invalid();");
            }

            writer.Summary("What the members throw.");
            writer.Line($"private static System.InvalidOperationException Invalid() => new(\"The declaration of {name} has errors.\");");

            void Write(string member)
            {
                writer.Summary(Unknown);
                writer.Line(member);
                writer.Line();
            }
        });

    private static string Bases(string name, bool trains) => $" : LanguageModel, {(trains ? "ITrainable" : "ILanguageModel")}<{name}>";

    private static void WriteConstants(SourceWriter writer, LoweredModel model)
    {
        var spec = model.Spec;
        (string Name, long Value, string Summary)[] constants =
        [
            ("HiddenSize", spec.HiddenSize, "Width of the residual stream, [rows, HiddenSize], in columns."),
            ("ContextLength", spec.ContextLength, "The longest sequence, in tokens."),
            ("VocabularySize", spec.VocabularySize, "How many different tokens there are: the width of the logits, [rows, VocabularySize]."),
            ("Layers", spec.Layers, "Layers of the decoder."),
            ("Heads", spec.Attention.Heads, "Attention heads of the queries."),
            ("KeyValueHeads", spec.Attention.KeyValueHeads, "Attention heads of keys and values."),
            ("HeadSize", spec.Attention.HeadSize, "Width of an attention head, in columns."),
            ("ParameterCount", model.Parameters.Count, "Trained values, a tied one counted once."),
        ];
        writer.Separated(constants, constant =>
        {
            writer.Summary(constant.Summary);
            writer.Line($"public const {(constant.Name == "ParameterCount" ? "long" : "int")} {constant.Name} = {Literal.Integer(constant.Value)};");
        });
    }

    private static void WriteDescription(SourceWriter writer, LoweredModel model)
    {
        var spec = model.Spec;
        var family = Family.Of(spec);
        writer.Summary("What the runtime knows of the model: sizes, parameters, checkpoint names and GPU entry points.");
        writer.Line($"static ModelDescription ILanguageModel<{spec.Declaration.Name}>.Description => Described;");
        writer.Line();
        writer.Summary("The description, made once.");
        writer.Line("private static ModelDescription Described { get; } = new()");
        writer.Line("{");
        using (writer.Indent())
        {
            writer.Line($"Name = \"{spec.Declaration.Name}\",");
            writer.Line("VocabularySize = VocabularySize,");
            writer.Line("ContextLength = ContextLength,");
            writer.Line("Layers = Layers,");
            writer.Line("CacheBytesPerTokenAndLayer = 2 * KeyValueHeads * HeadSize * sizeof(float),");
            if (spec.PositionEncoding.Kind == PositionEncodingKind.Rotary)
                writer.Line($"Rotary = new(HeadSize, {Value(spec.PositionEncoding.RotaryTheta)}),");

            writer.Line($"Format = NumberFormat.{spec.Format},");
            writer.Line("Parameters = Parameters.Table,");
            writer.Line("Configuration =");
            writer.Line("[");
            using (writer.Indent())
            {
                foreach (var key in family.Configuration(spec))
                    writer.Line($"new(\"{key.Key}\", {Value(key.Value)}, IsFact: {Value(key.IsFact)}{(key.Default is null ? "" : ", Default: " + Value(key.Default))}),");
            }

            writer.Line("],");
            writer.Line($"CheckpointPrefix = \"{family.Prefix}\",");
            writer.Line($"IgnoredTensors = [{string.Join(", ", family.IgnoredTensors(spec).Select(name => $"\"{name}\""))}],");
            writer.Line("Kernels = typeof(Kernels),");
        }

        writer.Line("};");
    }

    private static void WriteFactories(SourceWriter writer, string name, bool isValid)
    {
        writer.Summary("A model without weights yet.");
        writer.Line($"private {name}(Device device)");
        writer.Line($"    : base(device, {(isValid ? "Described" : "null!")})");
        writer.Line("{");
        writer.Line("}");
        writer.Line();
        writer.Summary("A model with random weights: the same for the same seed on every device.");
        writer.Line("/// <param name=\"device\">Where it lies and computes.</param>");
        writer.Line("/// <param name=\"seed\">Decides the weights.</param>");
        WriteFactory(writer, name, "Create(Device device, ulong seed = 0)", isValid ? "model.Initialize(seed);" : null);
        writer.Line();
        writer.Summary("A model with the weights of a checkpoint directory: model.safetensors and config.json.");
        writer.Line("/// <param name=\"directory\">As transformers or <c>Save</c> wrote it.</param>");
        writer.Line("/// <param name=\"device\">Where it lies and computes.</param>");
        writer.Line("/// <exception cref=\"CheckpointException\">A file is damaged, or belongs to another model.</exception>");
        WriteFactory(writer, name, "Load(string directory, Device device)", isValid ? "model.Read(directory);" : null);
    }

    private static void WriteFactory(SourceWriter writer, string name, string signature, string? fill)
    {
        if (fill is null)
        {
            writer.Line($"public static {name} {signature} => throw Invalid();");
            return;
        }

        using (writer.WriteBlock($"public static {name} {signature}"))
        {
            writer.Line($"var model = new {name}(device);");
            writer.Line(fill);
            writer.Line("return model;");
        }
    }

    private static string Value(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        int number => Literal.Plain(number),
        float number => Value((double)(decimal)number),
        double number => Literal.Double(number),
        string[] texts => $"new[] {{ {string.Join(", ", texts.Select(text => $"\"{text}\""))} }}",
        _ => throw new InvalidOperationException($"{value} has no literal."),
    };
}
