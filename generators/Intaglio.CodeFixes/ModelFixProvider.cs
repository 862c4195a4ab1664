using System.Collections.Immutable;
using Intaglio.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Intaglio.CodeFixes;

/// <summary>A code fix for some of the analyzer's diagnostics.</summary>
internal abstract class ModelFixProvider(params string[] ids) : CodeFixProvider
{
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; } = [.. ids];

    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (await SiteOf(diagnostic, context).ConfigureAwait(false) is not { } site)
                continue;

            foreach (var fix in FixesFor(site))
            {
                var action = CodeAction.Create(fix.Title, cancellation => Edit.ApplyAsync(fix.Edits, context.Document.Project.Solution, cancellation), $"{GetType().Name}.{fix.Kind}");
                context.RegisterCodeFix(action, diagnostic);
            }
        }
    }

    /// <summary>What can be done about a mistake; nothing where only the author knows.</summary>
    protected abstract IEnumerable<Fix> FixesFor(MistakeSite site);

    private static async Task<MistakeSite?> SiteOf(Diagnostic diagnostic, CodeFixContext context)
    {
        var remedy = Remedy.Of(diagnostic);
        var document = remedy.Elsewhere is { } elsewhere ? Find(elsewhere, context.Document) : context.Document;
        if (document is null
            || await document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root
            || await document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false) is not { } model)
        {
            return null;
        }

        var span = (remedy.Elsewhere ?? diagnostic.Location).SourceSpan;
        return new(diagnostic, remedy, root.FindNode(span, getInnermostNodeForTie: true), model, context.CancellationToken);
    }

    // By path: a host may have other syntax trees than those of its last analysis.
    private static Document? Find(Location location, Document near) =>
        near.Project.Documents.FirstOrDefault(document => document.FilePath == location.SourceTree?.FilePath);
}
