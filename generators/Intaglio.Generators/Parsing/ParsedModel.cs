using Intaglio.Compiler;

namespace Intaglio.Generators.Parsing;

/// <summary>What parsing leaves of a class. Cached by value between runs of the generator: immutable, equatable, and free of symbols and syntax.</summary>
/// <param name="Declaration">The class.</param>
/// <param name="Spec">The model; null where the declaration is invalid.</param>
/// <param name="Kind">Which contract the surface has.</param>
/// <param name="Trains">Whether the surface is that of a model that trains.</param>
/// <param name="Members">The names that the class takes itself, as <see cref="MemberSignatures"/> writes it.</param>
/// <param name="HintSuffix">What tells the names of its files from those of another class whose name differs in case alone; mostly empty.</param>
internal sealed record ParsedModel(
    DeclarationSpec Declaration, ModelSpec? Spec, ModelKind Kind, bool Trains, EquatableArray<string> Members, string HintSuffix);
