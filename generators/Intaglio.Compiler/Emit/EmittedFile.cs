namespace Intaglio.Compiler;

/// <summary>One file of emitted C#.</summary>
/// <param name="HintName">Its name, such as <c>App.Storyteller.Forward.g.cs</c>.</param>
/// <param name="Text">Its text, lines ending in <c>\n</c>.</param>
internal sealed record EmittedFile(string HintName, string Text);
