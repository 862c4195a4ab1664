using Intaglio.Numerics;
using Intaglio.Numerics.Gpu;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>The GPU entry points of the cases. Names follow from the fusion and the format, or from the shape (see <see cref="KernelName"/>).</summary>
internal static class TestKernels
{
    private static void MatMulIdentity(MatMulArguments<float> at) => GpuMatMul.Run<Identity, GpuFloat32, float>(at);

    private static void MatMulAddRow(MatMulArguments<float> at) => GpuMatMul.Run<AddRow, GpuFloat32, float>(at);

    private static void MatMulAddFull(MatMulArguments<float> at) => GpuMatMul.Run<AddFull, GpuFloat32, float>(at);

    private static void MatMulRowSaves(MatMulArguments<float> at) => GpuMatMul.Run<RowSaves, GpuFloat32, float>(at);

    private static void MatMulEverything(MatMulArguments<float> at) => GpuMatMul.Run<Everything, GpuFloat32, float>(at);

    private static void MatMulDropoutOnly(MatMulArguments<float> at) => GpuMatMul.Run<DropoutOnly, GpuFloat32, float>(at);

    private static void MatMulIdentityBFloat16(MatMulArguments<ushort> at) => GpuMatMul.Run<Identity, GpuBFloat16, ushort>(at);

    private static void MatMulEverythingBFloat16(MatMulArguments<ushort> at) => GpuMatMul.Run<Everything, GpuBFloat16, ushort>(at);

    private static void EmbedIdentity(EmbedArguments<float> at) => GpuEmbedding.Run<Identity, GpuFloat32, float>(at);

    private static void EmbedDropoutOnly(EmbedArguments<float> at) => GpuEmbedding.Run<DropoutOnly, GpuFloat32, float>(at);

    private static void EmbedIdentityBFloat16(EmbedArguments<ushort> at) => GpuEmbedding.Run<Identity, GpuBFloat16, ushort>(at);

    private static void NormBackwardIdentity(LayerNormBackwardArguments<float> at) => GpuLayerNorm.RunBackward<Identity, GpuFloat32, float>(at);

    private static void NormBackwardAddFull(LayerNormBackwardArguments<float> at) => GpuLayerNorm.RunBackward<AddFull, GpuFloat32, float>(at);

    private static void NormBackwardEverything(LayerNormBackwardArguments<float> at) => GpuLayerNorm.RunBackward<Everything, GpuFloat32, float>(at);

    private static void NormBackwardEverythingBFloat16(LayerNormBackwardArguments<ushort> at) => GpuLayerNorm.RunBackward<Everything, GpuBFloat16, ushort>(at);

    private static void MapEverything(MapArguments at) => GpuMap.Run<Everything>(at);

    private static void MapAllFunctions(MapArguments at) => GpuMap.Run<AllFunctions>(at);

    private static void MapDropoutOnly(MapArguments at) => GpuMap.Run<DropoutOnly>(at);

    private static void CausalTwoHeads(AttentionArguments at) => GpuAttention.Forward<TwoHeadsOf8, CausalMask, Scaled>(at);

    private static void CausalTwoHeadsQueryGradient(AttentionArguments at) => GpuAttention.QueryGradient<TwoHeadsOf8, CausalMask, Scaled>(at);

    private static void CausalTwoHeadsKeyValueGradient(AttentionArguments at) => GpuAttention.KeyValueGradient<TwoHeadsOf8, CausalMask, Scaled>(at);

    private static void CausalTwoHeadsCached(CachedAttentionArguments at) => GpuAttention.Cached<TwoHeadsOf8, CausalMask, Scaled>(at);

    private static void GroupedWithDropout(AttentionArguments at) => GpuAttention.Forward<FourHeadsOf5InTwoGroups, CausalMask, SoftCapped>(at);

    private static void GroupedWithDropoutQueryGradient(AttentionArguments at) => GpuAttention.QueryGradient<FourHeadsOf5InTwoGroups, CausalMask, SoftCapped>(at);

    private static void GroupedWithDropoutKeyValueGradient(AttentionArguments at) => GpuAttention.KeyValueGradient<FourHeadsOf5InTwoGroups, CausalMask, SoftCapped>(at);

    private static void GroupedWithDropoutCached(CachedAttentionArguments at) => GpuAttention.Cached<FourHeadsOf5InTwoGroups, CausalMask, SoftCapped>(at);

    private static void Windowed(AttentionArguments at) => GpuAttention.Forward<ThreeHeadsOf1, Window, Scaled>(at);

    private static void WindowedQueryGradient(AttentionArguments at) => GpuAttention.QueryGradient<ThreeHeadsOf1, Window, Scaled>(at);

    private static void WindowedKeyValueGradient(AttentionArguments at) => GpuAttention.KeyValueGradient<ThreeHeadsOf1, Window, Scaled>(at);

    private static void WindowedCached(CachedAttentionArguments at) => GpuAttention.Cached<ThreeHeadsOf1, Window, Scaled>(at);
}

/// <summary>Names of entry points.</summary>
internal static class KernelName
{
    public static string Of<TFusion, TWeight>(string algorithm)
        where TWeight : struct, IStorage => algorithm + typeof(TFusion).Name + (TWeight.Format == NumberFormat.BF16 ? "BFloat16" : "");
}
