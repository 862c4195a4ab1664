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

    /// <summary>
    /// tokenTableGradient[tokens[r]] += outputGradient[r], except where the token is <see cref="IEmbeddingShape.PaddingToken"/>; and the same for positions,
    /// without an exception.
    /// </summary>
    void EmbedBackward<TShape>(Place tokens, Place positions, Place outputGradient, Place tokenTableGradient, Place positionTableGradient, int rows, [CallerArgumentExpression(nameof(tokenTableGradient))] string resultName = "")
        where TShape : struct, IEmbeddingShape;

    /// <summary>
    /// output = (x - mean) · rstd · (GainOffset + gain) + bias by row and group, contiguous [rows, Groups · Width]; statistics = (mean, rstd), two floats a row
    /// and group; the mean is 0 where the shape does not center.
    /// </summary>
    void Normalize<TShape, TWeight>(Place x, Place gain, Place bias, Place output, Place statistics, int rows, [CallerArgumentExpression(nameof(output))] string resultName = "")
        where TShape : struct, INormShape
        where TWeight : struct, IStorage;

    /// <summary>
    /// inputGradient = fusion(rstd · (g - mean(g) - x̂ · mean(g · x̂))) with g = outputGradient · (GainOffset + gain) and x̂ = (x - mean) · rstd, without mean(g)
    /// where the shape does not center;
    /// gainGradient += Σ outputGradient · x̂ and biasGradient += Σ outputGradient over the rows and groups.
    /// <paramref name="outputGradient"/> is contiguous; <paramref name="full"/> and <paramref name="saved"/> lie as the input and its gradient do.
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
    /// output = softmax(score(query · keyᵀ) + bias) · value for each sequence and head, in tiles; logSumExp[r, head] = ln Σ exp(score + bias). Queries are
    /// batch · time rows, keys and values batch · keyTime. A query sees the keys that both mask and bounds let it see; one that sees none gets 0, and 0 for the logarithm.
    /// </summary>
    /// <param name="query">[batch · time, Heads, HeadSize] at the shape's strides.</param>
    /// <param name="key">[batch · keyTime, KeyValueHeads, HeadSize] at the shape's strides.</param>
    /// <param name="value">As the keys, at the values' stride.</param>
    /// <param name="bias">Where the shape has one, with every distance that the mask lets a query see.</param>
    /// <param name="bounds">[batch, 2] integers, each sequence's first visible key and the one after its last; <see cref="Place.None"/> where all keys are.</param>
    /// <param name="output">[batch · time, Heads, HeadSize].</param>
    /// <param name="logSumExp">[batch · time, Heads].</param>
    /// <param name="batch">Sequences.</param>
    /// <param name="time">Queries of a sequence.</param>
    /// <param name="keyTime">Keys of a sequence: as many in self-attention.</param>
    /// <param name="site">Of the dropout of probabilities.</param>
    /// <param name="resultName">See <see cref="ITarget"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A sequence has no query or no key.</exception>
    /// <exception cref="ArgumentException">The bias lacks distances.</exception>
    void Attention<TShape, TMask, TScore>(
        Place query, Place key, Place value, RelativeBias bias, Place bounds, Place output, Place logSumExp, int batch, int time, int keyTime, uint site = 0, [CallerArgumentExpression(nameof(output))] string resultName = "")
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier;

    /// <summary>
    /// The gradients of query, key and value, the probabilities recomputed from <paramref name="logSumExp"/>; <paramref name="delta"/> is scratch of
    /// one float a row and head for Σ outputGradient · output (Dao, FlashAttention-2, arXiv:2307.08691). Operands and errors are those of
    /// <see cref="Attention"/>.
    /// <paramref name="biasGradient"/>, unless it is <see cref="Place.None"/>, becomes [batch, Heads, Stride of the bias]: each sequence's sums, by distance, of the
    /// gradients of score + bias, 0 where no query sees a key at that distance.
    /// </summary>
    void AttentionBackward<TShape, TMask, TScore>(
        Place query, Place key, Place value, RelativeBias bias, Place bounds, Place output, Place logSumExp, Place outputGradient, Place delta, Place queryGradient, Place keyGradient, Place valueGradient, Place biasGradient, int batch, int time, int keyTime, uint site = 0, [CallerArgumentExpression(nameof(queryGradient))] string resultName = "")
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier;

    /// <summary>
    /// Stores each row's key and value in its slot of <paramref name="cache"/> at its position. The cache of a layer is
    /// [slot][keys, values][KeyValueHeads][capacity][HeadSize] floats, so that what a head reads lies together.
    /// </summary>
    void StoreKeys<TShape>(Place key, Place value, Place positions, Place slots, Place cache, int rows, int capacity)
        where TShape : struct, IAttentionShape;

    /// <summary>
    /// Lets each row's query attend to what <see cref="StoreKeys"/> has stored in its slot, from the first key that the mask lets its position see up to the
    /// position itself; a row at position -1 sees none and gets 0. A bias is taken at the distance of the key's position from the row's.
    /// </summary>
    void CachedAttention<TShape, TMask, TScore>(Place query, RelativeBias bias, Place positions, Place slots, Place cache, Place output, int rows, int capacity)
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

    /// <summary>output = 0: [rows, Width].</summary>
    void Clear<TShape>(Place output, int rows)
        where TShape : struct, IMapShape;

    /// <summary>
    /// The gradient of <see cref="GatherRows"/>: output = 0 but for output[indices[i]] += x[i], [count, Width] to [rows, Width], added in the order of x.
    /// </summary>
    void ScatterRows<TShape>(Place x, Place indices, Place output, int count, int rows, [CallerArgumentExpression(nameof(output))] string resultName = "")
        where TShape : struct, IMapShape;

    /// <summary>
    /// output[s] = the mean of the rows bounds[s, 0] .. bounds[s, 1] - 1 of sequence s, 0 where there are none: [batch · time, Width] to [batch, Width].
    /// <paramref name="bounds"/> are integers from 0 to <paramref name="time"/>, [batch, 2]; <see cref="Place.None"/> stands for whole sequences.
    /// </summary>
    void MeanRows<TShape>(Place x, Place bounds, Place output, int batch, int time, [CallerArgumentExpression(nameof(output))] string resultName = "")
        where TShape : struct, IMapShape;

    /// <summary>inputGradient = outputGradient[s] / count for the rows within the bounds of sequence s, 0 for the others: [batch · time, Width].</summary>
    void MeanRowsBackward<TShape>(Place outputGradient, Place bounds, Place inputGradient, int batch, int time, [CallerArgumentExpression(nameof(inputGradient))] string resultName = "")
        where TShape : struct, IMapShape;

    /// <summary>norms[r] = ‖x[r]‖₂ and output = x / max(norm, 1e-12) by row, [rows, Width], as PyTorch's <c>F.normalize</c>.</summary>
    void NormalizeLength<TShape>(Place x, Place output, Place norms, int rows, [CallerArgumentExpression(nameof(output))] string resultName = "")
        where TShape : struct, IMapShape;

    /// <summary>inputGradient = (g - output · Σ g · output) / norm with g = outputGradient, and g / 1e-12 where the norm is smaller: [rows, Width].</summary>
    void NormalizeLengthBackward<TShape>(Place outputGradient, Place output, Place norms, Place inputGradient, int rows, [CallerArgumentExpression(nameof(inputGradient))] string resultName = "")
        where TShape : struct, IMapShape;

    /// <summary>output[h, i] = table[buckets[i], h]: [Buckets, Heads] to [Heads, distances], a bias for each relative position.</summary>
    void ExpandBias<TShape, TWeight>(Place table, Place buckets, Place output, int distances, [CallerArgumentExpression(nameof(output))] string resultName = "")
        where TShape : struct, IRelativeBiasShape
        where TWeight : struct, IStorage;

    /// <summary>tableGradient[buckets[i], h] += Σ distanceGradient[s, h, i] over the sequences: [batch, Heads, distances] to [Buckets, Heads].</summary>
    void ExpandBiasBackward<TShape>(Place distanceGradient, Place buckets, Place tableGradient, int batch, int distances, [CallerArgumentExpression(nameof(tableGradient))] string resultName = "")
        where TShape : struct, IRelativeBiasShape;

    /// <summary>
    /// losses[r] = ln Σ exp(logits[r]) - logits[r, target], by chunks of rows in <paramref name="logits"/>, which is scratch; logits = z, or c · tanh(z / c)
    /// with a soft cap c, and z = x · Wᵀ + bias, W of [Vocabulary, Width] and the bias of [Vocabulary] where the shape has one.
    /// </summary>
    void CrossEntropy<TShape, TWeight>(Place x, Place weight, Place bias, Place targets, Place logits, Place losses, int rows)
        where TShape : struct, IHeadShape
        where TWeight : struct, IStorage;

    /// <summary>
    /// The loss, and in the same pass over the chunks its gradients: inputGradient = dz · W, weightGradient += dzᵀ · x, biasGradient += Σ dz over the rows, where
    /// dz = (softmax(logits) - onehot(target)) · lossScale, times 1 - (logits / c)² with a soft cap. A bias that is not trained has <see cref="Place.None"/> for its gradient.
    /// </summary>
    void CrossEntropyWithGradient<TShape>(
        Place x, Place weight, Place bias, Place targets, Place logits, Place losses, Place inputGradient, Place weightGradient, Place biasGradient, float lossScale, int rows, [CallerArgumentExpression(nameof(losses))] string resultName = "")
        where TShape : struct, IHeadShape;

    /// <summary>
    /// The loss of extractive question answering, whose logits, [batch · time, 2], say where an answer starts and ends: losses[s] = ½ (the cross entropy of
    /// the start over the rows within the bounds of sequence s, whose target is row starts[s], + the same for the end). A target outside the bounds counts 0.
    /// The gradient, where it is wanted, is written for all rows, times <paramref name="lossScale"/>; <see cref="Place.None"/> where it is not.
    /// </summary>
    /// <remarks>
    /// As <c>BertForQuestionAnswering</c> in transformers, except that rows outside the bounds, which are padding, take no part in the softmax: there they do.
    /// </remarks>
    void SpanCrossEntropy(
        Place logits, Place bounds, Place starts, Place ends, Place losses, Place logitsGradient, float lossScale, int batch, int time, [CallerArgumentExpression(nameof(losses))] string resultName = "");
}

/// <summary>Work that runs on whatever target a device has: how generic launch sequences are called without naming the target.</summary>
public interface ITargetAction
{
    /// <summary>Runs the launches.</summary>
    void Invoke<TTarget>(in TTarget on)
        where TTarget : struct, ITarget;
}
