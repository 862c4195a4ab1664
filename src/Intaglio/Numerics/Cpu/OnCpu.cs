namespace Intaglio.Numerics.Cpu;

/// <summary>The processor as a target, at one vector width.</summary>
/// <typeparam name="T">The lane of its loops.</typeparam>
/// <param name="on">Regions, threads, working memory and random numbers.</param>
internal readonly unsafe struct OnCpu<T>(CpuExecution on) : ITarget
    where T : struct, IWideLane<T>
{
    /// <inheritdoc/>
    public void Embed<TShape, TFusion, TWeight>(Place tokens, Place positions, Place tokenTable, Place positionTable, Place output, int rows, uint site = 0, string resultName = "")
        where TShape : struct, IEmbeddingShape
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage
    {
        on.Count(Launch.Embed);
        var fusion = Fusion<TFusion, TWeight>(Place.None, Place.None, output, Place.None, TShape.Width, site);
        var work = new LookUpRows<T, TShape, TFusion, TWeight>(
            Integers(tokens), TShape.Positions > 0 ? Integers(positions) : null, on.At(tokenTable), TShape.Positions > 0 ? on.At(positionTable) : null, fusion, rows);
        on.Pool.Run(ref work, work.Items);
    }

    /// <inheritdoc/>
    public void EmbedBackward<TShape>(Place tokens, Place positions, Place outputGradient, Place tokenTableGradient, Place positionTableGradient, int rows, string resultName = "")
        where TShape : struct, IEmbeddingShape
    {
        on.Count(Launch.EmbedBackward);
        Scatter(outputGradient, tokens, tokenTableGradient, TShape.Width, rows, TShape.PaddingToken);
        if (TShape.Positions > 0)
            Scatter(outputGradient, positions, positionTableGradient, TShape.Width, rows);
    }

    /// <inheritdoc/>
    public void Normalize<TShape, TWeight>(Place x, Place gain, Place bias, Place output, Place statistics, int rows, string resultName = "")
        where TShape : struct, INormShape
        where TWeight : struct, IStorage
    {
        on.Count(Launch.Normalize);
        var work = new NormalizeRows<T, TShape, TWeight>(Floats(x), on.At(gain), TShape.HasBias ? on.At(bias) : null, Floats(output), Floats(statistics), rows);
        on.Pool.Run(ref work, work.Items);
    }

    /// <inheritdoc/>
    public void NormalizeBackward<TShape, TFusion, TWeight>(
        Place outputGradient, Place x, Place gain, Place statistics, Place row, Place full, Place inputGradient, Place saved, Place gainGradient, Place biasGradient, int rows, uint site = 0, string resultName = "")
        where TShape : struct, INormShape
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage
    {
        on.Count(Launch.NormalizeBackward);
        var partial = on.Workspace.Shared;
        var fusion = Fusion<TFusion, TWeight>(row, full, inputGradient, saved, TShape.Width, site);
        var blockGroups = NormalizeRowsBackward<T, TShape, TFusion, TWeight>.BlockGroups(rows);
        var work = new NormalizeRowsBackward<T, TShape, TFusion, TWeight>(
            Floats(outputGradient), Floats(x), on.At(gain), Floats(statistics), fusion, partial, blockGroups, rows);
        on.Pool.Run(ref work, work.Items);

        var gains = new AddRows<T>(partial, 2 * TShape.Width, Floats(gainGradient), TShape.Width, work.Items);
        on.Pool.Run(ref gains, gains.Items);
        if (!TShape.HasBias)
            return;

        var biases = new AddRows<T>(partial + TShape.Width, 2 * TShape.Width, Floats(biasGradient), TShape.Width, work.Items);
        on.Pool.Run(ref biases, biases.Items);
    }

    /// <inheritdoc/>
    public void MatMul<TShape, TFusion, TWeight>(Place x, Place weight, Place row, Place full, Place output, Place saved, int rows, uint site = 0, string resultName = "")
        where TShape : struct, IMatMulShape
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage
    {
        on.Count(Launch.MatMul);
        var factors = Rows(Floats(x), on.At(weight), rows, TShape.Columns, TShape.Inner, TShape.Transposed);
        Product.Run<T, TFusion, TWeight>(on, factors, Fusion<TFusion, TWeight>(row, full, output, saved, TShape.Columns, site));
    }

    /// <inheritdoc/>
    public void WeightGradient<TShape>(Place x, Place outputGradient, Place weightGradient, Place? biasGradient, int rows, string resultName = "")
        where TShape : struct, IMatMulShape
    {
        on.Count(Launch.WeightGradient);
        var factors = TShape.Transposed
            ? Columns(Floats(outputGradient), Floats(x), TShape.Columns, TShape.Inner, rows)
            : Columns(Floats(x), Floats(outputGradient), TShape.Inner, TShape.Columns, rows);
        GradientProduct.Add<T>(on, factors, Floats(weightGradient));
        if (biasGradient is { } bias)
            Sum(outputGradient, bias, TShape.Columns, rows);
    }

    /// <inheritdoc/>
    public void Attention<TShape, TMask, TScore>(
        Place query, Place key, Place value, RelativeBias bias, Place bounds, Place output, Place logSumExp, int batch, int time, int keyTime, uint site = 0, string resultName = "")
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        on.Count(Launch.Attention);
        Attend<TShape, TMask, TScore>(Operands<TShape, TMask>(query, key, value, bias, bounds, output, logSumExp, batch, time, keyTime, site));
    }

    /// <inheritdoc/>
    public void AttentionBackward<TShape, TMask, TScore>(
        Place query, Place key, Place value, RelativeBias bias, Place bounds, Place output, Place logSumExp, Place outputGradient, Place delta, Place queryGradient, Place keyGradient, Place valueGradient, Place biasGradient, int batch, int time, int keyTime, uint site = 0, string resultName = "")
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        on.Count(Launch.AttentionBackward);
        var operands = Operands<TShape, TMask>(query, key, value, bias, bounds, output, logSumExp, batch, time, keyTime, site) with
        {
            OutputGradient = Floats(outputGradient),
            Delta = Floats(delta),
            QueryGradient = Floats(queryGradient),
            KeyGradient = Floats(keyGradient),
            ValueGradient = Floats(valueGradient),
            BiasGradient = biasGradient == Place.None ? null : Floats(biasGradient),
        };
        var work = new AttendBackward<T, TShape, TMask, TScore>(operands, on.Workspace);
        if (work.RunsAlone)
            WorkerPool.RunAlone(ref work, work.Items);
        else
            on.Pool.Run(ref work, work.Items);
    }

    /// <inheritdoc/>
    public void StoreKeys<TShape>(Place key, Place value, Place positions, Place slots, Place cache, int rows, int capacity)
        where TShape : struct, IAttentionShape
    {
        on.Count(Launch.StoreKeys);
        var work = new StoreKeys<TShape>(Floats(key), Floats(value), Integers(positions), Integers(slots), Floats(cache), capacity, rows);
        on.Pool.Run(ref work, work.Items);
    }

    /// <inheritdoc/>
    public void CachedAttention<TShape, TMask, TScore>(Place query, RelativeBias bias, Place positions, Place slots, Place cache, Place output, int rows, int capacity)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        on.Count(Launch.CachedAttention);
        for (var row = 0; row < rows;)
        {
            var run = CacheRuns.Length(Integers(positions), Integers(slots), row, rows, out var isSequence);
            if (isSequence && SeesNothingAfter<TMask>(Integers(positions)[row]))
                AttendAsSequence<TShape, TMask, TScore>(query, bias, Integers(positions)[row], Integers(slots)[row], cache, output, row, run, capacity);
            else
                AttendByRows<TShape, TMask, TScore>(query, bias, positions, slots, cache, output, row, run, capacity);
            row += run;
        }
    }

    /// <inheritdoc/>
    public void Map<TShape, TFusion>(Place x, Place row, Place full, Place output, Place saved, int rows, uint site = 0, string resultName = "")
        where TShape : struct, IMapShape
        where TFusion : struct, IFusion
    {
        on.Count(Launch.Map);
        var work = new MapRows<T, TFusion>(Floats(x), Fusion<TFusion, Float32>(row, full, output, saved, TShape.Width, site), TShape.Width, rows);
        on.Pool.Run(ref work, work.Items);
    }

    /// <inheritdoc/>
    public void Rotate<TShape>(Place query, Place key, Place positions, Place table, int rows, string resultName = "")
        where TShape : struct, IRotaryShape
    {
        on.Count(Launch.Rotate);
        Turn<TShape>(query, key, positions, table, back: false, rows);
    }

    /// <inheritdoc/>
    public void RotateBackward<TShape>(Place queryGradient, Place keyGradient, Place positions, Place table, int rows, string resultName = "")
        where TShape : struct, IRotaryShape
    {
        on.Count(Launch.RotateBackward);
        Turn<TShape>(queryGradient, keyGradient, positions, table, back: true, rows);
    }

    /// <inheritdoc/>
    public void Gate<TShape, TGate, TFusion>(Place x, Place row, Place full, Place output, Place saved, int rows, uint site = 0, string resultName = "")
        where TShape : struct, IGateShape
        where TGate : struct, IGate
        where TFusion : struct, IFusion
    {
        on.Count(Launch.Gate);
        var work = new GateRows<T, TShape, TGate, TFusion>(Floats(x), Fusion<TFusion, Float32>(row, full, output, saved, TShape.Width, site), rows);
        on.Pool.Run(ref work, work.Items);
    }

    /// <inheritdoc/>
    public void GateBackward<TShape, TGate>(Place x, Place outputGradient, Place inputGradient, int rows, string resultName = "")
        where TShape : struct, IGateShape
        where TGate : struct, IGate
    {
        on.Count(Launch.GateBackward);
        var work = new GateRowsBackward<T, TShape, TGate>(Floats(x), Floats(outputGradient), Floats(inputGradient), rows);
        on.Pool.Run(ref work, work.Items);
    }

    /// <inheritdoc/>
    public void SumRows<TShape>(Place x, Place gradient, int rows, string resultName = "")
        where TShape : struct, IMapShape
    {
        on.Count(Launch.SumRows);
        Sum(x, gradient, TShape.Width, rows);
    }

    /// <inheritdoc/>
    public void GatherRows<TShape>(Place x, Place indices, Place output, int count)
        where TShape : struct, IMapShape
    {
        on.Count(Launch.GatherRows);
        var work = new CopyRows(Floats(x), Integers(indices), Floats(output), TShape.Width, count);
        on.Pool.Run(ref work, work.Items);
    }

    /// <inheritdoc/>
    public void Clear<TShape>(Place output, int rows)
        where TShape : struct, IMapShape
    {
        on.Count(Launch.Clear);
        ClearRows<TShape>(output, rows);
    }

    /// <inheritdoc/>
    public void ScatterRows<TShape>(Place x, Place indices, Place output, int count, int rows, string resultName = "")
        where TShape : struct, IMapShape
    {
        on.Count(Launch.ScatterRows);
        for (var row = 0; row < count; row++)
        {
            if ((uint)Integers(indices)[row] >= (uint)rows)
                throw new ArgumentOutOfRangeException(nameof(indices), Integers(indices)[row], $"The result has {rows} rows.");
        }

        ClearRows<TShape>(output, rows);
        Scatter(x, indices, output, TShape.Width, count);
    }

    /// <inheritdoc/>
    public void MeanRows<TShape>(Place x, Place bounds, Place output, int batch, int time, string resultName = "")
        where TShape : struct, IMapShape
    {
        on.Count(Launch.MeanRows);
        var work = new MeanRows<T>(Floats(x), Bounds(bounds, time), Floats(output), TShape.Width, batch, time);
        on.Pool.Run(ref work, work.Items);
    }

    /// <inheritdoc/>
    public void MeanRowsBackward<TShape>(Place outputGradient, Place bounds, Place inputGradient, int batch, int time, string resultName = "")
        where TShape : struct, IMapShape
    {
        on.Count(Launch.MeanRowsBackward);
        var work = new MeanRowsBackward<T>(Floats(outputGradient), Bounds(bounds, time), Floats(inputGradient), TShape.Width, batch, time);
        on.Pool.Run(ref work, work.Items);
    }

    /// <inheritdoc/>
    public void NormalizeLength<TShape>(Place x, Place output, Place norms, int rows, string resultName = "")
        where TShape : struct, IMapShape
    {
        on.Count(Launch.NormalizeLength);
        var work = new NormalizeLengths<T>(Floats(x), Floats(output), Floats(norms), TShape.Width, rows);
        on.Pool.Run(ref work, work.Items);
    }

    /// <inheritdoc/>
    public void NormalizeLengthBackward<TShape>(Place outputGradient, Place output, Place norms, Place inputGradient, int rows, string resultName = "")
        where TShape : struct, IMapShape
    {
        on.Count(Launch.NormalizeLengthBackward);
        var work = new NormalizeLengthsBackward<T>(Floats(outputGradient), Floats(output), Floats(norms), Floats(inputGradient), TShape.Width, rows);
        on.Pool.Run(ref work, work.Items);
    }

    /// <inheritdoc/>
    public void ExpandBias<TShape, TWeight>(Place table, Place buckets, Place output, int distances, string resultName = "")
        where TShape : struct, IRelativeBiasShape
        where TWeight : struct, IStorage
    {
        on.Count(Launch.ExpandBias);
        var work = new ExpandBias<TShape, TWeight>(on.At(table), Integers(buckets), Floats(output), distances);
        on.Pool.Run(ref work, work.Items);
    }

    /// <inheritdoc/>
    public void ExpandBiasBackward<TShape>(Place distanceGradient, Place buckets, Place tableGradient, int batch, int distances, string resultName = "")
        where TShape : struct, IRelativeBiasShape
    {
        on.Count(Launch.ExpandBiasBackward);
        var work = new ExpandBiasBackward<TShape>(Floats(distanceGradient), Integers(buckets), Floats(tableGradient), batch, distances);
        on.Pool.Run(ref work, work.Items);
    }

    /// <inheritdoc/>
    public void CrossEntropy<TShape, TWeight>(Place x, Place weight, Place bias, Place targets, Place logits, Place losses, int rows)
        where TShape : struct, IHeadShape
        where TWeight : struct, IStorage
    {
        on.Count(Launch.CrossEntropy);
        for (var row = 0; row < rows; row += TShape.ChunkRows)
        {
            var chunk = Math.Min(TShape.ChunkRows, rows - row);
            Products<TShape, TWeight>(Floats(x) + ((nint)row * TShape.Width), weight, logits, chunk);
            Loss<TShape, TWeight>(bias, targets, logits, losses, lossScale: 0, hasGradient: false, row, chunk);
        }
    }

    /// <inheritdoc/>
    public void CrossEntropyWithGradient<TShape>(
        Place x, Place weight, Place bias, Place targets, Place logits, Place losses, Place inputGradient, Place weightGradient, Place biasGradient, float lossScale, int rows, string resultName = "")
        where TShape : struct, IHeadShape
    {
        on.Count(Launch.CrossEntropyWithGradient);
        for (var row = 0; row < rows; row += TShape.ChunkRows)
        {
            var chunk = Math.Min(TShape.ChunkRows, rows - row);
            var input = Floats(x) + ((nint)row * TShape.Width);
            Products<TShape, Float32>(input, weight, logits, chunk);
            Loss<TShape, Float32>(bias, targets, logits, losses, lossScale, hasGradient: true, row, chunk);

            // inputGradient = dz · W, weightGradient += dzᵀ · x, biasGradient += Σ dz
            var gradient = Floats(inputGradient) + ((nint)row * TShape.Width);
            Product.RunPlain<T, Float32>(on, Rows(Floats(logits), on.At(weight), chunk, TShape.Width, TShape.Vocabulary, transposed: false), gradient);
            GradientProduct.Add<T>(on, Columns(Floats(logits), input, TShape.Vocabulary, TShape.Width, chunk), Floats(weightGradient));
            if (TShape.HasBias && biasGradient != Place.None)
                Sum(logits, biasGradient, TShape.Vocabulary, chunk);
        }
    }

    /// <inheritdoc/>
    public void SpanCrossEntropy(
        Place logits, Place bounds, Place starts, Place ends, Place losses, Place logitsGradient, float lossScale, int batch, int time, string resultName = "")
    {
        on.Count(Launch.SpanCrossEntropy);
        var gradient = logitsGradient == Place.None ? null : Floats(logitsGradient);
        var work = new SpanLoss(Floats(logits), Bounds(bounds, time), Integers(starts), Integers(ends), Floats(losses), gradient, lossScale, batch, time);
        on.Pool.Run(ref work, work.Items);
    }

    // A row of a sequence would see all keys of the sequence under another mask.
    private static bool SeesNothingAfter<TMask>(int position)
        where TMask : struct, IMask => TMask.End(position, position + 2) == position + 1;

    // Rows that follow one another in a slot, such as a prompt's, attend to it as a sequence does to itself.
    private void AttendAsSequence<TShape, TMask, TScore>(Place query, RelativeBias bias, int position, int slot, Place cache, Place output, int row, int rows, int capacity)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        for (var index = 0; index < rows; index++)
            AttentionSizes.CheckCached<TShape, TMask>(position + index, capacity, bias.Stride, bias.Origin);

        var head = (nint)capacity * TShape.HeadSize;
        var keys = Floats(cache) + ((nint)slot * 2 * TShape.KeyValueHeads * head);
        Attend<TShape, TMask, TScore>(new()
        {
            Batch = 1,
            Time = rows,
            KeyTime = position + rows,
            FirstPosition = position,
            Heads = TShape.Heads,
            KeyValueHeads = TShape.KeyValueHeads,
            HeadSize = TShape.HeadSize,
            QueryStride = TShape.QueryStride,
            KeyStride = TShape.HeadSize,
            ValueStride = TShape.HeadSize,
            HeadStride = TShape.HeadStride,
            KeyHeadStride = head,
            Dropout = default,
            Query = Floats(query) + ((nint)row * TShape.QueryStride),
            Key = keys,
            Value = keys + (TShape.KeyValueHeads * head),
            Bias = TShape.HasBias ? Floats(bias.Table) : null,
            BiasStride = bias.Stride,
            BiasOrigin = bias.Origin,
            Bounds = null,
            Output = Floats(output) + ((nint)row * TShape.Heads * TShape.HeadSize),
            LogSumExp = null,
        });
    }

    private void AttendByRows<TShape, TMask, TScore>(Place query, RelativeBias bias, Place positions, Place slots, Place cache, Place output, int row, int rows, int capacity)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        // The widest lane that fills a head; folds when compiled.
        if (TShape.HeadSize % T.Count == 0 || TShape.HeadSize > 4 * T.Count || T.Count == F4.Count)
            AttendByRows<T, TShape, TMask, TScore>(query, bias, positions, slots, cache, output, row, rows, capacity);
        else if (TShape.HeadSize % F8.Count == 0 && T.Count > F8.Count)
            AttendByRows<F8, TShape, TMask, TScore>(query, bias, positions, slots, cache, output, row, rows, capacity);
        else
            AttendByRows<F4, TShape, TMask, TScore>(query, bias, positions, slots, cache, output, row, rows, capacity);
    }

    private void AttendByRows<THead, TShape, TMask, TScore>(Place query, RelativeBias bias, Place positions, Place slots, Place cache, Place output, int row, int rows, int capacity)
        where THead : struct, IWideLane<THead>
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        var attend = new AttendCache<T, THead, TShape, TMask, TScore>(
            Floats(query) + ((nint)row * TShape.QueryStride), TShape.HasBias ? Floats(bias.Table) : null, bias.Stride, bias.Origin,
            Integers(positions) + row, Integers(slots) + row, Floats(cache), Floats(output) + ((nint)row * TShape.Heads * TShape.HeadSize), capacity, rows, on.Workspace);
        on.Pool.Run(ref attend, attend.Items);
    }

    private void Attend<TShape, TMask, TScore>(in AttentionOperands operands)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        var work = new AttendForward<T, TShape, TMask, TScore>(operands, on.Workspace);
        if (work.RunsAlone)
            WorkerPool.RunAlone(ref work, work.Items);
        else
            on.Pool.Run(ref work, work.Items);
    }

    private void Turn<TShape>(Place query, Place key, Place positions, Place table, bool back, int rows)
        where TShape : struct, IRotaryShape
    {
        var work = new RotateRows<T, TShape>(Floats(query), Floats(key), Integers(positions), Floats(table), back, rows);
        on.Pool.Run(ref work, work.Items);
    }

    // No index is negative: none is skipped.
    private void Scatter(Place x, Place indices, Place sum, int width, int rows, int skipped = -1)
    {
        var work = new ScatterRows<T>(Floats(x), Integers(indices), Floats(sum), width, rows, skipped);
        on.Pool.Run(ref work, work.Items);
    }

    private void ClearRows<TShape>(Place output, int rows)
        where TShape : struct, IMapShape
    {
        var work = new ClearRows(Floats(output), TShape.Width, rows);
        on.Pool.Run(ref work, work.Items);
    }

    private void Sum(Place x, Place gradient, int width, int rows)
    {
        var work = new AddRows<T>(Floats(x), width, Floats(gradient), width, rows);
        on.Pool.Run(ref work, work.Items);
    }

    private SequenceBounds Bounds(Place bounds, int time) => new(bounds == Place.None ? null : Integers(bounds), time);

    // x · Wᵀ
    private void Products<TShape, TWeight>(float* x, Place weight, Place logits, int rows)
        where TShape : struct, IHeadShape
        where TWeight : struct, IStorage
        => Product.RunPlain<T, TWeight>(on, Rows(x, on.At(weight), rows, TShape.Vocabulary, TShape.Width, transposed: true), Floats(logits));

    private void Loss<TShape, TWeight>(Place bias, Place targets, Place logits, Place losses, float lossScale, bool hasGradient, int row, int rows)
        where TShape : struct, IHeadShape
        where TWeight : struct, IStorage
    {
        var work = new SoftmaxLoss<T, TShape, TWeight>(
            Floats(logits), TShape.HasBias ? on.At(bias) : null, Integers(targets) + row, Floats(losses) + row, lossScale, hasGradient, rows);
        on.Pool.Run(ref work, work.Items);
    }

    // x[rows, inner] · W, W stored [inner, columns] or, transposed, [columns, inner].
    private static Factors Rows(float* x, void* weight, int rows, int columns, int inner, bool transposed) => new()
    {
        Rows = rows,
        Columns = columns,
        Depth = inner,
        Left = x,
        LeftStride = inner,
        Right = weight,
        RightStride = transposed ? inner : columns,
        RightTransposed = transposed,
    };

    // xᵀ · y for x[depth, rows] and y[depth, columns].
    private static Factors Columns(float* x, float* y, int rows, int columns, int depth) => new()
    {
        Rows = rows,
        Columns = columns,
        Depth = depth,
        Left = x,
        LeftStride = rows,
        LeftTransposed = true,
        Right = y,
        RightStride = columns,
    };

    private AttentionOperands Operands<TShape, TMask>(
        Place query, Place key, Place value, RelativeBias bias, Place bounds, Place output, Place logSumExp, int batch, int time, int keyTime, uint site)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
    {
        AttentionSizes.Check<TShape, TMask>(bias, time, keyTime);
        return new()
        {
            Batch = batch,
            Time = time,
            KeyTime = keyTime,
            Heads = TShape.Heads,
            KeyValueHeads = TShape.KeyValueHeads,
            HeadSize = TShape.HeadSize,
            QueryStride = TShape.QueryStride,
            KeyStride = TShape.KeyStride,
            ValueStride = TShape.ValueStride,
            HeadStride = TShape.HeadStride,
            KeyHeadStride = TShape.HeadStride,
            Dropout = new(on.Random, site, TShape.DropoutRate),
            Query = Floats(query),
            Key = Floats(key),
            Value = Floats(value),
            Bias = TShape.HasBias ? Floats(bias.Table) : null,
            BiasStride = bias.Stride,
            BiasOrigin = bias.Origin,
            Bounds = bounds == Place.None ? null : Integers(bounds),
            Output = Floats(output),
            LogSumExp = Floats(logSumExp),
        };
    }

    private FusionOperands<TFusion, TWeight> Fusion<TFusion, TWeight>(Place row, Place full, Place output, Place saved, int width, uint site)
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage
        => new(
            TFusion.HasRow ? on.At(row) : null,
            TFusion.HasFull ? Floats(full) : null,
            Floats(output),
            TFusion.Saves ? Floats(saved) : null,
            width,
            new(on.Random, site, TFusion.DropoutRate));

    private float* Floats(Place place) => (float*)on.At(place);

    private int* Integers(Place place) => (int*)on.At(place);
}
