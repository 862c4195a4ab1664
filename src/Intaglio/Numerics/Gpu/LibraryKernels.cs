using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Gpu;

/// <summary>The entry points that do not depend on the model.</summary>
internal static class LibraryKernels
{
    public static void Normalize(NormalizeArguments<float> at) => GpuNormalize.Run<GpuFloat32, float>(at);

    public static void NormalizeBFloat16(NormalizeArguments<ushort> at) => GpuNormalize.Run<GpuBFloat16, ushort>(at);

    public static void NormParameterGradient(NormParameterGradientArguments at) => GpuNormalize.RunParameterGradient(at);

    public static void Rotate(RotateArguments at) => GpuRotary.Run(at);

    public static void EmbedBackward(EmbedBackwardArguments at) => GpuEmbedding.RunBackward(at);

    public static void WeightGradient(MatMulArguments<float> at) => GpuMatMul.Run<Accumulate, GpuFloat32, float>(at);

    public static void WeightGradientTiled(MatMulArguments<float> at) => GpuTiledMatMul.Run<Accumulate, GpuFloat32, float>(at);

    public static void SumRows(SumRowsArguments at) => GpuRows.Sum(at);

    public static void GatherRows(GatherRowsArguments at) => GpuRows.Gather(at);

    public static void Clear(ClearArguments at) => GpuRows.Clear(at);

    public static void ScatterRows(ScatterRowsArguments at) => GpuRows.Scatter(at);

    public static void MeanRows(MeanRowsArguments at) => GpuRows.Mean(at);

    public static void MeanRowsBackward(MeanRowsArguments at) => GpuRows.MeanBackward(at);

    public static void NormalizeLength(NormalizeLengthArguments at) => GpuNormalizeLength.Run(at);

    public static void NormalizeLengthBackward(NormalizeLengthArguments at) => GpuNormalizeLength.RunBackward(at);

    public static void ExpandBias(ExpandBiasArguments<float> at) => GpuRelativeBias.Expand<GpuFloat32, float>(at);

    public static void ExpandBiasBFloat16(ExpandBiasArguments<ushort> at) => GpuRelativeBias.Expand<GpuBFloat16, ushort>(at);

    public static void ExpandBiasBackward(ExpandBiasBackwardArguments at) => GpuRelativeBias.ExpandBackward(at);

    public static void AttentionDelta(AttentionDeltaArguments at) => GpuAttention.Delta(at);

    public static void CacheStore(CacheStoreArguments at) => GpuAttention.Store(at);

    public static void Logits(LogitsArguments<float> at) => GpuCrossEntropy.Finish<GpuFloat32, float>(at);

    public static void LogitsBFloat16(LogitsArguments<ushort> at) => GpuCrossEntropy.Finish<GpuBFloat16, ushort>(at);

    public static void CrossEntropy(CrossEntropyArguments at) => GpuCrossEntropy.Run(at);

    public static void SpanCrossEntropy(SpanCrossEntropyArguments at) => GpuSpanLoss.Run(at);

    public static void AdamW(AdamWArguments at) => GpuOptimizer.AdamW(at);

    public static void SumOfSquares(SumOfSquaresArguments at) => GpuOptimizer.SumOfSquares(at);

    // Adds to what is there: the output is the full operand.
    private readonly struct Accumulate : IFusion
    {
        public static bool HasRow => false;

        public static bool HasFull => true;

        public static bool Saves => false;

        public static float DropoutRate => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Invoke<T>(T x, T row, T sum, T keep, out T saved)
            where T : struct, ILane<T>
        {
            saved = x;
            return sum + x;
        }
    }
}
