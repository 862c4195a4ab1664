namespace Intaglio.Benchmarks;

/// <summary>
/// The products of the training models: forward y[M, N] = x[M, K] · Wᵀ, its gradients dx[M, K] = dy[M, N] · W and dW[N, K] += dyᵀ · x. W is stored [N, K], as
/// LLaMA, BERT and tied heads store it; GPT-2's [K, N] exchanges the first two products' ways of reading it.
/// </summary>
internal static class GemmKernels
{
    // Below it a product is too thin, or its sums are too short, for what surrounds them to vanish.
    private const int Large = 256;

    // nanoGPT's characters: columns that fill no panel.
    private const int Characters = 65;

    private static readonly (int Rows, (int N, int K)[] Weights)[] Models =
    [
        (2048, [(1152, 384), (384, 384), (1536, 384), (384, 1536), (2048, 384), (512, 384), (Characters, 384)]),
        (1024, [(3072, 768), (768, 3072), (768, 768)]),
        (768, [(384, 128), (512, 128), (128, 512), (Characters, 128)]),
    ];

    public static Kernel[] All { get; } =
    [
        .. from model in Models
           from weight in model.Weights
           from kind in (ProductKind[])[ProductKind.Forward, ProductKind.InputGradient, ProductKind.WeightGradient]
           select Of(kind, model.Rows, weight.N, weight.K),
    ];

    private static Kernel Of(ProductKind kind, int m, int n, int k) =>
        new($"gemm/{Name(kind)}/{m}x{n}x{k}", Bound.Arithmetic, 2.0 * m * n * k, "GFLOP/s", device => new TrainingProduct(device, kind, m, n, k).Prepared())
        {
            LeastFraction = n == Characters ? 0.70 : Math.Min(m, Math.Min(n, k)) >= Large ? 0.85 : null,
        };

    private static string Name(ProductKind kind) => kind switch
    {
        ProductKind.Forward => "fwd",
        ProductKind.InputGradient => "dx",
        _ => "dw",
    };
}

/// <summary>Which of a layer's three products.</summary>
internal enum ProductKind
{
    /// <summary>y[M, N] = x[M, K] · Wᵀ.</summary>
    Forward,

    /// <summary>dx[M, K] = dy[M, N] · W.</summary>
    InputGradient,

    /// <summary>dW[N, K] += dyᵀ · x.</summary>
    WeightGradient,
}
