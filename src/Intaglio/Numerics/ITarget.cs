using System.Runtime.CompilerServices;

namespace Intaglio.Numerics;

/// <summary>
/// The launches of which compiled models are made. A model's sequence of launches is emitted once, generic over the target; <c>OnCpu</c> calls the SIMD
/// library, <c>OnIlgpu</c> launches the model's GPU kernels. Activations are FP32 and row-major; weights are in <c>TWeight</c>'s format.
/// An operand that the shape or fusion does not have is <see cref="Place.None"/>. Where a parameter's gradient is written, it is added to what is there.
/// <c>resultName</c> is how the caller writes the place of the result, such as <c>saved.Attended</c>: by it a launch can be told from others in a message.
/// </summary>
public interface ITarget
{
    /// <summary>output[r] = fusion(tokenTable[tokens[r]] + positionTable[positions[r]]): [rows, Width].</summary>
    void Embed<TShape, TFusion, TWeight>(Place tokens, Place positions, Place tokenTable, Place positionTable, Place output, int rows, uint site = 0, [CallerArgumentExpression(nameof(output))] string resultName = "")
        where TShape : struct, IEmbeddingShape
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage;

    /// <summary>tokenTableGradient[tokens[r]] += outputGradient[r], and the same for positions.</summary>
    void EmbedBackward<TShape>(Place tokens, Place positions, Place outputGradient, Place tokenTableGradient, Place positionTableGradient, int rows, [CallerArgumentExpression(nameof(tokenTableGradient))] string resultName = "")
        where TShape : struct, IEmbeddingShape;

    /// <summary>output = (x - mean) · rstd · gain + bias by row; statistics[r] = (mean, rstd), two floats a row; the mean is 0 where the shape does not center.</summary>
    void Normalize<TShape, TWeight>(Place x, Place gain, Place bias, Place output, Place statistics, int rows, [CallerArgumentExpression(nameof(output))] string resultName = "")
        where TShape : struct, INormShape
        where TWeight : struct, IStorage;

    /// <summary>
    /// inputGradient = fusion(rstd · (g - mean(g) - x̂ · mean(g · x̂))) with g = outputGradient · gain and x̂ = (x - mean) · rstd, without mean(g) where the
    /// shape does not center;
    /// gainGradient += Σ outputGradient · x̂ and biasGradient += Σ outputGradient over the rows.
    /// </summary>
    void NormalizeBackward<TShape, TFusion, TWeight>(
        Place outputGradient, Place x, Place gain, Place statistics, Place row, Place full, Place inputGradient, Place saved, Place gainGradient, Place biasGradient, int rows, uint site = 0, [CallerArgumentExpression(nameof(inputGradient))] string resultName = "")
        where TShape : struct, INormShape
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage;

    /// <summary>output = fusion(x · W): [rows, Inner] · [Inner, Columns].</summary>
    void MatMul<TShape, TFusion, TWeight>(Place x, Place weight, Place row, Place full, Place output, Place saved, int rows, uint site = 0, [CallerArgumentExpression(nameof(output))] string resultName = "")
        where TShape : struct, IMatMulShape
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage;

    /// <summary>
    /// weightGradient += xᵀ · outputGradient, [Inner, rows] · [rows, Columns], stored as the weight is; biasGradient += Σ outputGradient over the rows
    /// where the product has a bias.
    /// </summary>
    void WeightGradient<TShape>(Place x, Place outputGradient, Place weightGradient, Place? biasGradient, int rows, [CallerArgumentExpression(nameof(weightGradient))] string resultName = "")
        where TShape : struct, IMatMulShape;

    /// <summary>
    /// Turns each head's pairs of columns (a, b), in place, by the angle of the row's position: (a · cos - b · sin, b · cos + a · sin). Row p of
    /// <paramref name="table"/> holds RotatedSize / 2 cosines, then as many sines, of position p.
    /// </summary>
    void Rotate<TShape>(Place query, Place key, Place positions, Place table, int rows, [CallerArgumentExpression(nameof(query))] string resultName = "")
        where TShape : struct, IRotaryShape;

    /// <summary>The gradient of <see cref="Rotate"/>, in place: turns back by the same angles.</summary>
    void RotateBackward<TShape>(Place queryGradient, Place keyGradient, Place positions, Place table, int rows, [CallerArgumentExpression(nameof(queryGradient))] string resultName = "")
        where TShape : struct, IRotaryShape;

    /// <summary>
    /// output = softmax(score(query · keyᵀ)) · value for each sequence and head, in tiles; logSumExp[r, head] = ln Σ exp(score). Rows are batch · time.
    /// </summary>
    void Attention<TShape, TMask, TScore>(Place query, Place key, Place value, Place output, Place logSumExp, int batch, int time, uint site = 0, [CallerArgumentExpression(nameof(output))] string resultName = "")
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier;

    /// <summary>
    /// The gradients of query, key and value, the probabilities recomputed from <paramref name="logSumExp"/>; <paramref name="delta"/> is scratch of
    /// one float a row and head for Σ outputGradient · output (Dao, FlashAttention-2, arXiv:2307.08691).
    /// </summary>
    void AttentionBackward<TShape, TMask, TScore>(
        Place query, Place key, Place value, Place output, Place logSumExp, Place outputGradient, Place delta, Place queryGradient, Place keyGradient, Place valueGradient, int batch, int time, uint site = 0, [CallerArgumentExpression(nameof(queryGradient))] string resultName = "")
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier;

    /// <summary>
    /// Stores each row's key and value in its slot of <paramref name="cache"/> at its position, then lets each row's query attend to its slot up to its
    /// own position. The cache of a layer is [slot][keys, values][KeyValueHeads][capacity][HeadSize] floats, so that what a head reads lies together.
    /// </summary>
    void CachedAttention<TShape, TMask, TScore>(Place query, Place key, Place value, Place positions, Place slots, Place cache, Place output, int rows, int capacity)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier;

    /// <summary>output = fusion(x), element by element over [rows, Width]. The output may be an operand.</summary>
    void Map<TShape, TFusion>(Place x, Place row, Place full, Place output, Place saved, int rows, uint site = 0, [CallerArgumentExpression(nameof(output))] string resultName = "")
        where TShape : struct, IMapShape
        where TFusion : struct, IFusion;

    /// <summary>output = fusion(gate(x[:, ..Width], x[:, Width..])): [rows, 2 · Width] to [rows, Width].</summary>
    void Gate<TShape, TGate, TFusion>(Place x, Place row, Place full, Place output, Place saved, int rows, uint site = 0, [CallerArgumentExpression(nameof(output))] string resultName = "")
        where TShape : struct, IGateShape
        where TGate : struct, IGate
        where TFusion : struct, IFusion;

    /// <summary>The gradients of gate and value, side by side as they are themselves: [rows, Width] and [rows, 2 · Width] to [rows, 2 · Width].</summary>
    void GateBackward<TShape, TGate>(Place x, Place outputGradient, Place inputGradient, int rows, [CallerArgumentExpression(nameof(inputGradient))] string resultName = "")
        where TShape : struct, IGateShape
        where TGate : struct, IGate;

    /// <summary>gradient += Σ x over the rows: [Width].</summary>
    void SumRows<TShape>(Place x, Place gradient, int rows, [CallerArgumentExpression(nameof(gradient))] string resultName = "")
        where TShape : struct, IMapShape;

    /// <summary>output[i] = x[indices[i]]: [count, Width].</summary>
    void GatherRows<TShape>(Place x, Place indices, Place output, int count)
        where TShape : struct, IMapShape;

    /// <summary>
    /// losses[r] = ln Σ exp(logits[r]) - logits[r, target], logits = x · Wᵀ of [Vocabulary, Width], by chunks of rows in <paramref name="logits"/>, which is scratch.
    /// </summary>
    void CrossEntropy<TShape, TWeight>(Place x, Place weight, Place targets, Place logits, Place losses, int rows)
        where TShape : struct, IHeadShape
        where TWeight : struct, IStorage;

    /// <summary>
    /// The loss, and in the same pass over the chunks its gradients: inputGradient = dlogits · W, weightGradient += dlogitsᵀ · x, where
    /// dlogits = (softmax(logits) - onehot(target)) · lossScale.
    /// </summary>
    void CrossEntropyWithGradient<TShape>(
        Place x, Place weight, Place targets, Place logits, Place losses, Place inputGradient, Place weightGradient, float lossScale, int rows, [CallerArgumentExpression(nameof(losses))] string resultName = "")
        where TShape : struct, IHeadShape;
}

/// <summary>Work that runs on whatever target a device has: how generic launch sequences are called without naming the target.</summary>
public interface ITargetAction
{
    /// <summary>Runs the launches.</summary>
    void Invoke<TTarget>(in TTarget on)
        where TTarget : struct, ITarget;
}
