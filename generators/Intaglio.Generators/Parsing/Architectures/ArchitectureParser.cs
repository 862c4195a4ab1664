using Intaglio.Generators.Diagnostics;
using Intaglio.Generators.Parsing.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Location = Microsoft.CodeAnalysis.Location;

namespace Intaglio.Generators.Parsing.Architectures;

/// <summary>From the file that <c>[Architecture]</c> names to the arguments that it stands for.</summary>
internal static class ArchitectureParser
{
    /// <summary>What is taken where the file cannot be.</summary>
    private static readonly Defaults Unreadable = new(new Dictionary<string, object>()) { AreComplete = false };

    /// <param name="path">The attribute's argument.</param>
    /// <param name="written">The class that is declared, which may only be based on the one that carries the attribute.</param>
    /// <param name="hasHead">Whether an attribute says the head.</param>
    /// <param name="problems">Where to add mistakes; those of another class's file are reported there, unless that class is not in this compilation.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static Defaults Parse(Setting path, WrittenClass written, bool hasHead, Problems problems, CancellationToken cancellation)
    {
        var isOwn = SymbolEqualityComparer.Default.Equals(path.Owner, written.Type);
        var syntax = path.Attribute.ApplicationSyntaxReference?.GetSyntax(cancellation);
        var attribute = (syntax ?? BasedOnParser.AttributeOf(written.Type)?.ApplicationSyntaxReference?.GetSyntax(cancellation))?.GetLocation();

        var found = new Problems();
        var file = ArchitectureFile.Find((string)path.Value, syntax?.SyntaxTree.FilePath ?? "", written.Files, attribute, found);
        var text = file?.GetText(cancellation);
        var configuration = text is null ? null : Read(file!.Path, text, hasHead, found, cancellation);
        if (file is not null && text is null)
            found.Add(Descriptors.ArchitectureFileMissing, attribute, path.Value, "there, but cannot be read");

        if (isOwn || syntax is null)
            problems.Add(found);
        else if (found.AreErrors)
            problems.AddReportedElsewhere();

        if (configuration is null)
            return Unreadable;

        var defaults = new Defaults(configuration.Values) { AreComplete = !found.AreErrors };
        return isOwn ? defaults with { Locations = configuration.Locations, Attribute = attribute, File = file!.Path } : defaults;
    }

    private static Configuration? Read(string path, SourceText text, bool hasHead, Problems problems, CancellationToken cancellation)
    {
        var (value, fault) = JsonReader.Read(text.ToString(), cancellation);
        if (fault is not null)
        {
            problems.Add(Descriptors.NotJson, LocationOf(fault.Span), fault.Expected, fault.Found);
            return null;
        }

        if (value is not JsonObject root)
        {
            problems.Add(Descriptors.NotJson, LocationOf(value!.Span), "an object", value.Describe());
            return null;
        }

        var file = new Configuration(root, path, text, hasHead, problems);
        var type = file.Find("model_type");
        if (type?.Value is not JsonString name || !ArchitectureTable.All.TryGetValue(name.Value, out var entry))
        {
            problems.Add(
                Descriptors.UnknownModelType, LocationOf(type?.Value.Span ?? new TextSpan(root.Span.Start, 1)),
                type is null ? "There is no model_type" : $"model_type is {type.Value.Describe()}", Words.Or([.. ArchitectureTable.All.Keys]));
            return null;
        }

        // What the family's attribute says, and over it what the file does, which is every size.
        foreach (var pair in FamilyDefaults.Of(entry.Family)!)
            file.Set(pair.Key, pair.Value);

        file.Set(Keys.Family, entry.Family);
        file.Set(Keys.ModelType, name.Value, type);
        entry.Read(file);
        file.Only("is_encoder_decoder", entry.IsEncoderDecoder);
        file.Only("quantization_config", null);
        if (file.Find("pruned_heads") is { Value: not (JsonNull or JsonObject { Members.Count: 0 }) } pruned)
            file.NotSupported(pruned, "{}");

        file.Ignore([.. ArchitectureTable.WithoutEffect]);
        file.ReportUnknown(name.Value);
        return file;

        Location LocationOf(TextSpan span) => Location.Create(path, span, text.Lines.GetLinePositionSpan(span));
    }
}
