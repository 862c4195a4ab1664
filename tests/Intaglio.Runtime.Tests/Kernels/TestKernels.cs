using Intaglio.Numerics;
using Intaglio.Numerics.Gpu;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>The GPU entry points of the cases. Names follow from the fusion and the format, or from the shape (see <see cref="KernelName"/>).</summary>
internal static class TestKernels
{
    private static void MatMulIdentity(MatMulArguments<float> at) => GpuMatMul.Run<Identity, GpuFloat32, float>(at);

    private static void MatMulIdentityTiled(MatMulArguments<float> at) => GpuTiledMatMul.Run<Identity, GpuFloat32, float>(at);

    private static void MatMulAddRow(MatMulArguments<float> at) => GpuMatMul.Run<AddRow, GpuFloat32, float>(at);

    private static void MatMulAddRowTiled(MatMulArguments<float> at) => GpuTiledMatMul.Run<AddRow, GpuFloat32, float>(at);

    private static void MatMulAddFull(MatMulArguments<float> at) => GpuMatMul.Run<AddFull, GpuFloat32, float>(at);

    private static void MatMulAddFullTiled(MatMulArguments<float> at) => GpuTiledMatMul.Run<AddFull, GpuFloat32, float>(at);

    private static void MatMulRowSaves(MatMulArguments<float> at) => GpuMatMul.Run<RowSaves, GpuFloat32, float>(at);

    private static void MatMulRowSavesTiled(MatMulArguments<float> at) => GpuTiledMatMul.Run<RowSaves, GpuFloat32, float>(at);

    private static void MatMulEverything(MatMulArguments<float> at) => GpuMatMul.Run<Everything, GpuFloat32, float>(at);

    private static void MatMulEverythingTiled(MatMulArguments<float> at) => GpuTiledMatMul.Run<Everything, GpuFloat32, float>(at);

    private static void MatMulDropoutOnly(MatMulArguments<float> at) => GpuMatMul.Run<DropoutOnly, GpuFloat32, float>(at);

    private static void MatMulDropoutOnlyTiled(MatMulArguments<float> at) => GpuTiledMatMul.Run<DropoutOnly, GpuFloat32, float>(at);

    private static void MatMulIdentityBFloat16(MatMulArguments<ushort> at) => GpuMatMul.Run<Identity, GpuBFloat16, ushort>(at);

    private static void MatMulIdentityBFloat16Tiled(MatMulArguments<ushort> at) => GpuTiledMatMul.Run<Identity, GpuBFloat16, ushort>(at);

    private static void MatMulEverythingBFloat16(MatMulArguments<ushort> at) => GpuMatMul.Run<Everything, GpuBFloat16, ushort>(at);

    private static void MatMulEverythingBFloat16Tiled(MatMulArguments<ushort> at) => GpuTiledMatMul.Run<Everything, GpuBFloat16, ushort>(at);

    private static void EmbedIdentity(EmbedArguments<float> at) => GpuEmbedding.Run<Identity, GpuFloat32, float>(at);

    private static void EmbedDropoutOnly(EmbedArguments<float> at) => GpuEmbedding.Run<DropoutOnly, GpuFloat32, float>(at);

    private static void EmbedIdentityBFloat16(EmbedArguments<ushort> at) => GpuEmbedding.Run<Identity, GpuBFloat16, ushort>(at);

    private static void NormBackwardIdentity(NormalizeBackwardArguments<float> at) => GpuNormalize.RunBackward<Identity, GpuFloat32, float>(at);

    private static void NormBackwardAddFull(NormalizeBackwardArguments<float> at) => GpuNormalize.RunBackward<AddFull, GpuFloat32, float>(at);

    private static void NormBackwardEverything(NormalizeBackwardArguments<float> at) => GpuNormalize.RunBackward<Everything, GpuFloat32, float>(at);

    private static void NormBackwardEverythingBFloat16(NormalizeBackwardArguments<ushort> at) => GpuNormalize.RunBackward<Everything, GpuBFloat16, ushort>(at);

    private static void GateIdentity(GateArguments at) => GpuGate.Run<TanhGate, Identity>(at);

    private static void GateEverything(GateArguments at) => GpuGate.Run<TanhGate, Everything>(at);

    private static void GateBackward(GateArguments at) => GpuGate.RunBackward<TanhGate>(at);

    private static void MapEverything(MapArguments at) => GpuMap.Run<Everything>(at);

    private static void MapAllFunctions(MapArguments at) => GpuMap.Run<AllFunctions>(at);

    private static void MapWaves(MapArguments at) => GpuMap.Run<Waves>(at);

    private static void MapSoftened(MapArguments at) => GpuMap.Run<Softened>(at);

    private static void MapAngles(MapArguments at) => GpuMap.Run<Angles>(at);

    private static void MapSelections(MapArguments at) => GpuMap.Run<Selections>(at);

    private static void MapDropoutOnly(MapArguments at) => GpuMap.Run<DropoutOnly>(at);

    private static void CausalTwoHeads(AttentionArguments at) => GpuAttention.Forward<TwoHeadsOf8, CausalMask, Scaled>(at);

    private static void CausalTwoHeadsTiled(AttentionArguments at) => GpuTiledAttention.Forward<TwoHeadsOf8, CausalMask, Scaled>(at);

    private static void CausalTwoHeadsQueryGradient(AttentionArguments at) => GpuAttention.QueryGradient<TwoHeadsOf8, CausalMask, Scaled>(at);

    private static void CausalTwoHeadsQueryGradientTiled(AttentionArguments at) => GpuTiledAttention.QueryGradient<TwoHeadsOf8, CausalMask, Scaled>(at);

    private static void CausalTwoHeadsKeyValueGradient(AttentionArguments at) => GpuAttention.KeyValueGradient<TwoHeadsOf8, CausalMask, Scaled>(at);

    private static void CausalTwoHeadsKeyValueGradientTiled(AttentionArguments at) => GpuTiledAttention.KeyValueGradient<TwoHeadsOf8, CausalMask, Scaled>(at);

    private static void CausalTwoHeadsCached(CachedAttentionArguments at) => GpuAttention.Cached<TwoHeadsOf8, CausalMask, Scaled>(at);

    private static void CausalTwoHeadsCachedTiled(CachedAttentionArguments at) => GpuTiledAttention.Cached<TwoHeadsOf8, CausalMask, Scaled>(at);

    private static void GroupedWithDropout(AttentionArguments at) => GpuAttention.Forward<FourHeadsOf5InTwoGroups, CausalMask, SoftCapped>(at);

    private static void GroupedWithDropoutTiled(AttentionArguments at) => GpuTiledAttention.Forward<FourHeadsOf5InTwoGroups, CausalMask, SoftCapped>(at);

    private static void GroupedWithDropoutQueryGradient(AttentionArguments at) => GpuAttention.QueryGradient<FourHeadsOf5InTwoGroups, CausalMask, SoftCapped>(at);

    private static void GroupedWithDropoutQueryGradientTiled(AttentionArguments at) => GpuTiledAttention.QueryGradient<FourHeadsOf5InTwoGroups, CausalMask, SoftCapped>(at);

    private static void GroupedWithDropoutKeyValueGradient(AttentionArguments at) => GpuAttention.KeyValueGradient<FourHeadsOf5InTwoGroups, CausalMask, SoftCapped>(at);

    private static void GroupedWithDropoutKeyValueGradientTiled(AttentionArguments at) => GpuTiledAttention.KeyValueGradient<FourHeadsOf5InTwoGroups, CausalMask, SoftCapped>(at);

    private static void GroupedWithDropoutCached(CachedAttentionArguments at) => GpuAttention.Cached<FourHeadsOf5InTwoGroups, CausalMask, SoftCapped>(at);

    private static void GroupedWithDropoutCachedTiled(CachedAttentionArguments at) => GpuTiledAttention.Cached<FourHeadsOf5InTwoGroups, CausalMask, SoftCapped>(at);

    private static void Windowed(AttentionArguments at) => GpuAttention.Forward<ThreeHeadsOf1, Window, Scaled>(at);

    private static void WindowedTiled(AttentionArguments at) => GpuTiledAttention.Forward<ThreeHeadsOf1, Window, Scaled>(at);

    private static void WindowedQueryGradient(AttentionArguments at) => GpuAttention.QueryGradient<ThreeHeadsOf1, Window, Scaled>(at);

    private static void WindowedQueryGradientTiled(AttentionArguments at) => GpuTiledAttention.QueryGradient<ThreeHeadsOf1, Window, Scaled>(at);

    private static void WindowedKeyValueGradient(AttentionArguments at) => GpuAttention.KeyValueGradient<ThreeHeadsOf1, Window, Scaled>(at);

    private static void WindowedKeyValueGradientTiled(AttentionArguments at) => GpuTiledAttention.KeyValueGradient<ThreeHeadsOf1, Window, Scaled>(at);

    private static void WindowedCached(CachedAttentionArguments at) => GpuAttention.Cached<ThreeHeadsOf1, Window, Scaled>(at);

    private static void WindowedCachedTiled(CachedAttentionArguments at) => GpuTiledAttention.Cached<ThreeHeadsOf1, Window, Scaled>(at);

    private static void Bidirectional(AttentionArguments at) => GpuAttention.Forward<TwoHeadsOf8BothWays, FullMask, Scaled>(at);

    private static void BidirectionalTiled(AttentionArguments at) => GpuTiledAttention.Forward<TwoHeadsOf8BothWays, FullMask, Scaled>(at);

    private static void BidirectionalQueryGradient(AttentionArguments at) => GpuAttention.QueryGradient<TwoHeadsOf8BothWays, FullMask, Scaled>(at);

    private static void BidirectionalQueryGradientTiled(AttentionArguments at) => GpuTiledAttention.QueryGradient<TwoHeadsOf8BothWays, FullMask, Scaled>(at);

    private static void BidirectionalKeyValueGradient(AttentionArguments at) => GpuAttention.KeyValueGradient<TwoHeadsOf8BothWays, FullMask, Scaled>(at);

    private static void BidirectionalKeyValueGradientTiled(AttentionArguments at) => GpuTiledAttention.KeyValueGradient<TwoHeadsOf8BothWays, FullMask, Scaled>(at);

    private static void BidirectionalCached(CachedAttentionArguments at) => GpuAttention.Cached<TwoHeadsOf8BothWays, FullMask, Scaled>(at);

    private static void BidirectionalCachedTiled(CachedAttentionArguments at) => GpuTiledAttention.Cached<TwoHeadsOf8BothWays, FullMask, Scaled>(at);

    private static void Across(AttentionArguments at) => GpuAttention.Forward<FourHeadsOf5Across, FullMask, SoftCapped>(at);

    private static void AcrossTiled(AttentionArguments at) => GpuTiledAttention.Forward<FourHeadsOf5Across, FullMask, SoftCapped>(at);

    private static void AcrossQueryGradient(AttentionArguments at) => GpuAttention.QueryGradient<FourHeadsOf5Across, FullMask, SoftCapped>(at);

    private static void AcrossQueryGradientTiled(AttentionArguments at) => GpuTiledAttention.QueryGradient<FourHeadsOf5Across, FullMask, SoftCapped>(at);

    private static void AcrossKeyValueGradient(AttentionArguments at) => GpuAttention.KeyValueGradient<FourHeadsOf5Across, FullMask, SoftCapped>(at);

    private static void AcrossKeyValueGradientTiled(AttentionArguments at) => GpuTiledAttention.KeyValueGradient<FourHeadsOf5Across, FullMask, SoftCapped>(at);

    private static void AcrossCached(CachedAttentionArguments at) => GpuAttention.Cached<FourHeadsOf5Across, FullMask, SoftCapped>(at);

    private static void AcrossCachedTiled(CachedAttentionArguments at) => GpuTiledAttention.Cached<FourHeadsOf5Across, FullMask, SoftCapped>(at);

    private static void Interleaved(AttentionArguments at) => GpuAttention.Forward<ThreeHeadsOf6Interleaved, CausalMask, Scaled>(at);

    private static void InterleavedTiled(AttentionArguments at) => GpuTiledAttention.Forward<ThreeHeadsOf6Interleaved, CausalMask, Scaled>(at);

    private static void InterleavedQueryGradient(AttentionArguments at) => GpuAttention.QueryGradient<ThreeHeadsOf6Interleaved, CausalMask, Scaled>(at);

    private static void InterleavedQueryGradientTiled(AttentionArguments at) => GpuTiledAttention.QueryGradient<ThreeHeadsOf6Interleaved, CausalMask, Scaled>(at);

    private static void InterleavedKeyValueGradient(AttentionArguments at) => GpuAttention.KeyValueGradient<ThreeHeadsOf6Interleaved, CausalMask, Scaled>(at);

    private static void InterleavedKeyValueGradientTiled(AttentionArguments at) => GpuTiledAttention.KeyValueGradient<ThreeHeadsOf6Interleaved, CausalMask, Scaled>(at);

    private static void InterleavedBiasGradient(AttentionArguments at) => GpuAttention.BiasGradient<ThreeHeadsOf6Interleaved, CausalMask, Scaled>(at);

    private static void InterleavedCached(CachedAttentionArguments at) => GpuAttention.Cached<ThreeHeadsOf6Interleaved, CausalMask, Scaled>(at);

    private static void InterleavedCachedTiled(CachedAttentionArguments at) => GpuTiledAttention.Cached<ThreeHeadsOf6Interleaved, CausalMask, Scaled>(at);

    private static void Biased(AttentionArguments at) => GpuAttention.Forward<FourHeadsOf5Biased, FullMask, SoftCapped>(at);

    private static void BiasedTiled(AttentionArguments at) => GpuTiledAttention.Forward<FourHeadsOf5Biased, FullMask, SoftCapped>(at);

    private static void BiasedQueryGradient(AttentionArguments at) => GpuAttention.QueryGradient<FourHeadsOf5Biased, FullMask, SoftCapped>(at);

    private static void BiasedQueryGradientTiled(AttentionArguments at) => GpuTiledAttention.QueryGradient<FourHeadsOf5Biased, FullMask, SoftCapped>(at);

    private static void BiasedKeyValueGradient(AttentionArguments at) => GpuAttention.KeyValueGradient<FourHeadsOf5Biased, FullMask, SoftCapped>(at);

    private static void BiasedKeyValueGradientTiled(AttentionArguments at) => GpuTiledAttention.KeyValueGradient<FourHeadsOf5Biased, FullMask, SoftCapped>(at);

    private static void BiasedBiasGradient(AttentionArguments at) => GpuAttention.BiasGradient<FourHeadsOf5Biased, FullMask, SoftCapped>(at);

    private static void BiasedCached(CachedAttentionArguments at) => GpuAttention.Cached<FourHeadsOf5Biased, FullMask, SoftCapped>(at);

    private static void BiasedCachedTiled(CachedAttentionArguments at) => GpuTiledAttention.Cached<FourHeadsOf5Biased, FullMask, SoftCapped>(at);

    private static void BiasedWindow(AttentionArguments at) => GpuAttention.Forward<ThreeHeadsOf1Biased, Window, Scaled>(at);

    private static void BiasedWindowTiled(AttentionArguments at) => GpuTiledAttention.Forward<ThreeHeadsOf1Biased, Window, Scaled>(at);

    private static void BiasedWindowQueryGradient(AttentionArguments at) => GpuAttention.QueryGradient<ThreeHeadsOf1Biased, Window, Scaled>(at);

    private static void BiasedWindowQueryGradientTiled(AttentionArguments at) => GpuTiledAttention.QueryGradient<ThreeHeadsOf1Biased, Window, Scaled>(at);

    private static void BiasedWindowKeyValueGradient(AttentionArguments at) => GpuAttention.KeyValueGradient<ThreeHeadsOf1Biased, Window, Scaled>(at);

    private static void BiasedWindowKeyValueGradientTiled(AttentionArguments at) => GpuTiledAttention.KeyValueGradient<ThreeHeadsOf1Biased, Window, Scaled>(at);

    private static void BiasedWindowBiasGradient(AttentionArguments at) => GpuAttention.BiasGradient<ThreeHeadsOf1Biased, Window, Scaled>(at);

    private static void BiasedWindowCached(CachedAttentionArguments at) => GpuAttention.Cached<ThreeHeadsOf1Biased, Window, Scaled>(at);

    private static void BiasedWindowCachedTiled(CachedAttentionArguments at) => GpuTiledAttention.Cached<ThreeHeadsOf1Biased, Window, Scaled>(at);
}

/// <summary>Names of entry points.</summary>
internal static class KernelName
{
    public static string Of<TFusion, TWeight>(string algorithm)
        where TWeight : struct, IStorage => algorithm + typeof(TFusion).Name + (TWeight.Format == NumberFormat.BF16 ? "BFloat16" : "");
}
