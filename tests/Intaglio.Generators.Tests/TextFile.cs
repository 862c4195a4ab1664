using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Intaglio.Generators.Tests;

/// <summary>An additional file of a project in memory.</summary>
/// <param name="path">Its path.</param>
/// <param name="text">What it says; null where it cannot be read.</param>
internal sealed class TextFile(string path, string? text) : AdditionalText
{
    private readonly SourceText? _text = text is null ? null : SourceText.From(text);

    /// <inheritdoc/>
    public override string Path => path;

    /// <inheritdoc/>
    public override SourceText? GetText(CancellationToken cancellationToken = default) => _text;
}
