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
        var location = remedy.Elsewhere ?? diagnostic.Location;
        if (context.Document.Project.Solution.GetDocument(location.SourceTree) is not { } document
            || await document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root
            || await document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false) is not { } model)
        {
            return null;
        }

        return new(diagnostic, remedy, root.FindNode(location.SourceSpan, getInnermostNodeForTie: true), model, context.CancellationToken);
    }
}
