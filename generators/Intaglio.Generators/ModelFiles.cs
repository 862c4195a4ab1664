using Intaglio.Compiler;
using Intaglio.Generators.Parsing;

namespace Intaglio.Generators;

/// <summary>The files emitted for a class: the model, or its surface alone where the declaration is invalid.</summary>
internal static class ModelFiles
{
    public static EquatableArray<EmittedFile> Emit(ParsedModel model, CancellationToken cancellation)
    {
        var files = Compile(model, cancellation);
        return new(files.Select(file => file with { HintName = HintNames.Legal(file.HintName, model.HintSuffix) }));
    }

    private static IReadOnlyList<EmittedFile> Compile(ParsedModel model, CancellationToken cancellation)
    {
        if (model.Spec is not null)
        {
            var files = Compiler.Compiler.Compile(model.Spec, cancellation);
            if (MemberSignatures.Collisions(model.Members, files, cancellation).Count == 0)
                return files;
        }

        return [Compiler.Compiler.EmitSurface(model.Declaration, model.Trains)];
    }
}
