namespace Intaglio.Compiler;

/// <summary>The runtime's contracts of models.</summary>
internal enum ModelKind
{
    /// <summary>Makes something of whole sequences and generates nothing.</summary>
    Encoder,

    /// <summary>Generates tokens one after another.</summary>
    LanguageModel,

    /// <summary>Generates tokens that attend to a source.</summary>
    SequenceToSequence,
}
