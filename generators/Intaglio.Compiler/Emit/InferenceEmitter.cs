namespace Intaglio.Compiler;

/// <summary>Emits what trains nothing: generation, with keys and values cached, or what a model without it makes of whole sequences.</summary>
internal static class InferenceEmitter
{
    public static EmittedFile Emit(LoweredModel model) =>
        ModelFile.Write(model.Spec.Declaration, "Inference", ["Intaglio", "Intaglio.Numerics"], "", writer =>
        {
            var self = model.Spec.Declaration.Name;
            if (!model.Spec.Generates)
            {
                var result = $"tokens, [batch, time], to {Words(model.Spec.Head)}, {model.Inference.Result!.Type}";
                Write(writer, model, model.Inference, new("Encode", "InferenceArena", model.Inference.Sections, IsCached: false), $"From {result}.", $"static void IEncoder<{self}>.Encode<TTarget>(in TTarget on, BatchShape shape)");
                return;
            }

            Write(
                writer, model, model.Inference, new("Infer", "InferenceArena", model.Inference.Sections, IsCached: true),
                $"New tokens, [rows], to the logits of those that are wanted, {model.Inference.Result!.Type}; keys and values go to the cache.",
                $"static void ILanguageModel<{self}>.Infer<TTarget>(in TTarget on, int rows, int paddedRows, int outputs, in CacheLayout cache)");
            if (model.Encoding is not { } encoding)
                return;

            writer.Line();
            Write(
                writer, model, encoding, new("Encode", "SourceArena", encoding.Sections, IsCached: false),
                "The source's tokens, [batch, sourceTime], to the keys and values that each layer of the decoder attends to, in the cache.",
                $"static void ISequenceToSequence<{self}>.EncodeSource<TTarget>(in TTarget on, BatchShape shape, in CacheLayout cache)");
        });

    private static void Write(SourceWriter writer, LoweredModel model, LoweredInference inference, ProgramWriter program, string summary, string signature)
    {
        writer.Summary(summary);
        using (writer.WriteBlock(signature))
        {
            writer.Line(program.IsCached ? "var input = new BatchLayout(paddedRows);" : "var input = new BatchLayout(shape);");
            if (program.Needs("at"))
                writer.Line($"var at = new {program.Arena}({ArenaEmitter.RowsArguments(inference.Plan, "input.")});");

            writer.Line($"var weights = new ModelParameters(Region.Weights, {Structs.Storage(model.Spec.Format)}.Bytes);");
            if (!program.IsCached)
                LaunchWriter.WriteLocals(writer, program.StraightLines, Locals.Shape);

            writer.Line();
            program.WriteSections(writer);
        }

        program.WriteLayers(writer);
    }

    private static string Words(HeadSpec head) => head switch
    {
        SentenceEmbeddingHeadSpec => "a vector for each sequence",
        SequenceClassificationHeadSpec => "logits of each sequence's labels",
        TokenClassificationHeadSpec => "logits of each token's labels",
        QuestionAnsweringHeadSpec => "logits of where the answer starts and ends",
        _ => "logits",
    };
}
