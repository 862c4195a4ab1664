using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>
/// output = softmax(score(query · keyᵀ) + bias) · value by blocks of keys, the running maximum and sum of each query carried from block to block (Dao et al.,
/// "FlashAttention", arXiv:2205.14135).
/// </summary>
internal readonly unsafe struct AttendForward<T, TShape, TMask, TScore> : IWork
    where T : struct, IWideLane<T>
    where TShape : struct, IAttentionShape
    where TMask : struct, IMask
    where TScore : struct, IScoreModifier
{
    // Queries whose sums are carried through the blocks of keys together.
    private const int QueryBlock = 128;

    // At most so many keys at once: the scores of eight queries stay in the first-level cache.
    private const int MostKeys = 512;

    // Queries whose exponentials are taken together, so that the processor need not wait for one's sum.
    private const int SoftmaxRows = 4;

    private const int PrefetchedRows = 8;

    // At least so many items for the threads to share.
    private const int FewestItems = 16;

    private readonly AttentionOperands _operands;
    private readonly CpuWorkspace _workspace;
    private readonly int _pieces;
    private readonly int _keyBlock;
    private readonly int _scoreStride;
    private readonly int _paddedSize;
    private readonly int _packedSize;

    public AttendForward(in AttentionOperands operands, CpuWorkspace workspace)
    {
        _operands = operands;
        _workspace = workspace;
        _pieces = Math.Clamp(RowBlocks.Items(FewestItems, operands.Batch * operands.Heads), 1, RowBlocks.Items(operands.Time, QueryBlock));
        _paddedSize = AttentionTiles.WholeVectors<T>(operands.HeadSize);
        _packedSize = operands.HeadSize == _paddedSize ? 0 : AttentionTiles.WholePanels<T>(operands.HeadSize);
        RunsAlone = FittingKeys(CpuWorkspace.ThreadFloats) == 0;
        _keyBlock = Math.Min(Math.Min(AttentionTiles.WholePanels<T>(operands.KeyTime), MostKeys), FittingKeys(RunsAlone ? CpuWorkspace.SharedFloats : CpuWorkspace.ThreadFloats));
        if (_keyBlock == 0)
            throw new NotSupportedException($"Attention heads of {operands.HeadSize} exceed what the working memory can hold; use more heads.");

        // Not a power of two, so that the rows of a tile do not compete for the same lines of the cache.
        _scoreStride = _keyBlock + T.Count;
    }

    /// <summary>Whether heads are so wide that one thread needs the shared working memory.</summary>
    public bool RunsAlone { get; }

    public int Items => _operands.Batch * _operands.Heads * _pieces;

    public void Invoke(int item, int thread)
    {
        var piece = item % _pieces;
        var head = item / _pieces % _operands.Heads;
        var sequence = item / _pieces / _operands.Heads;

        // Each piece takes every n-th block of queries, so that under a causal mask the pieces are about equally long.
        var packed = -1;
        for (var query = piece * QueryBlock; query < _operands.Time; query += _pieces * QueryBlock)
            AttendQueries(new(this, thread), sequence, head, query, ref packed);
    }

    private int FittingKeys(int floats)
    {
        const int CarriedFloats = 2 * QueryBlock;
        var available = floats - CarriedFloats - (AttentionTiles.Rows * T.Count) - (QueryBlock * _paddedSize) - (AttentionTiles.Rows * _operands.HeadSize);
        return Math.Max(0, available / (_operands.HeadSize + _packedSize + AttentionTiles.Rows) / (2 * T.Count) * (2 * T.Count));
    }

    private void AttendQueries(in Scratch scratch, int sequence, int head, int query, ref int packed)
    {
        var queries = Math.Min(QueryBlock, _operands.Time - query);
        new Span<float>(scratch.Totals, QueryBlock).Clear();
        new Span<float>(scratch.Largest, QueryBlock).Fill(float.NegativeInfinity);

        var bounds = _operands.KeysOf(sequence);
        var isFirst = true;
        for (var block = 0; block < _operands.KeyTime; block += _keyBlock)
        {
            var keys = Math.Min(_keyBlock, _operands.KeyTime - block);
            var inBounds = bounds.InBlock(block, keys);
            if (KeyRange.OfRows<TMask>(_operands.FirstPosition + query, queries, _operands.KeyTime, block, inBounds).IsEmpty)
                continue;

            if (packed != block)
            {
                PackKeys(scratch, sequence, head / _operands.GroupSize, block, keys);
                packed = block;
            }

            var values = ValuesOf(scratch, sequence, head / _operands.GroupSize, block);
            for (var row = 0; row < queries; row += AttentionTiles.Rows)
            {
                if (block == 0)
                    _operands.Ask((sequence * _operands.Heads) + head + 1, query + row, AttentionTiles.Rows);
                AttendTile(scratch, sequence, head, query, row, Math.Min(AttentionTiles.Rows, queries - row), block, inBounds, values, isFirst);
            }

            isFirst = false;
        }

        if (isFirst)
            new Span<float>(scratch.Sums, QueryBlock * _paddedSize).Clear();

        StoreOutputs(scratch, sequence, head, query, queries);
        if (_operands.LogSumExp != null)
            StoreLogSums(scratch, sequence, head, query, queries);
    }

    private void PackKeys(in Scratch scratch, int sequence, int keyValueHead, int block, int keys)
    {
        AttentionTiles.PackTransposed<T>(_operands.Key + _operands.KeyOffset(sequence, keyValueHead, block), _operands.KeyStride, keys, _operands.HeadSize, scratch.Keys);
        if (_packedSize > 0)
            AttentionTiles.Pack<T>(_operands.Value + _operands.ValueOffset(sequence, keyValueHead, block), _operands.ValueStride, keys, _operands.HeadSize, scratch.Values, _keyBlock);
    }

    // Values are read as they lie where they fill vectors.
    private RightRows ValuesOf(in Scratch scratch, int sequence, int keyValueHead, int block)
        => _packedSize == 0
            ? new(_operands.Value + _operands.ValueOffset(sequence, keyValueHead, block), _operands.ValueStride, 1)
            : new(scratch.Values, 2 * T.Count, _keyBlock);

    [MethodImpl(Jit.HotLoop)]
    private void AttendTile(in Scratch scratch, int sequence, int head, int query, int row, int rows, int block, KeyRange inBounds, RightRows values, bool isFirst)
    {
        var range = KeyRange.OfRows<TMask>(_operands.FirstPosition + query + row, rows, _operands.KeyTime, block, inBounds);
        if (range.IsEmpty)
        {
            if (isFirst)
                new Span<float>(scratch.Sums + ((nint)row * _paddedSize), AttentionTiles.Rows * _paddedSize).Clear();
            return;
        }

        // scores = query · keyᵀ
        var width = 2 * T.Count;
        var panels = range.WidenedTo(width);
        var queries = _operands.Query + _operands.QueryOffset(sequence, head) + ((nint)(query + row) * _operands.QueryStride);
        nint stride = _operands.QueryStride;
        if (rows < AttentionTiles.Rows)
        {
            CopyQueries(scratch, queries, rows);
            queries = scratch.Queries;
            stride = _operands.HeadSize;
        }

        for (var key = panels.First; key < panels.End; key += width)
        {
            AttentionTiles.Multiply<T>(
                queries, stride, 1, scratch.Keys + ((nint)key * _operands.HeadSize), width, _operands.HeadSize, scratch.Scores + key, _scoreStride, adds: false, range.End - key);
        }

        panels = panels with { End = range.WidenedTo(T.Count).End };

        for (var index = 0; index < rows; index += SoftmaxRows)
        {
            var last = query + row + rows - 1;
            var first = query + row + index;
            Softmax(
                scratch, row + index, panels,
                RowOf(scratch, sequence, head, Math.Min(first, last), index, block, inBounds),
                RowOf(scratch, sequence, head, Math.Min(first + 1, last), index + 1, block, inBounds),
                RowOf(scratch, sequence, head, Math.Min(first + 2, last), index + 2, block, inBounds),
                RowOf(scratch, sequence, head, Math.Min(first + 3, last), index + 3, block, inBounds));
        }

        // sums += probabilities · value
        for (var column = 0; column < _paddedSize; column += width)
        {
            AttentionTiles.Multiply<T>(
                scratch.Scores + range.First, _scoreStride, 1, values.At(range.First, column), values.RowStride, range.End - range.First,
                scratch.Sums + ((nint)row * _paddedSize) + column, _paddedSize, adds: !isFirst, _paddedSize - column);
        }
    }

    // The tile always has eight rows: those beyond the sequence are zero.
    private void CopyQueries(in Scratch scratch, float* queries, int rows)
    {
        HeadRows.Copy<T>(queries, _operands.QueryStride, scratch.Queries, _operands.HeadSize, rows, _operands.HeadSize);
        new Span<float>(scratch.Queries + (rows * _operands.HeadSize), (AttentionTiles.Rows - rows) * _operands.HeadSize).Clear();
    }

    // Rows of a tile beyond the sequence stand for its last query again.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ScoreRow RowOf(in Scratch scratch, int sequence, int head, int query, int row, int block, KeyRange inBounds)
    {
        var position = _operands.FirstPosition + query;
        return new(
            scratch.Scores + (row * _scoreStride),
            TShape.HasBias ? _operands.BiasAt(head, position, block) : null,
            KeyRange.Of<TMask>(position, _operands.KeyTime, block, inBounds),
            _operands.DropoutElement(sequence, head, query, block));
    }

    // Turns the scores of four queries in this block into unnormalised probabilities, 0 outside what they see, and brings what they carry to the new maxima.
    private void Softmax(in Scratch scratch, int row, KeyRange panels, in ScoreRow row0, in ScoreRow row1, in ScoreRow row2, in ScoreRow row3)
    {
        var references = stackalloc float[SoftmaxRows];
        FindLargest(references, panels, row0, row1, row2, row3);
        references[0] = Carry(scratch, row, references[0], row0.Visible);
        references[1] = Carry(scratch, row + 1, references[1], row1.Visible);
        references[2] = Carry(scratch, row + 2, references[2], row2.Visible);
        references[3] = Carry(scratch, row + 3, references[3], row3.Visible);
        Exponentiate(scratch.Totals + row, references, panels, row0, row1, row2, row3);
    }

    [MethodImpl(Jit.HotLoop)]
    private static void FindLargest(float* largest, KeyRange panels, in ScoreRow row0, in ScoreRow row1, in ScoreRow row2, in ScoreRow row3)
    {
        T largest0 = T.Of(float.NegativeInfinity), largest1 = largest0, largest2 = largest0, largest3 = largest0;
        var common = row0.Visible.And(row1.Visible).And(row2.Visible).And(row3.Visible);
        for (var key = panels.First; key < panels.End; key += T.Count)
        {
            // A NaN among the scores is lost here, but not among the exponentials.
            var isCommon = common.Covers(key, T.Count);
            largest0 = T.Larger(largest0, Score(row0, key, isCommon));
            largest1 = T.Larger(largest1, Score(row1, key, isCommon));
            largest2 = T.Larger(largest2, Score(row2, key, isCommon));
            largest3 = T.Larger(largest3, Score(row3, key, isCommon));
        }

        largest[0] = T.Largest(largest0);
        largest[1] = T.Largest(largest1);
        largest[2] = T.Largest(largest2);
        largest[3] = T.Largest(largest3);
    }

    [MethodImpl(Jit.HotLoop)]
    private void Exponentiate(float* totals, float* references, KeyRange panels, in ScoreRow row0, in ScoreRow row1, in ScoreRow row2, in ScoreRow row3)
    {
        T reference0 = T.Of(references[0]), reference1 = T.Of(references[1]), reference2 = T.Of(references[2]), reference3 = T.Of(references[3]);
        T total0 = T.Of(0), total1 = total0, total2 = total0, total3 = total0;
        for (var key = panels.First; key < panels.End; key += T.Count)
        {
            total0 += Exponential(row0, key, reference0);
            total1 += Exponential(row1, key, reference1);
            total2 += Exponential(row2, key, reference2);
            total3 += Exponential(row3, key, reference3);
        }

        totals[0] += T.Sum(total0);
        totals[1] += T.Sum(total1);
        totals[2] += T.Sum(total2);
        totals[3] += T.Sum(total3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Score(ScoreRow row, int key, bool isVisible)
    {
        var score = TScore.Invoke(T.Load(row.Scores + key));
        if (TShape.HasBias && row.Visible.Overlaps(key, T.Count))
            score += T.Load(row.Bias + key);
        if (!isVisible)
            score = row.Visible.Mask(score, key, float.NegativeInfinity);
        T.Store(row.Scores + key, score);
        return score;
    }

    // The sum of exponentials has those that dropout takes from the output too.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Exponential(ScoreRow row, int key, T reference)
    {
        var probability = T.Exp(T.Load(row.Scores + key) - reference);
        T.Store(row.Scores + key, _operands.Dropout.IsActive ? probability * _operands.Dropout.Keep<T>(row.Element + (uint)key) : probability);
        return probability;
    }

    // Brings what a query carries to its maximum with this block, which is returned: what its exponentials are relative to.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Carry(in Scratch scratch, int row, float largestOfBlock, KeyRange visible)
    {
        var before = scratch.Largest[row];
        var largest = MathF.Max(before, largestOfBlock);
        scratch.Largest[row] = largest;
        if (before != float.NegativeInfinity && largest > before)
            Rescale(scratch, row, before - largest);

        // Where nothing is seen, relative to any number but -∞ itself the exponentials are 0.
        return visible.IsEmpty && largest == float.NegativeInfinity ? 0 : largest;
    }

    private void Rescale(in Scratch scratch, int row, float logarithm)
    {
        var factor = F1.Sum(F1.Exp(F1.Of(logarithm)));
        scratch.Totals[row] *= factor;
        var sums = scratch.Sums + ((nint)row * _paddedSize);
        for (var column = 0; column < _paddedSize; column += T.Count)
            T.Store(sums + column, T.Load(sums + column) * T.Of(factor));
    }

    // A query that sees no key gets zeros.
    [MethodImpl(Jit.HotLoop)]
    private void StoreOutputs(in Scratch scratch, int sequence, int head, int query, int queries)
    {
        var output = _operands.Output + _operands.OutputOffset(sequence, head) + ((nint)query * _operands.OutputStride);
        var sums = scratch.Sums;
        for (var row = 0; row < queries; row++, sums += _paddedSize, output += _operands.OutputStride)
        {
            HeadRows.Prefetch(output + ((nint)Math.Min(PrefetchedRows, queries - 1 - row) * _operands.OutputStride), _operands.HeadSize);
            var total = scratch.Totals[row];
            var factor = total > 0 ? 1 / total : total;
            var column = 0;
            for (; column <= _operands.HeadSize - T.Count; column += T.Count)
                T.Store(output + column, T.Load(sums + column) * T.Of(factor));
            for (; column < _operands.HeadSize; column++)
                output[column] = sums[column] * factor;
        }
    }

    // The logarithm of nothing is given as 0.
    [MethodImpl(Jit.HotLoop)]
    private void StoreLogSums(in Scratch scratch, int sequence, int head, int query, int queries)
    {
        for (var row = 0; row < queries; row += T.Count)
        {
            var total = T.Load(scratch.Totals + row);
            T.Store(scratch.Totals + row, T.WhereEqual(total, T.Of(0), T.Of(0), T.Load(scratch.Largest + row) + T.Log(total)));
        }

        for (var row = 0; row < queries; row++)
            _operands.LogSumExp[_operands.RowOffset(sequence, head, query + row)] = scratch.Totals[row];
    }

    /// <summary>A thread's memory: packed keys and values, a tile of queries and scores, and what the queries carry.</summary>
    private readonly struct Scratch
    {
        public readonly float* Keys;
        public readonly float* Values;
        public readonly float* Scores;
        public readonly float* Sums;
        public readonly float* Largest;
        public readonly float* Totals;
        public readonly float* Queries;

        public Scratch(in AttendForward<T, TShape, TMask, TScore> work, int thread)
        {
            Keys = work.RunsAlone ? work._workspace.Shared : work._workspace.Thread(thread);
            Values = Keys + (work._keyBlock * work._operands.HeadSize);
            Scores = Values + (work._keyBlock * work._packedSize);
            Sums = Scores + (work._scoreStride * AttentionTiles.Rows);
            Largest = Sums + (QueryBlock * work._paddedSize);
            Totals = Largest + QueryBlock;
            Queries = Totals + QueryBlock;
        }
    }
}
