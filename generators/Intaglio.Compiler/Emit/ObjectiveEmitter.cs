namespace Intaglio.Compiler;

/// <summary>Emits the declared objective: its options, and how to make one.</summary>
internal static class ObjectiveEmitter
{
    public static EmittedFile Emit(LoweredModel model, ObjectiveSpec objective) =>
        ModelFile.Write(model.Spec.Declaration, "Objective", ["Intaglio.Objectives"], "", writer =>
        {
            if (objective.Kind == ObjectiveKind.CausalLanguageModeling)
            {
                WriteFactory(writer, "Predicting the next token.", objective, string.Concat(objective.Options.Select(option => ", padToken: " + option.Substring(option.IndexOf('=') + 2))));
                return;
            }

            writer.Summary("The objective as it is declared; use with to change what no attribute can say.");
            writer.Line($"public static {objective.Kind}Options ObjectiveOptions {{ get; }} = new() {{ {string.Join(", ", objective.Options)} }};");
            writer.Line();
            WriteFactory(writer, Summaries[objective.Kind], objective, ", ObjectiveOptions");
        });

    private static readonly Dictionary<ObjectiveKind, string> Summaries = new()
    {
        [ObjectiveKind.MaskedLanguageModeling] = "Predicting tokens that are masked.",
        [ObjectiveKind.SpanCorruption] = "Filling in spans that sentinels stand for.",
        [ObjectiveKind.Denoising] = "Restoring a text from a noisy one.",
    };

    private static void WriteFactory(SourceWriter writer, string summary, ObjectiveSpec objective, string arguments)
    {
        writer.Summary($"{summary} Batches are a function of seed and step.");
        writer.Line("/// <param name=\"source\">Where the texts come from.</param>");
        writer.Line($"/// <param name=\"length\">Tokens of a row{(objective.Kind is ObjectiveKind.SpanCorruption or ObjectiveKind.Denoising ? " that the encoder reads" : "")}.</param>");
        writer.Line($"public static {objective.Kind} CreateObjective(ISequenceSource source, int length = ContextLength) => new(source, length{arguments});");
    }
}
