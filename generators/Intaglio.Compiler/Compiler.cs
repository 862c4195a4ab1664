using Intaglio.Compiler.Passes;

namespace Intaglio.Compiler;

/// <summary>The pipeline: from a declaration to the files that implement it.</summary>
internal static class Compiler
{
    /// <summary>Compiles a legal declaration.</summary>
    public static IReadOnlyList<EmittedFile> Compile(ModelSpec spec, CancellationToken cancellation = default) => Emit(Lowered(spec, cancellation));

    /// <summary>What an invalid declaration still gets: its members, so that one mistake is one error. They throw when called.</summary>
    public static EmittedFile EmitSurface(DeclarationSpec declaration, ModelKind kind, bool trains) => SurfaceEmitter.EmitInvalid(declaration, kind, trains);

    /// <summary>All but printing.</summary>
    public static LoweredModel Lowered(ModelSpec spec, CancellationToken cancellation = default)
    {
        // What is trained, and what it is called in checkpoints.
        var parameters = Family.Of(spec).Parameters(spec);
        var layout = new ParameterLayout(parameters.All, spec);

        // Tokens to losses and gradients, fused.
        var training = spec.Trains ? Optimize(Differentiate.Run(ModelGraph.Training(spec, parameters)), cancellation) : null;

        // New tokens to logits, or all tokens to what the head makes of them; and the source's tokens to what the decoder attends to.
        var inference = Optimize(ModelGraph.Inference(spec, parameters), cancellation);
        var encoding = spec is { Generates: true, IsEncoderDecoder: true } ? Optimize(ModelGraph.Encoding(spec, parameters), cancellation) : null;

        // A place for every value; which library algorithm each op is, specialised by which structs, on which operands.
        cancellation.ThrowIfCancellationRequested();
        return Lower.Run(spec, layout, training, inference, encoding);
    }

    /// <summary>The passes after differentiation, in order.</summary>
    public static IReadOnlyList<(string Name, Func<Graph, Graph> Run)> Passes { get; } =
    [
        // Values that nobody reads.
        (nameof(Simplify), Simplify.Run),

        // Tokens and positions in one lookup.
        (nameof(FuseEmbeddings), FuseEmbeddings.Run),

        // Biases, activations, dropout, residuals and sums of gradients into whatever computes what they read.
        (nameof(FuseElementwise), FuseElementwise.Run),

        // Bias gradients into the products that read the same rows.
        (nameof(FuseBiasGradients), FuseBiasGradients.Run),

        // A place of its own for what a layer hands on while it reads what it was handed.
        (nameof(SeparateCarries), SeparateCarries.Run),
    ];

    private static Graph Optimize(Graph graph, CancellationToken cancellation)
    {
        foreach (var (_, run) in Passes)
        {
            cancellation.ThrowIfCancellationRequested();
            graph = run(graph);
        }

        return graph;
    }

    private static IReadOnlyList<EmittedFile> Emit(LoweredModel model)
    {
        var files = new List<EmittedFile>
        {
            SurfaceEmitter.Emit(model),
            ParametersEmitter.Emit(model),
            ArenaEmitter.Emit(model),
            ShapesEmitter.Emit(model),
            FusionsEmitter.Emit(model),
            KernelsEmitter.Emit(model),
            InferenceEmitter.Emit(model),
        };
        if (model.Spec.Objective is { } objective)
            files.Add(ObjectiveEmitter.Emit(model, objective));

        if (model.Training is { } training)
            files.AddRange([ForwardEmitter.Emit(model, training), BackwardEmitter.Emit(model, training)]);

        return files;
    }
}
