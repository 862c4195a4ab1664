using Intaglio.Compiler.Passes;

namespace Intaglio.Compiler.Tests.Passes;

internal static class Pipeline
{
    public static IReadOnlyList<(string Name, Func<Graph, Graph> Run)> Passes { get; } =
    [
        (nameof(Simplify), Simplify.Run),
        (nameof(FuseHeadLoss), FuseHeadLoss.Run),
        (nameof(FuseEmbeddings), FuseEmbeddings.Run),
        (nameof(FuseElementwise), FuseElementwise.Run),
        (nameof(FuseBiasGradients), FuseBiasGradients.Run),
    ];
}
