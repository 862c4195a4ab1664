namespace Intaglio.Compiler;

/// <summary>Emits what a user of the model sees: its sizes, and how to make one.</summary>
internal static class SurfaceEmitter
{
    private static readonly string[] Usings = ["Intaglio", "Intaglio.Numerics"];

    // Of the contracts of models, as an invalid declaration has them.
    private static readonly (string Type, string Interface, string Signature)[] EncoderMembers =
    [
        ("long", "IEncoder", "EncodingArenaBytes(in BatchLayout layout)"),
        ("Place", "IEncoder", "Result(in BatchLayout layout)"),
        ("void", "IEncoder", "Encode<TTarget>(in TTarget on, BatchShape shape)"),
    ];

    private static readonly (string Type, string Interface, string Signature)[] GeneratingMembers =
    [
        ("long", "ILanguageModel", "InferenceArenaBytes(int rows)"),
        ("Place", "ILanguageModel", "Logits(int rows)"),
        ("void", "ILanguageModel", "Infer<TTarget>(in TTarget on, int rows, int paddedRows, int outputs, in CacheLayout cache)"),
    ];

    private static readonly (string Type, string Interface, string Signature)[] SourceMembers =
    [
        ("long", "ISequenceToSequence", "SourceArenaBytes(in BatchLayout layout)"),
        ("void", "ISequenceToSequence", "EncodeSource<TTarget>(in TTarget on, BatchShape shape, in CacheLayout cache)"),
    ];

    private static readonly (string Type, string Interface, string Signature)[] TrainingMembers =
    [
        ("string", "ITrainable", "MemoryPlan"),
        ("long", "ITrainable", "TrainingArenaBytes(in BatchLayout layout)"),
        ("long", "ITrainable", "TrainingArenaLowerBound(in BatchLayout layout)"),
        ("long", "ITrainable", "EvaluationArenaBytes(in BatchLayout layout)"),
        ("void", "ITrainable", "Forward<TTarget>(in TTarget on, BatchShape shape, float lossScale)"),
        ("void", "ITrainable", "Backward<TTarget>(in TTarget on, BatchShape shape)"),
        ("void", "ITrainable", "Evaluate<TTarget>(in TTarget on, BatchShape shape)"),
    ];

    public static EmittedFile Emit(LoweredModel model)
    {
        var (spec, name) = (model.Spec, model.Spec.Declaration.Name);
        var hasPairs = Family.Of(spec).Configuration(spec).Any(key => key.Value is KeyValueList);
        return ModelFile.Write(spec.Declaration, "", hasPairs ? ["System.Collections.Generic", .. Usings] : Usings, Bases(name, spec.Kind, spec.Trains), writer =>
        {
            WriteConstants(writer, model);
            writer.Line();
            WriteDescription(writer, model);
            writer.Line();
            WriteFactories(writer, name, isValid: true);
        });
    }

    /// <summary>The same members for an invalid declaration: they throw, and the declaration's own diagnostics say why.</summary>
    public static EmittedFile EmitInvalid(DeclarationSpec declaration, ModelKind kind, bool trains) => ModelFile.Write(declaration, "", Usings, Bases(declaration.Name, kind, trains), writer =>
    {
        var name = declaration.Name;
        foreach (var constant in new[] { "HiddenSize", "ContextLength", "VocabularySize", "Layers", "Heads", "KeyValueHeads", "HeadSize" })
            Write($"public const int {constant} = 0;");

        Write("public const long ParameterCount = 0;");
        Write($"static ModelDescription IModel<{name}>.Description => throw Invalid();");
        WriteFactories(writer, name, isValid: false);
        writer.Line();
        foreach (var member in kind == ModelKind.Encoder ? EncoderMembers : kind == ModelKind.SequenceToSequence ? [.. GeneratingMembers, .. SourceMembers] : GeneratingMembers)
            Write($"static {member.Type} {member.Interface}<{name}>.{member.Signature} => throw Invalid();");

        foreach (var member in trains ? TrainingMembers : [])
            Write($"static {member.Type} {member.Interface}<{name}>.{member.Signature} => throw Invalid();");

        writer.Summary("What the members throw.");
        writer.Line($"private static System.InvalidOperationException Invalid() => new(\"The declaration of {name} has errors.\");");

        void Write(string member)
        {
            writer.Summary("Unknown until the declaration's errors are mended.");
            writer.Line(member);
            writer.Line();
        }
    });

    private static string Bases(string name, ModelKind kind, bool trains)
    {
        var contract = kind switch { ModelKind.Encoder => "IEncoder", ModelKind.SequenceToSequence => "ISequenceToSequence", _ => "ILanguageModel" };
        return $" : LanguageModel, {contract}<{name}>{(trains ? $", ITrainable<{name}>" : "")}";
    }

    private static void WriteConstants(SourceWriter writer, LoweredModel model)
    {
        writer.Separated(ModelFact.Of(model.Spec, model.Parameters), fact =>
        {
            writer.Summary(fact.Summary);
            writer.Line($"public const {(IsCount(fact) ? "long" : "int")} {fact.Name} = {Literal.Integer(fact.Value)};");
        });
    }

    // Of values, operations and bytes, which are more than an int holds.
    private static bool IsCount(ModelFact fact) => fact.Name.Contains("ParameterCount") || fact.Name.Contains("PerToken");

    private static void WriteDescription(SourceWriter writer, LoweredModel model)
    {
        var spec = model.Spec;
        var family = Family.Of(spec);
        writer.Summary("What the runtime knows of the model: sizes, parameters, checkpoint names and GPU entry points.");
        writer.Line($"static ModelDescription IModel<{spec.Declaration.Name}>.Description => Described;");
        writer.Line();
        writer.Summary("The description, made once.");
        writer.Line("private static ModelDescription Described { get; } = new()");
        writer.Line("{");
        using (writer.Indent())
        {
            writer.Line($"Name = \"{spec.Declaration.Name}\",");
            writer.Line("VocabularySize = VocabularySize,");
            writer.Line("ContextLength = ContextLength,");
            writer.Line($"Layers = {(spec.IsEncoderDecoder ? "Decoder" : "")}Layers,");
            if (spec.Generates)
                writer.Line("CacheBytesPerTokenAndLayer = 2 * KeyValueHeads * HeadSize * sizeof(float),");

            if (spec.Decoder?.CrossAttention is { } cross)
                writer.Line($"SourceBytesPerTokenAndLayer = {Literal.Plain(ModelFact.CacheBytesPerTokenAndLayer(cross))},");

            WriteInputs(writer, spec);
            WriteTables(writer, model);
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
            if (spec.Head is SentenceEmbeddingHeadSpec)
                writer.Line("IsBaseModel = true,");

            writer.Line($"UnprefixedTensors = [{string.Join(", ", Unprefixed(model, family).Select(name => $"\"{name}\""))}],");
            writer.Line($"IgnoredTensors = [{string.Join(", ", family.IgnoredTensors(spec).Select(name => $"\"{name}\""))}],");
            writer.Line("Kernels = typeof(Kernels),");
        }

        writer.Line("};");
    }

    // What the host has to send besides tokens, and what it reads where nothing is generated.
    private static void WriteInputs(SourceWriter writer, ModelSpec spec)
    {
        if (spec.Embedding.TokenTypes > 0)
            writer.Line($"TokenTypes = {Literal.Plain(spec.Embedding.TokenTypes)},");

        if (spec.Main is { IsCausal: false } || !spec.Generates)
            writer.Line("HasBounds = true,");

        if (spec.IsEncoderDecoder)
            writer.Line("HasSource = true,");

        if (spec is { Generates: true, PositionEncoding.Kind: PositionEncodingKind.RelativeBuckets })
            writer.Line("RelativeBiasHeads = Heads,");

        if (!spec.Generates)
            writer.Line($"Result = {Result(spec)},");
    }

    private static string Result(ModelSpec spec) => spec.Head switch
    {
        SequenceClassificationHeadSpec head => $"new(ResultKind.SequenceLabels, {Literal.Plain(head.Labels.Count)}) {{ Labels = {Labels(head.Labels)}, Pooling = Pooling.{head.Pooling} }}",
        TokenClassificationHeadSpec head => $"new(ResultKind.TokenLabels, {Literal.Plain(head.Labels.Count)}) {{ Labels = {Labels(head.Labels)} }}",
        QuestionAnsweringHeadSpec => "new(ResultKind.Span, 2)",
        SentenceEmbeddingHeadSpec head => $"new(ResultKind.Sentence, HiddenSize) {{ Pooling = Pooling.{head.Pooling} }}",
        _ => "new(ResultKind.Tokens, VocabularySize)",
    };

    private static string Labels(IEnumerable<string> labels) => $"[{string.Join(", ", labels.Select(Literal.Text))}]";

    private static void WriteTables(SourceWriter writer, LoweredModel model)
    {
        if (model.Tables.Tables.Count == 0)
            return;

        writer.Line($"Tables = [{string.Join(", ", model.Tables.Tables.Select(table => table.Creation))}],");
    }

    private static IEnumerable<string> Unprefixed(LoweredModel model, Family family) =>
        model.Parameters.All.SelectMany(parameter => parameter.Stored).Select(stored => stored.Name).Concat(family.IgnoredTensors(model.Spec)).Where(family.IsOutsidePrefix);

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
        string text => Literal.Text(text),
        bool flag => flag ? "true" : "false",
        int number => Literal.Plain(number),
        float number => Value((double)(decimal)number),
        double number => Literal.Double(number),
        string[] texts => $"new[] {{ {string.Join(", ", texts.Select(Literal.Text))} }}",
        KeyValueList list => $"new KeyValuePair<string, object>[] {{ {string.Join(", ", list.Pairs.Select(pair => $"new({Literal.Text(pair.Key)}, {Value(pair.Value)})"))} }}",
        _ => throw new InvalidOperationException($"{value} has no literal."),
    };
}
