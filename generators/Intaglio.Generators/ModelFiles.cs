using Intaglio.Compiler;
using Intaglio.Generators.Parsing;

namespace Intaglio.Generators;

/// <summary>The files for a class.</summary>
/// <param name="Files">The model, or its surface alone where the declaration is invalid.</param>
/// <param name="Taken">Names of the author's that collide with emitted members, as <see cref="MemberSignatures"/> writes them.</param>
internal sealed record ModelFiles(IReadOnlyList<EmittedFile> Files, IReadOnlyList<string> Taken)
{
    public static ModelFiles Of(ParsedModel model, CancellationToken cancellation)
    {
        var surface = new Lazy<EmittedFile[]>(() => [Compiler.Compiler.EmitSurface(model.Declaration, model.Trains)]);
        var files = model.Spec is null ? surface.Value : Compiler.Compiler.Compile(model.Spec, cancellation);

        // What collides is mostly a part of the implementation that the surface has not.
        var taken = MemberSignatures.Collisions(model.Members, files, cancellation);
        return new(taken.Count > 0 ? surface.Value : files, taken);
    }

    /// <summary>The files as they are added to the compilation.</summary>
    public static EquatableArray<EmittedFile> Emit(ParsedModel model, CancellationToken cancellation) =>
        new(Of(model, cancellation).Files.Select(file => file with { HintName = HintNames.Legal(file.HintName, model.HintSuffix) }));
}
