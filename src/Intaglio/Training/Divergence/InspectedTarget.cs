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
            new(Name(resultName), output, rows, TShape.Width),
            new(nameof(statistics), statistics, rows, 2));
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
            new(Name(resultName), inputGradient, rows, TShape.Width),
            Saved<TFusion>(saved, rows, TShape.Width),
            new(nameof(gainGradient), gainGradient, 1, TShape.Width),
            new(nameof(biasGradient), biasGradient, TShape.HasBias ? 1 : 0, TShape.Width));
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
            new(Name(resultName), query, rows, TShape.Heads * TShape.HeadSize, TShape.RowStride),
            new(nameof(key), key, rows, TShape.KeyValueHeads * TShape.HeadSize, TShape.RowStride));
    }

    public void RotateBackward<TShape>(Place queryGradient, Place keyGradient, Place positions, Place table, int rows, string resultName = "")
        where TShape : struct, IRotaryShape
    {
        on.RotateBackward<TShape>(queryGradient, keyGradient, positions, table, rows, resultName);
        inspector.Check(
            Launch<TShape>(nameof(RotateBackward)),
            new(Name(resultName), queryGradient, rows, TShape.Heads * TShape.HeadSize, TShape.RowStride),
            new(nameof(keyGradient), keyGradient, rows, TShape.KeyValueHeads * TShape.HeadSize, TShape.RowStride));
    }

    public void Attention<TShape, TMask, TScore>(Place query, Place key, Place value, Place output, Place logSumExp, int batch, int time, uint site = 0, string resultName = "")
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        on.Attention<TShape, TMask, TScore>(query, key, value, output, logSumExp, batch, time, site, resultName);
        inspector.Check(
            Launch<TShape, TMask, TScore>(nameof(Attention)),
            new(Name(resultName), output, batch * time, TShape.Heads * TShape.HeadSize),
            new(nameof(logSumExp), logSumExp, batch * time, TShape.Heads));
    }

    public void AttentionBackward<TShape, TMask, TScore>(
        Place query, Place key, Place value, Place output, Place logSumExp, Place outputGradient, Place delta, Place queryGradient, Place keyGradient, Place valueGradient, int batch, int time, uint site = 0, string resultName = "")
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        on.AttentionBackward<TShape, TMask, TScore>(
            query, key, value, output, logSumExp, outputGradient, delta, queryGradient, keyGradient, valueGradient, batch, time, site, resultName);
        inspector.Check(
            Launch<TShape, TMask, TScore>(nameof(AttentionBackward)),
            new(Name(resultName), queryGradient, batch * time, TShape.Heads * TShape.HeadSize, TShape.RowStride),
            new(nameof(keyGradient), keyGradient, batch * time, TShape.KeyValueHeads * TShape.HeadSize, TShape.RowStride),
            new(nameof(valueGradient), valueGradient, batch * time, TShape.KeyValueHeads * TShape.HeadSize, TShape.RowStride));
    }

    public void CachedAttention<TShape, TMask, TScore>(Place query, Place key, Place value, Place positions, Place slots, Place cache, Place output, int rows, int capacity)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier => on.CachedAttention<TShape, TMask, TScore>(query, key, value, positions, slots, cache, output, rows, capacity);

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

    public void CrossEntropy<TShape, TWeight>(Place x, Place weight, Place targets, Place logits, Place losses, int rows)
        where TShape : struct, IHeadShape
        where TWeight : struct, IStorage => on.CrossEntropy<TShape, TWeight>(x, weight, targets, logits, losses, rows);

    public void CrossEntropyWithGradient<TShape>(
        Place x, Place weight, Place targets, Place logits, Place losses, Place inputGradient, Place weightGradient, float lossScale, int rows, string resultName = "")
        where TShape : struct, IHeadShape
    {
        on.CrossEntropyWithGradient<TShape>(x, weight, targets, logits, losses, inputGradient, weightGradient, lossScale, rows, resultName);
        inspector.Check(
            Launch<TShape>(nameof(CrossEntropyWithGradient)),
            new(Name(resultName), losses, rows, 1),
            new(nameof(inputGradient), inputGradient, rows, TShape.Width),
            new(nameof(weightGradient), weightGradient, TShape.Vocabulary, TShape.Width));
    }

    private static LaunchResult Saved<TFusion>(Place saved, int rows, int width)
        where TFusion : struct, IFusion => new(nameof(saved), saved, TFusion.Saves ? rows : 0, width);

    // saved.Attended, at.Saved(0).Hidden: the last word is the tensor's.
    private static string Name(string resultName) => resultName[(resultName.LastIndexOf('.') + 1)..];

    private static string Launch<T1>(string algorithm) => $"{algorithm}<{typeof(T1).Name}>";

    private static string Launch<T1, T2>(string algorithm) => $"{algorithm}<{typeof(T1).Name}, {typeof(T2).Name}>";

    private static string Launch<T1, T2, T3>(string algorithm) => $"{algorithm}<{typeof(T1).Name}, {typeof(T2).Name}, {typeof(T3).Name}>";
}
