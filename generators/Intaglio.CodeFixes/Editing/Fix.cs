namespace Intaglio.CodeFixes;

/// <summary>Something that a user can choose.</summary>
/// <param name="Title">As the menu shows it.</param>
/// <param name="Kind">The same for the same choice elsewhere, whatever the numbers: what Fix All repeats.</param>
/// <param name="Edits">What it changes.</param>
internal sealed record Fix(string Title, string Kind, params Edit[] Edits);
