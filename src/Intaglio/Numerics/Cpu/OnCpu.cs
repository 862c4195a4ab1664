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
        Scatter(tokens, outputGradient, tokenTableGradient, TShape.Width, rows);
        if (TShape.Positions > 0)
            Scatter(positions, outputGradient, positionTableGradient, TShape.Width, rows);
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
        var blockRows = NormalizeRowsBackward<T, TShape, TFusion, TWeight>.BlockRows(rows);
        var work = new NormalizeRowsBackward<T, TShape, TFusion, TWeight>(
            Floats(outputGradient), Floats(x), on.At(gain), Floats(statistics), fusion, partial, blockRows, rows);
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
        Product.RunPlain<T, Float32>(on, factors, Floats(weightGradient), adds: true);
        if (biasGradient is not { } bias)
            return;

        var work = new AddRows<T>(Floats(outputGradient), TShape.Columns, Floats(bias), TShape.Columns, rows);
        on.Pool.Run(ref work, work.Items);
    }

    /// <inheritdoc/>
    public void Attention<TShape, TMask, TScore>(Place query, Place key, Place value, Place output, Place logSumExp, int batch, int time, uint site = 0, string resultName = "")
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        on.Count(Launch.Attention);
        var operands = Operands<TShape>(query, key, value, output, logSumExp, batch, time, site);
        var work = new AttendForward<T, TMask, TScore>(operands, on.Workspace);
        if (work.RunsAlone)
            WorkerPool.RunAlone(ref work, work.Items);
        else
            on.Pool.Run(ref work, work.Items);
    }

    /// <inheritdoc/>
    public void AttentionBackward<TShape, TMask, TScore>(
        Place query, Place key, Place value, Place output, Place logSumExp, Place outputGradient, Place delta, Place queryGradient, Place keyGradient, Place valueGradient, int batch, int time, uint site = 0, string resultName = "")
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        on.Count(Launch.AttentionBackward);
        var operands = Operands<TShape>(query, key, value, output, logSumExp, batch, time, site) with
        {
            OutputGradient = Floats(outputGradient),
            Delta = Floats(delta),
            QueryGradient = Floats(queryGradient),
            KeyGradient = Floats(keyGradient),
            ValueGradient = Floats(valueGradient),
        };
        var work = new AttendBackward<T, TMask, TScore>(operands, on.Workspace);
        if (work.RunsAlone)
            WorkerPool.RunAlone(ref work, work.Items);
        else
            on.Pool.Run(ref work, work.Items);
    }

    /// <inheritdoc/>
    public void CachedAttention<TShape, TMask, TScore>(Place query, Place key, Place value, Place positions, Place slots, Place cache, Place output, int rows, int capacity)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        on.Count(Launch.CachedAttention);
        var store = new StoreKeys<TShape>(Floats(key), Floats(value), Integers(positions), Integers(slots), Floats(cache), capacity, rows);
        on.Pool.Run(ref store, store.Items);

        // The widest lane that fills a head; folds when compiled.
        if (TShape.HeadSize % T.Count == 0 || TShape.HeadSize > 4 * T.Count || T.Count == F4.Count)
            AttendToCache<T, TShape, TMask, TScore>(query, positions, slots, cache, output, rows, capacity);
        else if (TShape.HeadSize % F8.Count == 0 && T.Count > F8.Count)
            AttendToCache<F8, TShape, TMask, TScore>(query, positions, slots, cache, output, rows, capacity);
        else
            AttendToCache<F4, TShape, TMask, TScore>(query, positions, slots, cache, output, rows, capacity);
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
        var work = new AddRows<T>(Floats(x), TShape.Width, Floats(gradient), TShape.Width, rows);
        on.Pool.Run(ref work, work.Items);
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
    public void CrossEntropy<TShape, TWeight>(Place x, Place weight, Place targets, Place logits, Place losses, int rows)
        where TShape : struct, IHeadShape
        where TWeight : struct, IStorage
    {
        on.Count(Launch.CrossEntropy);
        for (var row = 0; row < rows; row += TShape.ChunkRows)
        {
            var chunk = Math.Min(TShape.ChunkRows, rows - row);
            Logits<TShape, TWeight>(Floats(x) + ((nint)row * TShape.Width), weight, logits, chunk);
            Loss<TShape>(targets, logits, losses, lossScale: 0, hasGradient: false, row, chunk);
        }
    }

    /// <inheritdoc/>
    public void CrossEntropyWithGradient<TShape>(
        Place x, Place weight, Place targets, Place logits, Place losses, Place inputGradient, Place weightGradient, float lossScale, int rows, string resultName = "")
        where TShape : struct, IHeadShape
    {
        on.Count(Launch.CrossEntropyWithGradient);
        for (var row = 0; row < rows; row += TShape.ChunkRows)
        {
            var chunk = Math.Min(TShape.ChunkRows, rows - row);
            var input = Floats(x) + ((nint)row * TShape.Width);
            Logits<TShape, Float32>(input, weight, logits, chunk);
            Loss<TShape>(targets, logits, losses, lossScale, hasGradient: true, row, chunk);

            // inputGradient = dlogits · W, weightGradient += dlogitsᵀ · x
            var gradient = Floats(inputGradient) + ((nint)row * TShape.Width);
            Product.RunPlain<T, Float32>(on, Rows(Floats(logits), on.At(weight), chunk, TShape.Width, TShape.Vocabulary, transposed: false), gradient, adds: false);
            Product.RunPlain<T, Float32>(on, Columns(Floats(logits), input, TShape.Vocabulary, TShape.Width, chunk), Floats(weightGradient), adds: true);
        }
    }

    private void AttendToCache<THead, TShape, TMask, TScore>(Place query, Place positions, Place slots, Place cache, Place output, int rows, int capacity)
        where THead : struct, IWideLane<THead>
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        var attend = new AttendCache<T, THead, TShape, TMask, TScore>(
            Floats(query), Integers(positions), Integers(slots), Floats(cache), Floats(output), capacity, rows, on.Workspace);
        on.Pool.Run(ref attend, attend.Items);
    }

    private void Turn<TShape>(Place query, Place key, Place positions, Place table, bool back, int rows)
        where TShape : struct, IRotaryShape
    {
        var work = new RotateRows<T, TShape>(Floats(query), Floats(key), Integers(positions), Floats(table), back, rows);
        on.Pool.Run(ref work, work.Items);
    }

    private void Scatter(Place indices, Place outputGradient, Place tableGradient, int width, int rows)
    {
        var work = new ScatterRows<T>(Integers(indices), Floats(outputGradient), Floats(tableGradient), width, rows);
        on.Pool.Run(ref work, work.Items);
    }

    // logits = x · Wᵀ
    private void Logits<TShape, TWeight>(float* x, Place weight, Place logits, int rows)
        where TShape : struct, IHeadShape
        where TWeight : struct, IStorage
        => Product.RunPlain<T, TWeight>(on, Rows(x, on.At(weight), rows, TShape.Vocabulary, TShape.Width, transposed: true), Floats(logits), adds: false);

    private void Loss<TShape>(Place targets, Place logits, Place losses, float lossScale, bool hasGradient, int row, int rows)
        where TShape : struct, IHeadShape
    {
        var work = new SoftmaxLoss<T>(Floats(logits), Integers(targets) + row, Floats(losses) + row, lossScale, hasGradient, TShape.Vocabulary, rows);
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

    private AttentionOperands Operands<TShape>(Place query, Place key, Place value, Place output, Place logSumExp, int batch, int time, uint site)
        where TShape : struct, IAttentionShape
        => new()
        {
            Batch = batch,
            Time = time,
            Heads = TShape.Heads,
            KeyValueHeads = TShape.KeyValueHeads,
            HeadSize = TShape.HeadSize,
            RowStride = TShape.RowStride,
            Dropout = new(on.Random, site, TShape.DropoutRate),
            Query = Floats(query),
            Key = Floats(key),
            Value = Floats(value),
            Output = Floats(output),
            LogSumExp = Floats(logSumExp),
        };

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
