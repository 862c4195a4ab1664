using Intaglio.Compiler;
using Intaglio.Generators.Parsing;

namespace Intaglio.Generators;

/// <summary>The files for a class. A class itself, since the generator driver compiles its tables anew for each struct that they hold.</summary>
/// <param name="Files">The model, or its surface alone where the declaration is invalid, as added to the compilation.</param>
/// <param name="Taken">Names of the author's that collide with emitted members, as <see cref="MemberSignatures"/> writes them.</param>
internal sealed record ModelFiles(EquatableArray<EmittedFile> Files, EquatableArray<string> Taken)
{
    public static ModelFiles Of(ParsedModel model, CancellationToken cancellation)
    {
        var files = model.Spec is null ? Surface(model) : Compiler.Compiler.Compile(model.Spec, cancellation);

        // What collides is mostly a part of the implementation that the surface has not.
        var taken = MemberSignatures.Collisions(model, files);
        var added = taken.Count > 0 ? Surface(model) : files;
        return new(new(added.Select(file => file with { HintName = HintNames.Legal(file.HintName, model) })), new(taken));
    }

    private static IReadOnlyList<EmittedFile> Surface(ParsedModel model) => [Compiler.Compiler.EmitSurface(model.Declaration, model.Kind, model.Trains)];
}
