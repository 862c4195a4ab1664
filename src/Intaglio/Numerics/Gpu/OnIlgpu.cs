namespace Intaglio.Numerics.Gpu;

/// <summary>
/// The target of every device that ILGPU reaches: each member launches the model's own entry point where its shape names one, and the library's where
/// the algorithm is the same for all models.
/// </summary>
/// <param name="execution">Where the launches go.</param>
internal readonly struct OnIlgpu(IlgpuExecution execution) : ITarget
{
    /// <inheritdoc/>
    public void Embed<TShape, TFusion, TWeight>(Place tokens, Place positions, Place tokenTable, Place positionTable, Place output, int rows, uint site = 0, string resultName = "")
        where TShape : struct, IEmbeddingShape
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage
    {
        execution.Count(nameof(Embed));
        if (TWeight.Format == NumberFormat.BF16)
            Lookup<TShape, TFusion, ushort>(tokens, positions, tokenTable, positionTable, output, rows, site);
        else
            Lookup<TShape, TFusion, float>(tokens, positions, tokenTable, positionTable, output, rows, site);
    }

    /// <inheritdoc/>
    public void EmbedBackward<TShape>(Place tokens, Place positions, Place outputGradient, Place tokenTableGradient, Place positionTableGradient, int rows, string resultName = "")
        where TShape : struct, IEmbeddingShape
    {
        execution.Count(nameof(EmbedBackward));
        execution.LaunchCoarse(
            nameof(LibraryKernels.EmbedBackward),
            new EmbedBackwardArguments
            {
                Tokens = execution.View<int>(tokens),
                Positions = execution.View<int>(positions),
                OutputGradient = execution.View<float>(outputGradient),
                TokenTableGradient = execution.View<float>(tokenTableGradient),
                PositionTableGradient = execution.View<float>(positionTableGradient),
                Rows = rows,
                Width = TShape.Width,
                HasPositions = TShape.Positions > 0 ? 1 : 0,
                PaddingToken = TShape.PaddingToken,
            },
            TShape.Width);
    }

    /// <inheritdoc/>
    public void Normalize<TShape, TWeight>(Place x, Place gain, Place bias, Place output, Place statistics, int rows, string resultName = "")
        where TShape : struct, INormShape
        where TWeight : struct, IStorage
    {
        execution.Count(nameof(Normalize));
        if (TWeight.Format == NumberFormat.BF16)
            Norm<TShape, ushort>(nameof(LibraryKernels.NormalizeBFloat16), x, gain, bias, output, statistics, rows);
        else
            Norm<TShape, float>(nameof(LibraryKernels.Normalize), x, gain, bias, output, statistics, rows);
    }

    /// <inheritdoc/>
    public void NormalizeBackward<TShape, TFusion, TWeight>(
        Place outputGradient, Place x, Place gain, Place statistics, Place row, Place full, Place inputGradient, Place saved, Place gainGradient, Place biasGradient, int rows, uint site = 0, string resultName = "")
        where TShape : struct, INormShape
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage
    {
        execution.Count(nameof(NormalizeBackward));

        // First, since the input's gradient may take the place of the output's.
        execution.LaunchCoarse(
            nameof(LibraryKernels.NormParameterGradient),
            new NormParameterGradientArguments
            {
                OutputGradient = execution.View<float>(outputGradient),
                X = execution.View<float>(x),
                Statistics = execution.View<float>(statistics),
                GainGradient = execution.View<float>(gainGradient),
                BiasGradient = execution.View<float>(TShape.HasBias ? biasGradient : gainGradient),
                Rows = rows,
                Width = TShape.Width,
                Groups = TShape.Groups,
                InputStride = TShape.InputStride,
                GroupStride = TShape.GroupStride,
                HasBias = TShape.HasBias ? 1 : 0,
            },
            TShape.Width);

        if (TWeight.Format == NumberFormat.BF16)
            NormGradient<TShape, TFusion, ushort>(outputGradient, x, gain, statistics, row, full, inputGradient, saved, rows, site);
        else
            NormGradient<TShape, TFusion, float>(outputGradient, x, gain, statistics, row, full, inputGradient, saved, rows, site);
    }

    /// <inheritdoc/>
    public void MatMul<TShape, TFusion, TWeight>(Place x, Place weight, Place row, Place full, Place output, Place saved, int rows, uint site = 0, string resultName = "")
        where TShape : struct, IMatMulShape
        where TFusion : struct, IFusion
        where TWeight : struct, IStorage
    {
        execution.Count(nameof(MatMul));
        var dropout = DropoutArguments.For(execution.Random, site, TFusion.DropoutRate);
        if (TWeight.Format == NumberFormat.BF16)
            Product<ushort>(TShape.Kernel, x, weight, row, full, output, saved, rows, TShape.Inner, TShape.Columns, TShape.Transposed, dropout);
        else
            Product<float>(TShape.Kernel, x, weight, row, full, output, saved, rows, TShape.Inner, TShape.Columns, TShape.Transposed, dropout);
    }

    /// <inheritdoc/>
    public void WeightGradient<TShape>(Place x, Place outputGradient, Place weightGradient, Place? biasGradient, int rows, string resultName = "")
        where TShape : struct, IMatMulShape
    {
        execution.Count(nameof(WeightGradient));
        if (TShape.Transposed)
            Outer(outputGradient, TShape.Columns, x, TShape.Inner, weightGradient, rows);
        else
            Outer(x, TShape.Inner, outputGradient, TShape.Columns, weightGradient, rows);

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
        execution.Count(nameof(Attention));
        Attend<TShape, AttentionArguments>(
            AttentionKernels<TShape>.Forward,
            Operands<TShape, TMask>(query, key, value, bias, bounds, output, logSumExp, batch, time, keyTime, site),
            batch * time * TShape.Heads,
            GpuTiledAttention.Groups(batch, time, TShape.Heads, TShape.HeadSize));
    }

    /// <inheritdoc/>
    public void AttentionBackward<TShape, TMask, TScore>(
        Place query, Place key, Place value, RelativeBias bias, Place bounds, Place output, Place logSumExp, Place outputGradient, Place delta, Place queryGradient, Place keyGradient, Place valueGradient, Place biasGradient, int batch, int time, int keyTime, uint site = 0, string resultName = "")
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        execution.Count(nameof(AttentionBackward));
        var arguments = Operands<TShape, TMask>(query, key, value, bias, bounds, output, logSumExp, batch, time, keyTime, site) with
        {
            OutputGradient = execution.View<float>(outputGradient),
            Delta = execution.View<float>(delta),
            QueryGradient = execution.View<float>(queryGradient),
            KeyGradient = execution.View<float>(keyGradient),
            ValueGradient = execution.View<float>(valueGradient),
            BiasGradient = execution.View<float>(biasGradient),
        };

        execution.LaunchFine(
            nameof(LibraryKernels.AttentionDelta),
            new AttentionDeltaArguments
            {
                Output = arguments.Output,
                OutputGradient = arguments.OutputGradient,
                Delta = arguments.Delta,
                Rows = batch * time,
                Heads = TShape.Heads,
                HeadSize = TShape.HeadSize,
            },
            batch * time * TShape.Heads);
        Attend<TShape, AttentionArguments>(
            AttentionKernels<TShape>.QueryGradient, arguments, batch * time * TShape.Heads, GpuTiledAttention.Groups(batch, time, TShape.Heads, TShape.HeadSize));
        Attend<TShape, AttentionArguments>(
            AttentionKernels<TShape>.KeyValueGradient, arguments, batch * keyTime * TShape.KeyValueHeads, GpuTiledAttention.Groups(batch, keyTime, TShape.KeyValueHeads, TShape.HeadSize));
        if (TShape.HasBias && biasGradient != Place.None)
            execution.LaunchModel(AttentionKernels<TShape>.BiasGradient, arguments, batch * TShape.Heads * bias.Stride, coarse: true);
    }

    /// <inheritdoc/>
    public void StoreKeys<TShape>(Place key, Place value, Place positions, Place slots, Place cache, int rows, int capacity)
        where TShape : struct, IAttentionShape
    {
        execution.Count(nameof(StoreKeys));
        execution.LaunchFine(
            nameof(LibraryKernels.CacheStore),
            new CacheStoreArguments
            {
                Key = execution.View<float>(key),
                Value = execution.View<float>(value),
                Positions = execution.View<int>(positions),
                Slots = execution.View<int>(slots),
                Cache = execution.View<float>(cache),
                Rows = rows,
                KeyValueHeads = TShape.KeyValueHeads,
                HeadSize = TShape.HeadSize,
                KeyStride = TShape.KeyStride,
                ValueStride = TShape.ValueStride,
                HeadStride = TShape.HeadStride,
                Capacity = capacity,
            },
            rows * TShape.KeyValueHeads * TShape.HeadSize);
    }

    /// <inheritdoc/>
    public void CachedAttention<TShape, TMask, TScore>(Place query, RelativeBias bias, Place positions, Place slots, Place cache, Place output, int rows, int capacity)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
        where TScore : struct, IScoreModifier
    {
        execution.Count(nameof(CachedAttention));
        Attend<TShape, CachedAttentionArguments>(
            AttentionKernels<TShape>.Cached,
            new CachedAttentionArguments
            {
                Query = execution.View<float>(query),
                Bias = execution.View<float>(bias.Table),
                Positions = execution.View<int>(positions),
                Slots = execution.View<int>(slots),
                Cache = execution.View<float>(cache),
                Output = execution.View<float>(output),
                Rows = rows,
                Capacity = capacity,
                BiasStride = bias.Stride,
                BiasOrigin = bias.Origin,
            },
            rows * TShape.Heads,
            rows * TShape.Heads);
    }

    /// <inheritdoc/>
    public void Map<TShape, TFusion>(Place x, Place row, Place full, Place output, Place saved, int rows, uint site = 0, string resultName = "")
        where TShape : struct, IMapShape
        where TFusion : struct, IFusion
    {
        execution.Count(nameof(Map));
        execution.LaunchModel(
            TShape.Kernel,
            new MapArguments
            {
                X = execution.View<float>(x),
                Row = execution.View<float>(row),
                Full = execution.View<float>(full),
                Output = execution.View<float>(output),
                Saved = execution.View<float>(saved),
                Rows = rows,
                Width = TShape.Width,
                Dropout = DropoutArguments.For(execution.Random, site, TFusion.DropoutRate),
            },
            rows * TShape.Width,
            coarse: false);
    }

    /// <inheritdoc/>
    public void Rotate<TShape>(Place query, Place key, Place positions, Place table, int rows, string resultName = "")
        where TShape : struct, IRotaryShape
    {
        execution.Count(nameof(Rotate));
        Turn<TShape>(query, key, positions, table, rows, direction: 1);
    }

    /// <inheritdoc/>
    public void RotateBackward<TShape>(Place queryGradient, Place keyGradient, Place positions, Place table, int rows, string resultName = "")
        where TShape : struct, IRotaryShape
    {
        execution.Count(nameof(RotateBackward));
        Turn<TShape>(queryGradient, keyGradient, positions, table, rows, direction: -1);
    }

    /// <inheritdoc/>
    public void Gate<TShape, TGate, TFusion>(Place x, Place row, Place full, Place output, Place saved, int rows, uint site = 0, string resultName = "")
        where TShape : struct, IGateShape
        where TGate : struct, IGate
        where TFusion : struct, IFusion
    {
        execution.Count(nameof(Gate));
        execution.LaunchModel(
            TShape.Kernel,
            new GateArguments
            {
                X = execution.View<float>(x),
                Row = execution.View<float>(row),
                Full = execution.View<float>(full),
                Output = execution.View<float>(output),
                Saved = execution.View<float>(saved),
                OutputGradient = execution.View<float>(output),
                InputGradient = execution.View<float>(x),
                Rows = rows,
                Width = TShape.Width,
                Dropout = DropoutArguments.For(execution.Random, site, TFusion.DropoutRate),
            },
            rows * TShape.Width,
            coarse: false);
    }

    /// <inheritdoc/>
    public void GateBackward<TShape, TGate>(Place x, Place outputGradient, Place inputGradient, int rows, string resultName = "")
        where TShape : struct, IGateShape
        where TGate : struct, IGate
    {
        execution.Count(nameof(GateBackward));
        execution.LaunchModel(
            TShape.BackwardKernel,
            new GateArguments
            {
                X = execution.View<float>(x),
                Row = execution.View<float>(Place.None),
                Full = execution.View<float>(Place.None),
                Output = execution.View<float>(outputGradient),
                Saved = execution.View<float>(Place.None),
                OutputGradient = execution.View<float>(outputGradient),
                InputGradient = execution.View<float>(inputGradient),
                Rows = rows,
                Width = TShape.Width,
                Dropout = DropoutArguments.None,
            },
            rows * TShape.Width,
            coarse: false);
    }

    /// <inheritdoc/>
    public void SumRows<TShape>(Place x, Place gradient, int rows, string resultName = "")
        where TShape : struct, IMapShape
    {
        execution.Count(nameof(SumRows));
        Sum(x, gradient, TShape.Width, rows);
    }

    /// <inheritdoc/>
    public void GatherRows<TShape>(Place x, Place indices, Place output, int count)
        where TShape : struct, IMapShape
    {
        execution.Count(nameof(GatherRows));
        execution.LaunchFine(
            nameof(LibraryKernels.GatherRows),
            new GatherRowsArguments
            {
                X = execution.View<float>(x),
                Indices = execution.View<int>(indices),
                Output = execution.View<float>(output),
                Count = count,
                Width = TShape.Width,
            },
            count * TShape.Width);
    }

    /// <inheritdoc/>
    public void Clear<TShape>(Place output, int rows)
        where TShape : struct, IMapShape
    {
        execution.Count(nameof(Clear));
        Zero(output, rows * TShape.Width);
    }

    /// <inheritdoc/>
    public void ScatterRows<TShape>(Place x, Place indices, Place output, int count, int rows, string resultName = "")
        where TShape : struct, IMapShape
    {
        execution.Count(nameof(ScatterRows));
        Zero(output, rows * TShape.Width);
        execution.LaunchCoarse(
            nameof(LibraryKernels.ScatterRows),
            new ScatterRowsArguments
            {
                X = execution.View<float>(x),
                Indices = execution.View<int>(indices),
                Output = execution.View<float>(output),
                Count = count,
                Width = TShape.Width,
            },
            TShape.Width);
    }

    /// <inheritdoc/>
    public void MeanRows<TShape>(Place x, Place bounds, Place output, int batch, int time, string resultName = "")
        where TShape : struct, IMapShape
    {
        execution.Count(nameof(MeanRows));
        execution.LaunchCoarse(nameof(LibraryKernels.MeanRows), Means<TShape>(x, output, bounds, batch, time), batch * TShape.Width);
    }

    /// <inheritdoc/>
    public void MeanRowsBackward<TShape>(Place outputGradient, Place bounds, Place inputGradient, int batch, int time, string resultName = "")
        where TShape : struct, IMapShape
    {
        execution.Count(nameof(MeanRowsBackward));
        execution.LaunchFine(nameof(LibraryKernels.MeanRowsBackward), Means<TShape>(inputGradient, outputGradient, bounds, batch, time), batch * time * TShape.Width);
    }

    /// <inheritdoc/>
    public void NormalizeLength<TShape>(Place x, Place output, Place norms, int rows, string resultName = "")
        where TShape : struct, IMapShape
    {
        execution.Count(nameof(NormalizeLength));
        execution.LaunchCoarse(nameof(LibraryKernels.NormalizeLength), Lengths<TShape>(x, output, norms, Place.None, Place.None, rows), rows);
    }

    /// <inheritdoc/>
    public void NormalizeLengthBackward<TShape>(Place outputGradient, Place output, Place norms, Place inputGradient, int rows, string resultName = "")
        where TShape : struct, IMapShape
    {
        execution.Count(nameof(NormalizeLengthBackward));
        execution.LaunchCoarse(nameof(LibraryKernels.NormalizeLengthBackward), Lengths<TShape>(Place.None, output, norms, outputGradient, inputGradient, rows), rows);
    }

    /// <inheritdoc/>
    public void ExpandBias<TShape, TWeight>(Place table, Place buckets, Place output, int distances, string resultName = "")
        where TShape : struct, IRelativeBiasShape
        where TWeight : struct, IStorage
    {
        execution.Count(nameof(ExpandBias));
        if (TWeight.Format == NumberFormat.BF16)
            Expand<TShape, ushort>(nameof(LibraryKernels.ExpandBiasBFloat16), table, buckets, output, distances);
        else
            Expand<TShape, float>(nameof(LibraryKernels.ExpandBias), table, buckets, output, distances);
    }

    /// <inheritdoc/>
    public void ExpandBiasBackward<TShape>(Place distanceGradient, Place buckets, Place tableGradient, int batch, int distances, string resultName = "")
        where TShape : struct, IRelativeBiasShape
    {
        execution.Count(nameof(ExpandBiasBackward));
        execution.LaunchCoarse(
            nameof(LibraryKernels.ExpandBiasBackward),
            new ExpandBiasBackwardArguments
            {
                DistanceGradient = execution.View<float>(distanceGradient),
                Buckets = execution.View<int>(buckets),
                TableGradient = execution.View<float>(tableGradient),
                Batch = batch,
                Heads = TShape.Heads,
                TableBuckets = TShape.Buckets,
                Distances = distances,
            },
            TShape.Buckets * TShape.Heads);
    }

    /// <inheritdoc/>
    public void CrossEntropy<TShape, TWeight>(Place x, Place weight, Place bias, Place targets, Place logits, Place losses, int rows)
        where TShape : struct, IHeadShape
        where TWeight : struct, IStorage
    {
        execution.Count(nameof(CrossEntropy));
        for (var start = 0; start < rows; start += TShape.ChunkRows)
        {
            var chunk = new Chunk<TShape>(start, rows);
            if (TWeight.Format == NumberFormat.BF16)
                Logits<TShape, ushort>(nameof(LibraryKernels.LogitsBFloat16), chunk, x, weight, bias, logits);
            else
                Logits<TShape, float>(nameof(LibraryKernels.Logits), chunk, x, weight, bias, logits);
            Softmax(chunk, targets, logits, losses, wantsGradient: false, lossScale: 0);
        }
    }

    /// <inheritdoc/>
    public void CrossEntropyWithGradient<TShape>(
        Place x, Place weight, Place bias, Place targets, Place logits, Place losses, Place inputGradient, Place weightGradient, Place biasGradient, float lossScale, int rows, string resultName = "")
        where TShape : struct, IHeadShape
    {
        execution.Count(nameof(CrossEntropyWithGradient));
        for (var start = 0; start < rows; start += TShape.ChunkRows)
        {
            var chunk = new Chunk<TShape>(start, rows);
            Logits<TShape, float>(nameof(LibraryKernels.Logits), chunk, x, weight, bias, logits);
            Softmax(chunk, targets, logits, losses, wantsGradient: true, lossScale);

            // inputGradient = dz · W, weightGradient += dzᵀ · x and biasGradient += Σ dz
            Product<float>(
                TShape.Kernel, logits, weight, Place.None, Place.None, chunk.Rows(inputGradient), Place.None, chunk.Count, TShape.Vocabulary, TShape.Width, transposed: false, DropoutArguments.None);
            Outer(logits, TShape.Vocabulary, chunk.Rows(x), TShape.Width, weightGradient, chunk.Count);
            if (TShape.HasBias && biasGradient != Place.None)
                Sum(logits, biasGradient, TShape.Vocabulary, chunk.Count);
        }
    }

    // Gradients point to what the forward pass has, until the backward pass gives them places.
    private AttentionArguments Operands<TShape, TMask>(
        Place query, Place key, Place value, RelativeBias bias, Place bounds, Place output, Place logSumExp, int batch, int time, int keyTime, uint site)
        where TShape : struct, IAttentionShape
        where TMask : struct, IMask
    {
        AttentionSizes.Check<TShape, TMask>(bias, time, keyTime);
        var table = execution.View<float>(bias.Table);
        return new()
        {
            Query = execution.View<float>(query),
            Key = execution.View<float>(key),
            Value = execution.View<float>(value),
            Bias = table,
            Bounds = execution.View<int>(bounds),
            Output = execution.View<float>(output),
            LogSumExp = execution.View<float>(logSumExp),
            OutputGradient = execution.View<float>(output),
            Delta = execution.View<float>(logSumExp),
            QueryGradient = execution.View<float>(query),
            KeyGradient = execution.View<float>(key),
            ValueGradient = execution.View<float>(value),
            BiasGradient = table,
            Batch = batch,
            Time = time,
            KeyTime = keyTime,
            HasBounds = bounds == Place.None ? 0 : 1,
            BiasStride = bias.Stride,
            BiasOrigin = bias.Origin,
            Dropout = DropoutArguments.For(execution.Random, site, TShape.DropoutRate),
        };
    }

    /// <inheritdoc/>
    public void SpanCrossEntropy(
        Place logits, Place bounds, Place starts, Place ends, Place losses, Place logitsGradient, float lossScale, int batch, int time, string resultName = "")
    {
        execution.Count(nameof(SpanCrossEntropy));
        execution.LaunchCoarse(
            nameof(LibraryKernels.SpanCrossEntropy),
            new SpanCrossEntropyArguments
            {
                Logits = execution.View<float>(logits),
                Bounds = Bounds(bounds, time),
                Starts = execution.View<int>(starts),
                Ends = execution.View<int>(ends),
                Losses = execution.View<float>(losses),
                LogitsGradient = execution.View<float>(logitsGradient),
                WantsGradient = logitsGradient == Place.None ? 0 : 1,
                LossScale = lossScale,
                Batch = batch,
                Time = time,
            },
            batch);
    }

    private void Attend<TShape, TArguments>(string kernel, in TArguments arguments, int threads, int groups)
        where TShape : struct, IAttentionShape
        where TArguments : struct
    {
        if (execution.UsesTiles && TShape.HeadSize <= GpuTiledAttention.WidestHead)
            execution.LaunchTiled(kernel, arguments, groups, GpuTiledAttention.GroupSize);
        else
            execution.LaunchModel(kernel, arguments, threads, coarse: true);
    }

    private void Turn<TShape>(Place query, Place key, Place positions, Place table, int rows, float direction)
        where TShape : struct, IRotaryShape => execution.LaunchFine(
            nameof(LibraryKernels.Rotate),
            new RotateArguments
            {
                Query = execution.View<float>(query),
                Key = execution.View<float>(key),
                Positions = execution.View<int>(positions),
                Table = execution.View<float>(table),
                Rows = rows,
                Heads = TShape.Heads,
                KeyValueHeads = TShape.KeyValueHeads,
                HeadSize = TShape.HeadSize,
                RotatedSize = TShape.RotatedSize,
                QueryStride = TShape.QueryStride,
                KeyStride = TShape.KeyStride,
                HeadStride = TShape.HeadStride,
                Interleaved = TShape.Interleaved ? 1 : 0,
                Direction = direction,
            },
            rows * (TShape.Heads + TShape.KeyValueHeads) * (TShape.RotatedSize / 2));

    private void Lookup<TShape, TFusion, TElement>(Place tokens, Place positions, Place tokenTable, Place positionTable, Place output, int rows, uint site)
        where TShape : struct, IEmbeddingShape
        where TFusion : struct, IFusion
        where TElement : unmanaged => execution.LaunchModel(
            TShape.Kernel,
            new EmbedArguments<TElement>
            {
                Tokens = execution.View<int>(tokens),
                Positions = execution.View<int>(positions),
                TokenTable = execution.View<TElement>(tokenTable),
                PositionTable = execution.View<TElement>(positionTable),
                Output = execution.View<float>(output),
                Rows = rows,
                Width = TShape.Width,
                HasPositions = TShape.Positions > 0 ? 1 : 0,
                Dropout = DropoutArguments.For(execution.Random, site, TFusion.DropoutRate),
            },
            rows * TShape.Width,
            coarse: false);

    private void Norm<TShape, TElement>(string kernel, Place x, Place gain, Place bias, Place output, Place statistics, int rows)
        where TShape : struct, INormShape
        where TElement : unmanaged => execution.LaunchCoarse(
            kernel,
            new NormalizeArguments<TElement>
            {
                X = execution.View<float>(x),
                Gain = execution.View<TElement>(gain),
                Bias = execution.View<TElement>(TShape.HasBias ? bias : gain),
                Output = execution.View<float>(output),
                Statistics = execution.View<float>(statistics),
                Rows = rows,
                Width = TShape.Width,
                Groups = TShape.Groups,
                InputStride = TShape.InputStride,
                GroupStride = TShape.GroupStride,
                GainOffset = TShape.GainOffset,
                HasBias = TShape.HasBias ? 1 : 0,
                Centers = TShape.Centers ? 1 : 0,
                Epsilon = TShape.Epsilon,
            },
            rows * TShape.Groups);

    private void NormGradient<TShape, TFusion, TElement>(
        Place outputGradient, Place x, Place gain, Place statistics, Place row, Place full, Place inputGradient, Place saved, int rows, uint site)
        where TShape : struct, INormShape
        where TFusion : struct, IFusion
        where TElement : unmanaged => execution.LaunchModel(
            TShape.BackwardKernel,
            new NormalizeBackwardArguments<TElement>
            {
                OutputGradient = execution.View<float>(outputGradient),
                X = execution.View<float>(x),
                Gain = execution.View<TElement>(gain),
                Statistics = execution.View<float>(statistics),
                Row = execution.View<TElement>(row),
                Full = execution.View<float>(full),
                InputGradient = execution.View<float>(inputGradient),
                Saved = execution.View<float>(saved),
                Rows = rows,
                Width = TShape.Width,
                Groups = TShape.Groups,
                InputStride = TShape.InputStride,
                GroupStride = TShape.GroupStride,
                GainOffset = TShape.GainOffset,
                Centers = TShape.Centers ? 1 : 0,
                Dropout = DropoutArguments.For(execution.Random, site, TFusion.DropoutRate),
            },
            rows * TShape.Groups,
            coarse: true);

    private void Product<TElement>(
        string kernel, Place x, Place weight, Place row, Place full, Place output, Place saved, int rows, int inner, int columns, bool transposed, in DropoutArguments dropout)
        where TElement : unmanaged => execution.LaunchProduct(
            kernel,
            new MatMulArguments<TElement>
            {
                X = execution.View<float>(x),
                Weight = execution.View<TElement>(weight),
                Row = execution.View<TElement>(row),
                Full = execution.View<float>(full),
                Output = execution.View<float>(output),
                Saved = execution.View<float>(saved),
                Rows = rows,
                Inner = inner,
                Columns = columns,
                RowStride = inner,
                XInnerStride = 1,
                InnerStride = transposed ? 1 : columns,
                ColumnStride = transposed ? inner : 1,
                Dropout = dropout,
            });

    // result[a, b] += Σ x[r, a] · y[r, b] over the rows: a product whose first operand is read by columns.
    private void Outer(Place x, int xWidth, Place y, int yWidth, Place result, int rows)
    {
        var sum = execution.View<float>(result);
        execution.LaunchWeightGradient(
            new MatMulArguments<float>
            {
                X = execution.View<float>(x),
                Weight = execution.View<float>(y),
                Row = sum,
                Full = sum,
                Output = sum,
                Saved = sum,
                Rows = xWidth,
                Inner = rows,
                Columns = yWidth,
                RowStride = 1,
                XInnerStride = xWidth,
                InnerStride = yWidth,
                ColumnStride = 1,
                Dropout = DropoutArguments.None,
            });
    }

    private void Sum(Place x, Place gradient, int width, int rows) => execution.LaunchCoarse(
        nameof(LibraryKernels.SumRows),
        new SumRowsArguments { X = execution.View<float>(x), Gradient = execution.View<float>(gradient), Rows = rows, Width = width },
        width);

    private void Zero(Place output, int count) =>
        execution.LaunchFine(nameof(LibraryKernels.Clear), new ClearArguments { Output = execution.View<float>(output), Count = count }, count);

    private BoundsArguments Bounds(Place bounds, int time) => new() { Values = execution.View<int>(bounds), HasValues = bounds == Place.None ? 0 : 1, Time = time };

    private MeanRowsArguments Means<TShape>(Place rows, Place means, Place bounds, int batch, int time)
        where TShape : struct, IMapShape => new()
        {
            Rows = execution.View<float>(rows),
            Means = execution.View<float>(means),
            Bounds = Bounds(bounds, time),
            Batch = batch,
            Time = time,
            Width = TShape.Width,
        };

    private NormalizeLengthArguments Lengths<TShape>(Place x, Place output, Place norms, Place outputGradient, Place inputGradient, int rows)
        where TShape : struct, IMapShape => new()
        {
            X = execution.View<float>(x),
            Output = execution.View<float>(output),
            Norms = execution.View<float>(norms),
            OutputGradient = execution.View<float>(outputGradient),
            InputGradient = execution.View<float>(inputGradient),
            Rows = rows,
            Width = TShape.Width,
        };

    private void Expand<TShape, TElement>(string kernel, Place table, Place buckets, Place output, int distances)
        where TShape : struct, IRelativeBiasShape
        where TElement : unmanaged => execution.LaunchFine(
            kernel,
            new ExpandBiasArguments<TElement>
            {
                Table = execution.View<TElement>(table),
                Buckets = execution.View<int>(buckets),
                Output = execution.View<float>(output),
                Heads = TShape.Heads,
                Distances = distances,
            },
            TShape.Heads * distances);

    private void Logits<TShape, TElement>(string kernel, in Chunk<TShape> chunk, Place x, Place weight, Place bias, Place logits)
        where TShape : struct, IHeadShape
        where TElement : unmanaged
    {
        Product<TElement>(
            TShape.Kernel, chunk.Rows(x), weight, Place.None, Place.None, logits, Place.None, chunk.Count, TShape.Width, TShape.Vocabulary, transposed: true, DropoutArguments.None);
        if (!TShape.HasBias && TShape.LogitSoftCap == 0)
            return;

        execution.LaunchFine(
            kernel,
            new LogitsArguments<TElement>
            {
                Logits = execution.View<float>(logits),
                Bias = execution.View<TElement>(TShape.HasBias ? bias : Place.None),
                Rows = chunk.Count,
                Vocabulary = TShape.Vocabulary,
                HasBias = TShape.HasBias ? 1 : 0,
                SoftCap = TShape.LogitSoftCap,
            },
            chunk.Count * TShape.Vocabulary);
    }

    private void Softmax<TShape>(in Chunk<TShape> chunk, Place targets, Place logits, Place losses, bool wantsGradient, float lossScale)
        where TShape : struct, IHeadShape => execution.LaunchCoarse(
            nameof(LibraryKernels.CrossEntropy),
            new CrossEntropyArguments
            {
                Logits = execution.View<float>(logits),
                Targets = execution.View<int>(chunk.Values(targets)),
                Losses = execution.View<float>(chunk.Values(losses)),
                Rows = chunk.Count,
                Vocabulary = TShape.Vocabulary,
                WantsGradient = wantsGradient ? 1 : 0,
                SoftCap = TShape.LogitSoftCap,
                LossScale = lossScale,
            },
            chunk.Count);

    // Some rows of a batch, of which the logits exist together.
    private readonly struct Chunk<TShape>(int start, int rows)
        where TShape : struct, IHeadShape
    {
        public int Count => Math.Min(TShape.ChunkRows, rows - start);

        public Place Rows(Place hidden) => hidden + ((long)start * TShape.Width * sizeof(float));

        public Place Values(Place column) => column + ((long)start * sizeof(int));
    }

    // Joined once, so that a launch allocates nothing.
    private static class AttentionKernels<TShape>
        where TShape : struct, IAttentionShape
    {
        public static readonly string Forward = TShape.Kernel;
        public static readonly string QueryGradient = TShape.Kernel + "QueryGradient";
        public static readonly string KeyValueGradient = TShape.Kernel + "KeyValueGradient";
        public static readonly string BiasGradient = TShape.Kernel + "BiasGradient";
        public static readonly string Cached = TShape.Kernel + "Cached";
    }
}
