using Intaglio.Numerics;

namespace Intaglio;

/// <summary>Any target, with a look at the results after each launch of a training step; other launches pass.</summary>
/// <param name="on">The target.</param>
/// <param name="inspector">Who looks.</param>
internal readonly struct InspectedTarget<TTarget>(TTarget on, LaunchInspector inspector) : ITarget
    where TTarget : struct, ITarget
{
    public void Embed<TShape, TFusion, TWeight>(Place tokens, Place positions, Place tokenTable, Place positionTable, Place output, int rows, uint site = 0, string resultName = "")
        where TShape : struct, IEmbeddingShape
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage
    {
        on.Embed<TShape, TFusion, TWeight>(tokens, positions, tokenTable, positionTable, output, rows, site, resultName);
        inspector.Check(Launch<TShape, TFusion, TWeight>(nameof(Embed)), new LaunchResult(Name(resultName), output, rows, TShape.Width));
    }

    public void EmbedBackward<TShape>(Place tokens, Place positions, Place outputGradient, Place tokenTableGradient, Place positionTableGradient, int rows, string resultName = "")
        where TShape : struct, IEmbeddingShape
    {
        on.EmbedBackward<TShape>(tokens, positions, outputGradient, tokenTableGradient, positionTableGradient, rows, resultName);
        inspector.Check(
            Launch<TShape>(nameof(EmbedBackward)),
            new(Name(resultName), tokenTableGradient, TShape.Vocabulary, TShape.Width),
            new(nameof(positionTableGradient), positionTableGradient, TShape.Positions, TShape.Width));
    }

    public void Normalize<TShape, TWeight>(Place x, Place gain, Place bias, Place output, Place statistics, int rows, string resultName = "")
        where TShape : struct, INormShape
        where TWeight : struct, IStorage
    {
        on.Normalize<TShape, TWeight>(x, gain, bias, output, statistics, rows, resultName);
        inspector.Check(
            Launch<TShape, TWeight>(nameof(Normalize)),
            new(Name(resultName), output, rows, TShape.Groups * TShape.Width),
            new(nameof(statistics), statistics, rows * TShape.Groups, 2));
    }

    public void NormalizeBackward<TShape, TFusion, TWeight>(
        Place outputGradient, Place x, Place gain, Place statistics, Place row, Place full, Place inputGradient, Place saved, Place gainGradient, Place biasGradient, int rows, uint site = 0, string resultName = "")
        where TShape : struct, INormShape
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage
    {
        on.NormalizeBackward<TShape, TFusion, TWeight>(outputGradient, x, gain, statistics, row, full, inputGradient, saved, gainGradient, biasGradient, rows, site, resultName);
        inspector.Check(
            Launch<TShape, TFusion, TWeight>(nameof(NormalizeBackward)),
            [
                .. Groups<TShape>(Name(resultName), inputGradient, rows),
                .. Groups<TShape>(nameof(saved), saved, TFusion.Saves ? rows : 0),
                new(nameof(gainGradient), gainGradient, 1, TShape.Width),
                new(nameof(biasGradient), biasGradient, TShape.HasBias ? 1 : 0, TShape.Width),
            ]);
    }

    public void MatMul<TShape, TFusion, TWeight>(Place x, Place weight, Place row, Place full, Place output, Place saved, int rows, uint site = 0, string resultName = "")
        where TShape : struct, IMatMulShape
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage
    {
        on.MatMul<TShape, TFusion, TWeight>(x, weight, row, full, output, saved, rows, site, resultName);
        inspector.Check(
            Launch<TShape, TFusion, TWeight>(nameof(MatMul)),
            new(Name(resultName), output, rows, TShape.Columns),
            Saved<TFusion>(saved, rows, TShape.Columns));
    }

    public void WeightGradient<TShape>(Place x, Place outputGradient, Place weightGradient, Place? biasGradient, int rows, string resultName = "")
        where TShape : struct, IMatMulShape
    {
        on.WeightGradient<TShape>(x, outputGradient, weightGradient, biasGradient, rows, resultName);
        inspector.Check(
            Launch<TShape>(nameof(WeightGradient)),
            new(Name(resultName), weightGradient, TShape.Inner, TShape.Columns),
            new(nameof(biasGradient), biasGradient ?? Place.None, biasGradient is null ? 0 : 1, TShape.Columns));
    }

    public void Rotate<TShape>(Place query, Place key, Place positions, Place table, int rows, string resultName = "")
        where TShape : struct, IRotaryShape
    {
        on.Rotate<TShape>(query, key, positions, table, rows, resultName);
        inspector.Check(
            Launch<TShape>(nameof(Rotate)),
            new(Name(resultName), query, rows, Columns(TShape.Heads, TShape.HeadSize, TShape.HeadStride), TShape.QueryStride),
            new(nameof(key), key, rows, Columns(TShape.KeyValueHeads, TShape.HeadSize, TShape.HeadStride), TShape.KeyStride));
    }

    public void RotateBackward<TShape>(Place queryGradient, Place keyGradient, Place positions, Place table, int rows, string resultName = "")
        where TShape : struct, IRotaryShape
    {
        on.RotateBackward<TShape>(queryGradient, keyGradient, positions, table, rows, resultName);
        inspector.Check(
            Launch<TShape>(nameof(RotateBackward)),
            new(Name(resultName), queryGradient, rows, Columns(TShape.Heads, TShape.HeadSize, TShape.HeadStride), TShape.QueryStride),
            new(nameof(keyGradient), keyGradient, rows, Columns(TShape.KeyValueHeads, TShape.HeadSize, TShape.HeadStride), TShape.KeyStride));
    }

    public void Attention<TShape, TMask, TScore>(
        Place query, Place key, Place value, RelativeBias bias, Place bounds, Place output, Place logSumExp, int batch, int time, int keyTime, uint site = 0, string resultName = "")
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        on.Attention<TShape, TMask, TScore>(query, key, value, bias, bounds, output, logSumExp, batch, time, keyTime, site, resultName);
        inspector.Check(
            Launch<TShape, TMask, TScore>(nameof(Attention)),
            new(Name(resultName), output, batch * time, TShape.Heads * TShape.HeadSize),
            new(nameof(logSumExp), logSumExp, batch * time, TShape.Heads));
    }

    public void AttentionBackward<TShape, TMask, TScore>(
        Place query, Place key, Place value, RelativeBias bias, Place bounds, Place output, Place logSumExp, Place outputGradient, Place delta, Place queryGradient, Place keyGradient, Place valueGradient, Place biasGradient, int batch, int time, int keyTime, uint site = 0, string resultName = "")
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        on.AttentionBackward<TShape, TMask, TScore>(
            query, key, value, bias, bounds, output, logSumExp, outputGradient, delta, queryGradient, keyGradient, valueGradient, biasGradient, batch, time, keyTime, site, resultName);
        inspector.Check(
            Launch<TShape, TMask, TScore>(nameof(AttentionBackward)),
            new(Name(resultName), queryGradient, batch * time, Columns(TShape.Heads, TShape.HeadSize, TShape.HeadStride), TShape.QueryStride),
            new(nameof(keyGradient), keyGradient, batch * keyTime, Columns(TShape.KeyValueHeads, TShape.HeadSize, TShape.HeadStride), TShape.KeyStride),
            new(nameof(valueGradient), valueGradient, batch * keyTime, Columns(TShape.KeyValueHeads, TShape.HeadSize, TShape.HeadStride), TShape.ValueStride),
            new(nameof(biasGradient), biasGradient, TShape.HasBias && biasGradient != Place.None ? batch * TShape.Heads : 0, Math.Max(1, bias.Stride)));
    }

    public void StoreKeys<TShape>(Place key, Place value, Place positions, Place slots, Place cache, int rows, int capacity)
        where TShape : struct, IAttentionShape => on.StoreKeys<TShape>(key, value, positions, slots, cache, rows, capacity);

    public void CachedAttention<TShape, TMask, TScore>(Place query, RelativeBias bias, Place positions, Place slots, Place cache, Place output, int rows, int capacity)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier => on.CachedAttention<TShape, TMask, TScore>(query, bias, positions, slots, cache, output, rows, capacity);

    public void Map<TShape, TFusion>(Place x, Place row, Place full, Place output, Place saved, int rows, uint site = 0, string resultName = "")
        where TShape : struct, IMapShape
        where TFusion : struct, IFusion
    {
        on.Map<TShape, TFusion>(x, row, full, output, saved, rows, site, resultName);
        inspector.Check(Launch<TShape, TFusion>(nameof(Map)), new(Name(resultName), output, rows, TShape.Width), Saved<TFusion>(saved, rows, TShape.Width));
    }

    public void Gate<TShape, TGate, TFusion>(Place x, Place row, Place full, Place output, Place saved, int rows, uint site = 0, string resultName = "")
        where TShape : struct, IGateShape
        where TGate : struct, IGate
        where TFusion : struct, IFusion
    {
        on.Gate<TShape, TGate, TFusion>(x, row, full, output, saved, rows, site, resultName);
        inspector.Check(Launch<TShape, TGate, TFusion>(nameof(Gate)), new(Name(resultName), output, rows, TShape.Width), Saved<TFusion>(saved, rows, TShape.Width));
    }

    public void GateBackward<TShape, TGate>(Place x, Place outputGradient, Place inputGradient, int rows, string resultName = "")
        where TShape : struct, IGateShape
        where TGate : struct, IGate
    {
        on.GateBackward<TShape, TGate>(x, outputGradient, inputGradient, rows, resultName);
        inspector.Check(Launch<TShape, TGate>(nameof(GateBackward)), new LaunchResult(Name(resultName), inputGradient, rows, 2 * TShape.Width));
    }

    public void SumRows<TShape>(Place x, Place gradient, int rows, string resultName = "")
        where TShape : struct, IMapShape
    {
        on.SumRows<TShape>(x, gradient, rows, resultName);
        inspector.Check(Launch<TShape>(nameof(SumRows)), new LaunchResult(Name(resultName), gradient, 1, TShape.Width));
    }

    public void GatherRows<TShape>(Place x, Place indices, Place output, int count)
        where TShape : struct, IMapShape => on.GatherRows<TShape>(x, indices, output, count);

    public void Clear<TShape>(Place output, int rows)
        where TShape : struct, IMapShape => on.Clear<TShape>(output, rows);

    public void ScatterRows<TShape>(Place x, Place indices, Place output, int count, int rows, string resultName = "")
        where TShape : struct, IMapShape
    {
        on.ScatterRows<TShape>(x, indices, output, count, rows, resultName);
        inspector.Check(Launch<TShape>(nameof(ScatterRows)), new LaunchResult(Name(resultName), output, rows, TShape.Width));
    }

    public void MeanRows<TShape>(Place x, Place bounds, Place output, int batch, int time, string resultName = "")
        where TShape : struct, IMapShape
    {
        on.MeanRows<TShape>(x, bounds, output, batch, time, resultName);
        inspector.Check(Launch<TShape>(nameof(MeanRows)), new LaunchResult(Name(resultName), output, batch, TShape.Width));
    }

    public void MeanRowsBackward<TShape>(Place outputGradient, Place bounds, Place inputGradient, int batch, int time, string resultName = "")
        where TShape : struct, IMapShape
    {
        on.MeanRowsBackward<TShape>(outputGradient, bounds, inputGradient, batch, time, resultName);
        inspector.Check(Launch<TShape>(nameof(MeanRowsBackward)), new LaunchResult(Name(resultName), inputGradient, batch * time, TShape.Width));
    }

    public void NormalizeLength<TShape>(Place x, Place output, Place norms, int rows, string resultName = "")
        where TShape : struct, IMapShape
    {
        on.NormalizeLength<TShape>(x, output, norms, rows, resultName);
        inspector.Check(Launch<TShape>(nameof(NormalizeLength)), new(Name(resultName), output, rows, TShape.Width), new(nameof(norms), norms, rows, 1));
    }

    public void NormalizeLengthBackward<TShape>(Place outputGradient, Place output, Place norms, Place inputGradient, int rows, string resultName = "")
        where TShape : struct, IMapShape
    {
        on.NormalizeLengthBackward<TShape>(outputGradient, output, norms, inputGradient, rows, resultName);
        inspector.Check(Launch<TShape>(nameof(NormalizeLengthBackward)), new LaunchResult(Name(resultName), inputGradient, rows, TShape.Width));
    }

    public void ExpandBias<TShape, TWeight>(Place table, Place buckets, Place output, int distances, string resultName = "")
        where TShape : struct, IRelativeBiasShape
        where TWeight : struct, IStorage
    {
        on.ExpandBias<TShape, TWeight>(table, buckets, output, distances, resultName);
        inspector.Check(Launch<TShape, TWeight>(nameof(ExpandBias)), new LaunchResult(Name(resultName), output, TShape.Heads, distances));
    }

    public void ExpandBiasBackward<TShape>(Place distanceGradient, Place buckets, Place tableGradient, int batch, int distances, string resultName = "")
        where TShape : struct, IRelativeBiasShape
    {
        on.ExpandBiasBackward<TShape>(distanceGradient, buckets, tableGradient, batch, distances, resultName);
        inspector.Check(Launch<TShape>(nameof(ExpandBiasBackward)), new LaunchResult(Name(resultName), tableGradient, TShape.Buckets, TShape.Heads));
    }

    public void CrossEntropy<TShape, TWeight>(Place x, Place weight, Place bias, Place targets, Place logits, Place losses, int rows)
        where TShape : struct, IHeadShape
        where TWeight : struct, IStorage => on.CrossEntropy<TShape, TWeight>(x, weight, bias, targets, logits, losses, rows);

    public void CrossEntropyWithGradient<TShape>(
        Place x, Place weight, Place bias, Place targets, Place logits, Place losses, Place inputGradient, Place weightGradient, Place biasGradient, float lossScale, int rows, string resultName = "")
        where TShape : struct, IHeadShape
    {
        on.CrossEntropyWithGradient<TShape>(x, weight, bias, targets, logits, losses, inputGradient, weightGradient, biasGradient, lossScale, rows, resultName);
        inspector.Check(
            Launch<TShape>(nameof(CrossEntropyWithGradient)),
            new(Name(resultName), losses, rows, 1),
            new(nameof(inputGradient), inputGradient, rows, TShape.Width),
            new(nameof(weightGradient), weightGradient, TShape.Vocabulary, TShape.Width),
            new(nameof(biasGradient), biasGradient, biasGradient != Place.None ? 1 : 0, TShape.Vocabulary));
    }

    public void SpanCrossEntropy(
        Place logits, Place bounds, Place starts, Place ends, Place losses, Place logitsGradient, float lossScale, int batch, int time, string resultName = "")
    {
        on.SpanCrossEntropy(logits, bounds, starts, ends, losses, logitsGradient, lossScale, batch, time, resultName);
        inspector.Check(
            nameof(SpanCrossEntropy),
            new(Name(resultName), losses, batch, 1),
            new(nameof(logitsGradient), logitsGradient, logitsGradient == Place.None ? 0 : batch * time, 2));
    }

    // What lies between a row's groups is no result of the launch.
    private static IEnumerable<LaunchResult> Groups<TShape>(string name, Place place, int rows)
        where TShape : struct, INormShape => Enumerable.Range(0, TShape.Groups).Select(group => new LaunchResult(
            group == 0 ? name : $"{name}, group {group}", place + (group * TShape.GroupStride * sizeof(float)), rows, TShape.Width, TShape.InputStride));

    private static LaunchResult Saved<TFusion>(Place saved, int rows, int width)
        where TFusion : struct, IFusion => new(nameof(saved), saved, TFusion.Saves ? rows : 0, width);

    // From the first head to the last: what lies between are heads of the other operands.
    private static int Columns(int heads, int headSize, int headStride) => ((heads - 1) * headStride) + headSize;

    // saved.Attended, at.Saved(0).Hidden: the last word is the tensor's.
    private static string Name(string resultName) => resultName[(resultName.LastIndexOf('.') + 1)..];

    private static string Launch<T1>(string algorithm) => $"{algorithm}<{typeof(T1).Name}>";

    private static string Launch<T1, T2>(string algorithm) => $"{algorithm}<{typeof(T1).Name}, {typeof(T2).Name}>";

    private static string Launch<T1, T2, T3>(string algorithm) => $"{algorithm}<{typeof(T1).Name}, {typeof(T2).Name}, {typeof(T3).Name}>";
}
