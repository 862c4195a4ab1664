using System.Collections.Immutable;
using Intaglio.Compiler;
using Intaglio.Generators.Diagnostics;
using Intaglio.Generators.Parsing.Architectures;
using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Parsing;

/// <summary>From a class to what its attributes declare. The generator emits what comes of it and the analyzer reports what is wrong with it.</summary>
internal static class ModelParser
{
    /// <param name="written">A class that carries at least one of <see cref="ModelAttributes"/>.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The model, null where no member can be added to the class, and the mistakes.</returns>
    public static (ParsedModel? Model, ImmutableArray<Diagnostic> Diagnostics) Parse(WrittenClass written, CancellationToken cancellation)
    {
        var problems = new Problems();

        // The class: what is it called, and can members be added to it?
        var declaration = DeclarationParser.Parse(written, problems, cancellation);

        // The attributes' arguments, its own and those of the models that it is based on.
        var settings = SettingsParser.Parse(written, problems, cancellation);

        // Their values, defaults filled in.
        var spec = SpecParser.Parse(settings, written.Compilation, problems, cancellation);

        // Whether a checkpoint beside the file that declares the model is the model's.
        if (!problems.AreErrors && settings.File is var (path, attribute))
            CheckpointChecker.Check(spec, path, settings.OwnerOf(Keys.Head) is not null, written.Files, attribute, problems, cancellation);

        if (declaration is null)
            return (null, problems.ToDiagnostics());

        // Which of the runtime's names mean something else here, and so must be written in full.
        declaration = declaration with { ShadowedNames = HiddenTypes.Of(written) };

        var model = new ParsedModel(
            declaration,
            problems.AreErrors ? null : spec with { Declaration = declaration },
            spec.Kind,
            spec.Format != NumberFormat.BF16 && spec.Head is not SentenceEmbeddingHeadSpec,
            MemberSignatures.Of(written),
            HintNames.SuffixFor(written.Type));
        return (model, problems.ToDiagnostics());
    }
}
