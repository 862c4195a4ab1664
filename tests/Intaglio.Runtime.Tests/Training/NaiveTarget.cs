using Intaglio.Numerics;
using Intaglio.Runtime.Tests.Kernels;

namespace Intaglio.Runtime.Tests.Training;

/// <summary>
/// Every launch as its definition reads, in the cases of the model that the trainer is tested with: weights are FP32, norms are LayerNorms of whole rows, the
/// head has neither bias nor cap, no token is padding, and there is no dropout.
/// </summary>
internal readonly struct NaiveTarget(NaiveExecution on) : ITarget
{
    public void Embed<TShape, TFusion, TWeight>(Place tokens, Place positions, Place tokenTable, Place positionTable, Place output, int rows, uint site = 0, string resultName = "")
        where TShape : struct, IEmbeddingShape
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage
    {
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < TShape.Width; c++)
            {
                var position = TShape.Positions > 0 ? on.Floats(positionTable)[(on.Integers(positions)[r] * TShape.Width) + c] : 0;
                on.Floats(output)[(r * TShape.Width) + c] = on.Floats(tokenTable)[(on.Integers(tokens)[r] * TShape.Width) + c] + position;
            }
        }
    }

    public void EmbedBackward<TShape>(Place tokens, Place positions, Place outputGradient, Place tokenTableGradient, Place positionTableGradient, int rows, string resultName = "")
        where TShape : struct, IEmbeddingShape
    {
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < TShape.Width; c++)
            {
                var gradient = on.Floats(outputGradient)[(r * TShape.Width) + c];
                on.Floats(tokenTableGradient)[(on.Integers(tokens)[r] * TShape.Width) + c] += gradient;
                if (TShape.Positions > 0)
                    on.Floats(positionTableGradient)[(on.Integers(positions)[r] * TShape.Width) + c] += gradient;
            }
        }
    }

    public void Normalize<TShape, TWeight>(Place x, Place gain, Place bias, Place output, Place statistics, int rows, string resultName = "")
        where TShape : struct, INormShape
        where TWeight : struct, IStorage
    {
        for (var r = 0; r < rows; r++)
        {
            var row = on.Floats(x).Slice(r * TShape.Width, TShape.Width);
            double mean = 0, variance = 0;
            foreach (var value in row)
                mean += value / (double)TShape.Width;
            foreach (var value in row)
                variance += (value - mean) * (value - mean) / TShape.Width;

            var rstd = 1 / Math.Sqrt(variance + TShape.Epsilon);
            for (var c = 0; c < TShape.Width; c++)
                on.Floats(output)[(r * TShape.Width) + c] = (float)(((row[c] - mean) * rstd * on.Floats(gain)[c]) + (TShape.HasBias ? on.Floats(bias)[c] : 0));

            on.Floats(statistics)[2 * r] = (float)mean;
            on.Floats(statistics)[(2 * r) + 1] = (float)rstd;
        }
    }

    public void NormalizeBackward<TShape, TFusion, TWeight>(
        Place outputGradient, Place x, Place gain, Place statistics, Place row, Place full, Place inputGradient, Place saved, Place gainGradient, Place biasGradient, int rows, uint site = 0, string resultName = "")
        where TShape : struct, INormShape
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage
    {
        var width = TShape.Width;
        for (var r = 0; r < rows; r++)
        {
            double mean = on.Floats(statistics)[2 * r], rstd = on.Floats(statistics)[(2 * r) + 1], meanOfG = 0, meanOfGx = 0;
            for (var c = 0; c < width; c++)
            {
                double dy = on.Floats(outputGradient)[(r * width) + c], xhat = (on.Floats(x)[(r * width) + c] - mean) * rstd;
                meanOfG += dy * on.Floats(gain)[c] / width;
                meanOfGx += dy * on.Floats(gain)[c] * xhat / width;
                on.Floats(gainGradient)[c] += (float)(dy * xhat);
                if (TShape.HasBias)
                    on.Floats(biasGradient)[c] += (float)dy;
            }

            for (var c = 0; c < width; c++)
            {
                double g = on.Floats(outputGradient)[(r * width) + c] * on.Floats(gain)[c], xhat = (on.Floats(x)[(r * width) + c] - mean) * rstd;
                Store<TFusion>(rstd * (g - meanOfG - (xhat * meanOfGx)), r, c, width, row, full, inputGradient, saved);
            }
        }
    }

    public void MatMul<TShape, TFusion, TWeight>(Place x, Place weight, Place row, Place full, Place output, Place saved, int rows, uint site = 0, string resultName = "")
        where TShape : struct, IMatMulShape
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage
    {
        var inputs = on.Floats(x);
        var weights = on.Floats(weight);
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < TShape.Columns; c++)
            {
                var sum = 0.0;
                for (var k = 0; k < TShape.Inner; k++)
                    sum += (double)inputs[(r * TShape.Inner) + k] * weights[WeightIndex<TShape>(k, c)];

                Store<TFusion>(sum, r, c, TShape.Columns, row, full, output, saved);
            }
        }
    }

    public void WeightGradient<TShape>(Place x, Place outputGradient, Place weightGradient, Place? biasGradient, int rows, string resultName = "")
        where TShape : struct, IMatMulShape
    {
        var inputs = on.Floats(x);
        var gradients = on.Floats(outputGradient);
        for (var c = 0; c < TShape.Columns; c++)
        {
            for (var k = 0; k < TShape.Inner; k++)
            {
                var sum = 0.0;
                for (var r = 0; r < rows; r++)
                    sum += (double)inputs[(r * TShape.Inner) + k] * gradients[(r * TShape.Columns) + c];

                on.Floats(weightGradient)[WeightIndex<TShape>(k, c)] += (float)sum;
            }

            for (var r = 0; biasGradient is { } bias && r < rows; r++)
                on.Floats(bias)[c] += gradients[(r * TShape.Columns) + c];
        }
    }

    public void Attention<TShape, TMask, TScore>(
        Place query, Place key, Place value, RelativeBias bias, Place bounds, Place output, Place logSumExp, int batch, int time, int keyTime, uint site = 0, string resultName = "")
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        RequireSelfAttention<TShape>(bounds, time, keyTime);
        for (var row = 0; row < batch * time; row++)
        {
            for (var head = 0; head < TShape.Heads; head++)
            {
                var (start, position) = (row - (row % time), row % time);
                var keys = new double[time];
                var end = TMask.End(position, time);
                for (var j = TMask.First(position); j < end; j++)
                    keys[j] = TScore.Invoke(new D1(Dot<TShape>(query, row, key, start + j, head))).Value;

                var sum = 0.0;
                for (var j = TMask.First(position); j < end; j++)
                    sum += Math.Exp(keys[j]);

                on.Floats(logSumExp)[(row * TShape.Heads) + head] = (float)Math.Log(sum);
                for (var d = 0; d < TShape.HeadSize; d++)
                {
                    var mixed = 0.0;
                    for (var j = TMask.First(position); j < end; j++)
                        mixed += Math.Exp(keys[j]) / sum * on.Floats(value)[((start + j) * TShape.ValueStride) + (head * TShape.HeadSize) + d];

                    on.Floats(output)[(((row * TShape.Heads) + head) * TShape.HeadSize) + d] = (float)mixed;
                }
            }
        }
    }

    public void AttentionBackward<TShape, TMask, TScore>(
        Place query, Place key, Place value, RelativeBias bias, Place bounds, Place output, Place logSumExp, Place outputGradient, Place delta, Place queryGradient, Place keyGradient, Place valueGradient, Place biasGradient, int batch, int time, int keyTime, uint site = 0, string resultName = "")
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        RequireSelfAttention<TShape>(bounds, time, keyTime);
        var width = TShape.Heads * TShape.HeadSize;
        for (var row = 0; row < batch * time; row++)
        {
            on.Floats(queryGradient).Slice(row * TShape.QueryStride, width).Clear();
            on.Floats(keyGradient).Slice(row * TShape.KeyStride, width).Clear();
            on.Floats(valueGradient).Slice(row * TShape.ValueStride, width).Clear();
        }

        for (var row = 0; row < batch * time; row++)
        {
            for (var head = 0; head < TShape.Heads; head++)
            {
                var (start, position) = (row - (row % time), row % time);
                var sumOfOutput = 0.0;
                for (var d = 0; d < TShape.HeadSize; d++)
                    sumOfOutput += (double)on.Floats(output)[(row * width) + (head * TShape.HeadSize) + d] * on.Floats(outputGradient)[(row * width) + (head * TShape.HeadSize) + d];

                for (var j = TMask.First(position); j < TMask.End(position, time); j++)
                {
                    var product = new D1(Dot<TShape>(query, row, key, start + j, head));
                    var probability = Math.Exp(TScore.Invoke(product).Value - on.Floats(logSumExp)[(row * TShape.Heads) + head]);
                    var probabilityGradient = 0.0;
                    for (var d = 0; d < TShape.HeadSize; d++)
                    {
                        var gradient = on.Floats(outputGradient)[(row * width) + (head * TShape.HeadSize) + d];
                        var at = ((start + j) * TShape.ValueStride) + (head * TShape.HeadSize) + d;
                        probabilityGradient += (double)gradient * on.Floats(value)[at];
                        on.Floats(valueGradient)[at] += (float)(probability * gradient);
                    }

                    var productGradient = probability * (probabilityGradient - sumOfOutput) * TScore.Derivative(product).Value;
                    for (var d = 0; d < TShape.HeadSize; d++)
                    {
                        var (q, k) = ((row * TShape.QueryStride) + (head * TShape.HeadSize) + d, ((start + j) * TShape.KeyStride) + (head * TShape.HeadSize) + d);
                        on.Floats(queryGradient)[q] += (float)(productGradient * on.Floats(key)[k]);
                        on.Floats(keyGradient)[k] += (float)(productGradient * on.Floats(query)[q]);
                    }
                }
            }
        }
    }

    public void StoreKeys<TShape>(Place key, Place value, Place positions, Place slots, Place cache, int rows, int capacity)
        where TShape : struct, IAttentionShape
    {
        var width = TShape.KeyValueHeads * TShape.HeadSize;
        for (var row = 0; row < rows; row++)
        {
            var (keys, values) = Slot<TShape>(slots, row, capacity);
            var position = on.Integers(positions)[row];
            on.Floats(key).Slice(row * TShape.KeyStride, width).CopyTo(on.Floats(cache)[(keys + (position * width))..]);
            on.Floats(value).Slice(row * TShape.ValueStride, width).CopyTo(on.Floats(cache)[(values + (position * width))..]);
        }
    }

    public void CachedAttention<TShape, TMask, TScore>(Place query, RelativeBias bias, Place positions, Place slots, Place cache, Place output, int rows, int capacity)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        var width = TShape.KeyValueHeads * TShape.HeadSize;
        for (var row = 0; row < rows; row++)
        {
            var (keys, values) = Slot<TShape>(slots, row, capacity);
            var count = on.Integers(positions)[row] + 1;
            for (var head = 0; head < TShape.Heads; head++)
            {
                var scores = new double[count];
                for (var j = 0; j < count; j++)
                {
                    var product = 0.0;
                    for (var d = 0; d < TShape.HeadSize; d++)
                        product += (double)on.Floats(query)[(row * TShape.QueryStride) + (head * TShape.HeadSize) + d] * on.Floats(cache)[keys + (j * width) + (head * TShape.HeadSize) + d];

                    scores[j] = Math.Exp(TScore.Invoke(new D1(product)).Value);
                }

                for (var d = 0; d < TShape.HeadSize; d++)
                {
                    var mixed = 0.0;
                    for (var j = 0; j < count; j++)
                        mixed += scores[j] / scores.Sum() * on.Floats(cache)[values + (j * width) + (head * TShape.HeadSize) + d];

                    on.Floats(output)[(((row * TShape.Heads) + head) * TShape.HeadSize) + d] = (float)mixed;
                }
            }
        }
    }

    public void Map<TShape, TFusion>(Place x, Place row, Place full, Place output, Place saved, int rows, uint site = 0, string resultName = "")
        where TShape : struct, IMapShape
        where TFusion : struct, IFusion
    {
        for (var i = 0; i < rows * TShape.Width; i++)
            Store<TFusion>(on.Floats(x)[i], i / TShape.Width, i % TShape.Width, TShape.Width, row, full, output, saved);
    }

    /// <inheritdoc/>
    public void Rotate<TShape>(Place query, Place key, Place positions, Place table, int rows, string resultName = "")
        where TShape : struct, IRotaryShape => throw new NotSupportedException("The trainer is tested with a model that has none.");

    /// <inheritdoc/>
    public void RotateBackward<TShape>(Place queryGradient, Place keyGradient, Place positions, Place table, int rows, string resultName = "")
        where TShape : struct, IRotaryShape => throw new NotSupportedException("The trainer is tested with a model that has none.");

    /// <inheritdoc/>
    public void Gate<TShape, TGate, TFusion>(Place x, Place row, Place full, Place output, Place saved, int rows, uint site = 0, string resultName = "")
        where TShape : struct, IGateShape
        where TGate : struct, IGate
        where TFusion : struct, IFusion => throw new NotSupportedException("The trainer is tested with a model that has none.");

    /// <inheritdoc/>
    public void GateBackward<TShape, TGate>(Place x, Place outputGradient, Place inputGradient, int rows, string resultName = "")
        where TShape : struct, IGateShape
        where TGate : struct, IGate => throw new NotSupportedException("The trainer is tested with a model that has none.");

    public void SumRows<TShape>(Place x, Place gradient, int rows, string resultName = "")
        where TShape : struct, IMapShape
    {
        for (var i = 0; i < rows * TShape.Width; i++)
            on.Floats(gradient)[i % TShape.Width] += on.Floats(x)[i];
    }

    public void GatherRows<TShape>(Place x, Place indices, Place output, int count)
        where TShape : struct, IMapShape
    {
        for (var i = 0; i < count; i++)
            on.Floats(x).Slice(on.Integers(indices)[i] * TShape.Width, TShape.Width).CopyTo(on.Floats(output)[(i * TShape.Width)..]);
    }

    /// <inheritdoc/>
    public void Clear<TShape>(Place output, int rows)
        where TShape : struct, IMapShape => throw new NotSupportedException("The trainer is tested with a model that has none.");

    /// <inheritdoc/>
    public void ScatterRows<TShape>(Place x, Place indices, Place output, int count, int rows, string resultName = "")
        where TShape : struct, IMapShape => throw new NotSupportedException("The trainer is tested with a model that has none.");

    /// <inheritdoc/>
    public void MeanRows<TShape>(Place x, Place bounds, Place output, int batch, int time, string resultName = "")
        where TShape : struct, IMapShape => throw new NotSupportedException("The trainer is tested with a model that has none.");

    /// <inheritdoc/>
    public void MeanRowsBackward<TShape>(Place outputGradient, Place bounds, Place inputGradient, int batch, int time, string resultName = "")
        where TShape : struct, IMapShape => throw new NotSupportedException("The trainer is tested with a model that has none.");

    /// <inheritdoc/>
    public void NormalizeLength<TShape>(Place x, Place output, Place norms, int rows, string resultName = "")
        where TShape : struct, IMapShape => throw new NotSupportedException("The trainer is tested with a model that has none.");

    /// <inheritdoc/>
    public void NormalizeLengthBackward<TShape>(Place outputGradient, Place output, Place norms, Place inputGradient, int rows, string resultName = "")
        where TShape : struct, IMapShape => throw new NotSupportedException("The trainer is tested with a model that has none.");

    /// <inheritdoc/>
    public void ExpandBias<TShape, TWeight>(Place table, Place buckets, Place output, int distances, string resultName = "")
        where TShape : struct, IRelativeBiasShape
        where TWeight : struct, IStorage => throw new NotSupportedException("The trainer is tested with a model that has none.");

    /// <inheritdoc/>
    public void ExpandBiasBackward<TShape>(Place distanceGradient, Place buckets, Place tableGradient, int batch, int distances, string resultName = "")
        where TShape : struct, IRelativeBiasShape => throw new NotSupportedException("The trainer is tested with a model that has none.");

    /// <inheritdoc/>
    public void SpanCrossEntropy(Place logits, Place bounds, Place starts, Place ends, Place losses, Place logitsGradient, float lossScale, int batch, int time, string resultName = "") =>
        throw new NotSupportedException("The trainer is tested with a model that has none.");

    public void CrossEntropy<TShape, TWeight>(Place x, Place weight, Place bias, Place targets, Place logits, Place losses, int rows)
        where TShape : struct, IHeadShape
        where TWeight : struct, IStorage
    {
        for (var r = 0; r < rows; r++)
            (_, on.Floats(losses)[r]) = Softmax<TShape>(x, weight, targets, r);
    }

    public void CrossEntropyWithGradient<TShape>(
        Place x, Place weight, Place bias, Place targets, Place logits, Place losses, Place inputGradient, Place weightGradient, Place biasGradient, float lossScale, int rows, string resultName = "")
        where TShape : struct, IHeadShape
    {
        for (var r = 0; r < rows; r++)
        {
            var target = on.Integers(targets)[r];
            (var probabilities, on.Floats(losses)[r]) = Softmax<TShape>(x, weight, targets, r);
            var inputRow = new double[TShape.Width];
            var inputs = on.Floats(x);
            var weights = on.Floats(weight);
            var weightGradients = on.Floats(weightGradient);
            for (var v = 0; target >= 0 && v < TShape.Vocabulary; v++)
            {
                var gradient = (probabilities[v] - (v == target ? 1 : 0)) * lossScale;
                for (var c = 0; c < TShape.Width; c++)
                {
                    inputRow[c] += gradient * weights[(v * TShape.Width) + c];
                    weightGradients[(v * TShape.Width) + c] += (float)(gradient * inputs[(r * TShape.Width) + c]);
                }
            }

            for (var c = 0; c < TShape.Width; c++)
                on.Floats(inputGradient)[(r * TShape.Width) + c] = (float)inputRow[c];
        }
    }

    private (double[] Probabilities, float Loss) Softmax<TShape>(Place x, Place weight, Place targets, int row)
        where TShape : struct, IHeadShape
    {
        var values = new double[TShape.Vocabulary];
        var inputs = on.Floats(x);
        var weights = on.Floats(weight);
        for (var v = 0; v < TShape.Vocabulary; v++)
        {
            for (var c = 0; c < TShape.Width; c++)
                values[v] += (double)inputs[(row * TShape.Width) + c] * weights[(v * TShape.Width) + c];
        }

        var logSumExp = Math.Log(values.Sum(Math.Exp));
        var target = on.Integers(targets)[row];
        return ([.. values.Select(value => Math.Exp(value - logSumExp))], target < 0 ? 0 : (float)(logSumExp - values[target]));
    }

    private (int Keys, int Values) Slot<TShape>(Place slots, int row, int capacity)
        where TShape : struct, IAttentionShape
    {
        var width = TShape.KeyValueHeads * TShape.HeadSize;
        var start = on.Integers(slots)[row] * 2 * capacity * width;
        return (start, start + (capacity * width));
    }

    private static void RequireSelfAttention<TShape>(Place bounds, int time, int keyTime)
        where TShape : struct, IAttentionShape
    {
        if (TShape.HasBias || bounds != Place.None || keyTime != time || TShape.HeadStride != TShape.HeadSize)
            throw new NotSupportedException("The trainer is tested with a model that attends to itself, without padding or bias.");
    }

    private double Dot<TShape>(Place x, int xRow, Place y, int yRow, int head)
        where TShape : struct, IAttentionShape
    {
        var sum = 0.0;
        for (var d = head * TShape.HeadSize; d < (head + 1) * TShape.HeadSize; d++)
            sum += (double)on.Floats(x)[(xRow * TShape.QueryStride) + d] * on.Floats(y)[(yRow * TShape.KeyStride) + d];

        return sum;
    }

    private void Store<TFusion>(double x, int r, int c, int width, Place row, Place full, Place output, Place saved)
        where TFusion : struct, IFusion
    {
        var rowValue = new D1(TFusion.HasRow ? on.Floats(row)[c] : 0);
        var fullValue = new D1(TFusion.HasFull ? on.Floats(full)[(r * width) + c] : 0);
        on.Floats(output)[(r * width) + c] = (float)TFusion.Invoke(new D1(x), rowValue, fullValue, new D1(1), out var second).Value;
        if (TFusion.Saves)
            on.Floats(saved)[(r * width) + c] = (float)second.Value;
    }

    private static int WeightIndex<TShape>(int k, int c)
        where TShape : struct, IMatMulShape => TShape.Transposed ? (c * TShape.Inner) + k : (k * TShape.Columns) + c;
}
