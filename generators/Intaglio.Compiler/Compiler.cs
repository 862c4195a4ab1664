namespace Intaglio.Compiler;

/// <summary>The pipeline: from a declaration to the files that implement it.</summary>
internal static class Compiler
{
    /// <summary>Compiles a legal declaration.</summary>
    public static IReadOnlyList<EmittedFile> Compile(ModelSpec spec, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>What an invalid declaration still gets: its members, so that one mistake is one error. They throw when called.</summary>
    public static EmittedFile EmitSurface(DeclarationSpec declaration, bool trains) => throw new NotImplementedException();
}
