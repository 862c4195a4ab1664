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

    // At least so many items for the threads to share.
    private const int FewestItems = 16;

    private readonly AttentionOperands _operands;
    private readonly CpuWorkspace _workspace;
    private readonly int _pieces;
    private readonly int _ahead;
    private readonly int _keyBlock;
    private readonly int _scoreStride;
    private readonly int _paddedSize;

    public AttendForward(in AttentionOperands operands, CpuWorkspace workspace, int threads)
    {
        _operands = operands;
        _workspace = workspace;
        _pieces = Math.Clamp(RowBlocks.Items(FewestItems, operands.Batch * operands.Heads), 1, RowBlocks.Items(operands.Time, QueryBlock));
        _ahead = Math.Max(1, threads / _pieces);
        _paddedSize = AttentionTiles.Padded<T>(operands.HeadSize);
        RunsAlone = FittingKeys(CpuWorkspace.ThreadFloats) == 0;
        _keyBlock = Math.Min(Math.Min(AttentionTiles.Padded<T>(operands.KeyTime), MostKeys), FittingKeys(RunsAlone ? CpuWorkspace.SharedFloats : CpuWorkspace.ThreadFloats));
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
        return Math.Max(0, available / (_operands.HeadSize + _paddedSize + AttentionTiles.Rows) / (2 * T.Count) * (2 * T.Count));
    }

    private void AttendQueries(in Scratch scratch, int sequence, int head, int query, ref int packed)
    {
        var queries = Math.Min(QueryBlock, _operands.Time - query);
        new Span<float>(scratch.Sums, QueryBlock * _paddedSize).Clear();
        new Span<float>(scratch.Totals, QueryBlock).Clear();
        new Span<float>(scratch.Largest, QueryBlock).Fill(float.NegativeInfinity);

        var bounds = _operands.KeysOf(sequence);
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

            for (var row = 0; row < queries; row += AttentionTiles.Rows)
            {
                if (block == 0)
                    _operands.Ask((sequence * _operands.Heads) + head + _ahead, query + row, AttentionTiles.Rows);
                AttendTile(scratch, sequence, head, query, row, Math.Min(AttentionTiles.Rows, queries - row), block, inBounds);
            }
        }

        for (var row = 0; row < queries; row++)
            Finish(scratch, sequence, head, query, row);

        var output = _operands.Output + _operands.OutputOffset(sequence, head) + ((nint)query * _operands.OutputStride);
        HeadRows.Copy<T>(scratch.Sums, _paddedSize, output, _operands.OutputStride, queries, _operands.HeadSize);
    }

    private void PackKeys(in Scratch scratch, int sequence, int keyValueHead, int block, int keys)
    {
        AttentionTiles.PackTransposed<T>(_operands.Key + _operands.KeyOffset(sequence, keyValueHead, block), _operands.KeyStride, keys, _operands.HeadSize, scratch.Keys);
        AttentionTiles.Pack<T>(_operands.Value + _operands.ValueOffset(sequence, keyValueHead, block), _operands.ValueStride, keys, _operands.HeadSize, scratch.Values, _keyBlock);
    }

    [MethodImpl(Jit.HotLoop)]
    private void AttendTile(in Scratch scratch, int sequence, int head, int query, int row, int rows, int block, KeyRange inBounds)
    {
        var range = KeyRange.OfRows<TMask>(_operands.FirstPosition + query + row, rows, _operands.KeyTime, block, inBounds);
        if (range.IsEmpty)
            return;

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
            AttentionTiles.MultiplyPart<T>(
                queries, stride, 1, scratch.Keys + ((nint)key * _operands.HeadSize), width, _operands.HeadSize, scratch.Scores + key, _scoreStride, range.End - key);
        }

        panels = panels with { End = range.WidenedTo(T.Count).End };

        for (var index = 0; index < rows; index++)
        {
            var q = query + row + index;
            var position = _operands.FirstPosition + q;
            var visible = KeyRange.Of<TMask>(position, _operands.KeyTime, block, inBounds);
            var bias = TShape.HasBias ? _operands.BiasAt(head, position, block) : null;
            Softmax(scratch, row + index, scratch.Scores + (index * _scoreStride), bias, visible, panels, _operands.DropoutElement(sequence, head, q, block));
        }

        // sums += probabilities · value
        for (var column = 0; column < _paddedSize; column += width)
        {
            AttentionTiles.Multiply<T>(
                scratch.Scores + range.First, _scoreStride, 1, scratch.Values + ((nint)column * _keyBlock) + (range.First * width), width, range.End - range.First,
                scratch.Sums + ((nint)row * _paddedSize) + column, _paddedSize, adds: true);
        }
    }

    // The tile always has eight rows: those beyond the sequence are zero.
    private void CopyQueries(in Scratch scratch, float* queries, int rows)
    {
        HeadRows.Copy<T>(queries, _operands.QueryStride, scratch.Queries, _operands.HeadSize, rows, _operands.HeadSize);
        new Span<float>(scratch.Queries + (rows * _operands.HeadSize), (AttentionTiles.Rows - rows) * _operands.HeadSize).Clear();
    }

    // Turns a query's scores of this block into unnormalised probabilities, 0 outside what it sees, and brings what it carries to the new maximum.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Softmax(in Scratch scratch, int row, float* scores, float* bias, KeyRange visible, KeyRange panels, uint element)
    {
        if (visible.IsEmpty)
        {
            new Span<float>(scores + panels.First, panels.End - panels.First).Clear();
            return;
        }

        var largestOfBlock = T.Of(float.NegativeInfinity);
        for (var key = panels.First; key < panels.End; key += T.Count)
        {
            var score = TScore.Invoke(T.Load(scores + key));
            if (TShape.HasBias && visible.Overlaps(key, T.Count))
                score += T.Load(bias + key);

            // A NaN among the scores is lost here, but not among the exponentials.
            if (!visible.Covers(key, T.Count))
                score = visible.Mask(score, key, float.NegativeInfinity);
            largestOfBlock = T.Larger(largestOfBlock, score);
            T.Store(scores + key, score);
        }

        var largest = MathF.Max(scratch.Largest[row], T.Largest(largestOfBlock));

        var total = T.Of(0);
        for (var key = panels.First; key < panels.End; key += T.Count)
        {
            var probability = T.Exp(T.Load(scores + key) - T.Of(largest));
            total += probability;
            if (_operands.Dropout.IsActive)
                probability *= _operands.Dropout.Keep<T>(element + (uint)key);
            T.Store(scores + key, probability);
        }

        if (scratch.Largest[row] == float.NegativeInfinity)
        {
            scratch.Largest[row] = largest;
        }
        else if (largest > scratch.Largest[row])
        {
            var factor = F1.Exp(F1.Of(scratch.Largest[row] - largest));
            scratch.Totals[row] *= F1.Sum(factor);
            Scale(scratch.Sums + ((nint)row * _paddedSize), F1.Sum(factor));
            scratch.Largest[row] = largest;
        }

        scratch.Totals[row] += T.Sum(total);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Scale(float* sums, float factor)
    {
        for (var column = 0; column < _paddedSize; column += T.Count)
            T.Store(sums + column, T.Load(sums + column) * T.Of(factor));
    }

    // A query that sees no key gets zeros, for the logarithm of its sum too.
    private void Finish(in Scratch scratch, int sequence, int head, int query, int row)
    {
        var total = scratch.Totals[row];
        Scale(scratch.Sums + ((nint)row * _paddedSize), total > 0 ? 1 / total : total);
        if (_operands.LogSumExp != null)
            _operands.LogSumExp[_operands.RowOffset(sequence, head, query + row)] = total == 0 ? 0 : scratch.Largest[row] + MathF.Log(total);
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
            Scores = Values + (work._keyBlock * work._paddedSize);
            Sums = Scores + (work._scoreStride * AttentionTiles.Rows);
            Largest = Sums + (QueryBlock * work._paddedSize);
            Totals = Largest + QueryBlock;
            Queries = Totals + QueryBlock;
        }
    }
}
