using System.Runtime.CompilerServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>
/// The gradients of attention for one sequence and key-value head an item, which therefore sums its keys' gradients over queries and query heads in a
/// fixed order. With P = exp(score - logSumExp) recomputed block by block and Δ = Σ outputGradient · output by row:
/// dV = Pᵀ dO, dP = dO Vᵀ, dS = P ∘ (dP - Δ) ∘ score′, dQ = dS K, dK = dSᵀ Q; dropout multiplies P in dV, and dP, by the kept elements. The bias's gradient
/// sums P ∘ (dP - Δ) by distance.
/// </summary>
internal readonly unsafe struct AttendBackward<T, TShape, TMask, TScore> : IWork
    where T : struct, IWideLane<T>
    where TShape : struct, IAttentionShape
    where TMask : struct, IMask
    where TScore : struct, IScoreModifier
{
    private const int QueryBlock = 32;
    private const int MostKeys = 256;
    private const int PrefetchedRows = 4;

    private readonly AttentionOperands _operands;
    private readonly CpuWorkspace _workspace;
    private readonly int _keyBlock;
    private readonly int _scoreStride;
    private readonly int _paddedSize;
    private readonly int _packedSize;

    public AttendBackward(in AttentionOperands operands, CpuWorkspace workspace)
    {
        _operands = operands;
        _workspace = workspace;
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

    public int Items => _operands.Batch * _operands.KeyValueHeads;

    public void Invoke(int item, int thread)
    {
        var scratch = new Scratch(this, thread);
        var sequence = item / _operands.KeyValueHeads;
        var keyValueHead = item % _operands.KeyValueHeads;
        var firstHead = keyValueHead * _operands.GroupSize;
        for (var head = firstHead; head < firstHead + _operands.GroupSize; head++)
            BeginHead(sequence, head);

        var bounds = _operands.KeysOf(sequence);
        for (var block = 0; block < _operands.KeyTime; block += _keyBlock)
        {
            var keys = Math.Min(_keyBlock, _operands.KeyTime - block);
            PackKeys(scratch, sequence, keyValueHead, block, keys);
            new Span<float>(scratch.KeyGradients, _keyBlock * _paddedSize).Clear();
            new Span<float>(scratch.ValueGradients, _keyBlock * _paddedSize).Clear();
            for (var head = firstHead; head < firstHead + _operands.GroupSize; head++)
            {
                for (var query = 0; query < _operands.Time; query += QueryBlock)
                    AddQueries(scratch, sequence, head, query, block, bounds.InBlock(block, keys));
            }

            FinishKeys(scratch, sequence, keyValueHead, block, keys);
        }
    }

    private int FittingKeys(int floats)
    {
        var available = floats - (3 * QueryBlock * _paddedSize) - (2 * QueryBlock * T.Count) - T.Count;
        return Math.Max(0, available / ((2 * _operands.HeadSize) + _packedSize + (2 * _paddedSize) + (2 * QueryBlock)) / (2 * T.Count) * (2 * T.Count));
    }

    // Δ of each row, and a bias's gradient of zero for the blocks of keys to add to.
    [MethodImpl(Jit.HotLoop)]
    private void BeginHead(int sequence, int head)
    {
        var output = _operands.OutputOffset(sequence, head);
        for (var row = 0; row < _operands.Time; row++)
        {
            var ahead = Math.Min(PrefetchedRows, _operands.Time - 1 - row);
            HeadRows.Prefetch(_operands.Output + output + ((nint)ahead * _operands.OutputStride), _operands.HeadSize);
            HeadRows.Prefetch(_operands.OutputGradient + output + ((nint)ahead * _operands.OutputStride), _operands.HeadSize);
            _operands.Delta[_operands.RowOffset(sequence, head, row)] = Dot(_operands.OutputGradient + output, _operands.Output + output);
            output += _operands.OutputStride;
        }

        if (TShape.HasBias && _operands.BiasGradient != null)
            new Span<float>(_operands.BiasGradient + ((((nint)sequence * _operands.Heads) + head) * _operands.BiasStride), _operands.BiasStride).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Dot(float* x, float* y)
    {
        var sum = T.Of(0);
        var column = 0;
        for (; column <= _operands.HeadSize - T.Count; column += T.Count)
            sum = T.MultiplyAdd(T.Load(x + column), T.Load(y + column), sum);
        var total = T.Sum(sum);
        for (; column < _operands.HeadSize; column++)
            total += x[column] * y[column];
        return total;
    }

    private void PackKeys(in Scratch scratch, int sequence, int keyValueHead, int block, int keys)
    {
        var key = _operands.Key + _operands.KeyOffset(sequence, keyValueHead, block);
        var value = _operands.Value + _operands.ValueOffset(sequence, keyValueHead, block);
        AttentionTiles.PackTransposed<T>(key, _operands.KeyStride, keys, _operands.HeadSize, scratch.KeysTransposed);
        AttentionTiles.PackTransposed<T>(value, _operands.ValueStride, keys, _operands.HeadSize, scratch.ValuesTransposed);
        if (_packedSize > 0)
            AttentionTiles.Pack<T>(key, _operands.KeyStride, keys, _operands.HeadSize, scratch.Keys, _keyBlock);
    }

    // Keys are read as they lie where they fill vectors.
    private RightRows KeysOf(in Scratch scratch, int sequence, int keyValueHead, int block)
        => _packedSize == 0
            ? new(_operands.Key + _operands.KeyOffset(sequence, keyValueHead, block), _operands.KeyStride, 1)
            : new(scratch.Keys, 2 * T.Count, _keyBlock);

    private void FinishKeys(in Scratch scratch, int sequence, int keyValueHead, int block, int keys)
    {
        var keyGradient = _operands.KeyGradient + _operands.KeyOffset(sequence, keyValueHead, block);
        var valueGradient = _operands.ValueGradient + _operands.ValueOffset(sequence, keyValueHead, block);
        HeadRows.Copy<T>(scratch.KeyGradients, _paddedSize, keyGradient, _operands.KeyStride, keys, _operands.HeadSize);
        HeadRows.Copy<T>(scratch.ValueGradients, _paddedSize, valueGradient, _operands.ValueStride, keys, _operands.HeadSize);
    }

    [MethodImpl(Jit.HotLoop)]
    private void AddQueries(in Scratch scratch, int sequence, int head, int query, int block, KeyRange inBounds)
    {
        var queries = Math.Min(QueryBlock, _operands.Time - query);
        var union = KeyRange.OfRows<TMask>(query, queries, _operands.KeyTime, block, inBounds);
        if (union.IsEmpty)
        {
            ClearQueryGradients(sequence, head, query, queries, block);
            return;
        }

        var width = 2 * T.Count;
        union = union.WidenedTo(width);
        var q = RowsOf(_operands.Query + _operands.QueryOffset(sequence, head) + ((nint)query * _operands.QueryStride), _operands.QueryStride, queries, _operands.Time - query - queries, scratch.Queries);
        var outputGradients = RowsOf(_operands.OutputGradient + _operands.OutputOffset(sequence, head) + ((nint)query * _operands.OutputStride), _operands.OutputStride, queries, _operands.Time - query - queries, scratch.OutputGradients);
        for (var row = 0; row < queries; row += AttentionTiles.Rows)
        {
            if (block == 0)
            {
                _operands.Ask((sequence * _operands.Heads) + head + _operands.GroupSize, query + row, AttentionTiles.Rows);
                _operands.AskGradients(sequence, head, query + row, AttentionTiles.Rows, QueryBlock);
            }

            AddTile(scratch, sequence, head, query, row, Math.Min(AttentionTiles.Rows, queries - row), block, inBounds, union, q, outputGradients);
        }

        // dK += dSᵀ · Q and dV += Pᵀ · dO, over the block's queries
        for (var key = union.First; key < union.End; key += AttentionTiles.Rows)
        {
            // Queries before the first that sees any of these keys have nothing to add.
            var first = Math.Clamp(TMask.FirstQuery(block + key) - query, 0, queries);
            var scores = ((nint)first * _scoreStride) + key;
            for (var column = 0; column < _paddedSize; column += width)
            {
                var sum = ((nint)key * _paddedSize) + column;
                AttentionTiles.Multiply<T>(scratch.ScoreGradients + scores, 1, _scoreStride, q.At(first) + column, q.Stride, queries - first, scratch.KeyGradients + sum, _paddedSize, adds: true, _paddedSize - column);
                AttentionTiles.Multiply<T>(scratch.Probabilities + scores, 1, _scoreStride, outputGradients.At(first) + column, outputGradients.Stride, queries - first, scratch.ValueGradients + sum, _paddedSize, adds: true, _paddedSize - column);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddTile(in Scratch scratch, int sequence, int head, int query, int row, int rows, int block, KeyRange inBounds, KeyRange union, RowsInPlace queries, RowsInPlace outputGradients)
    {
        var width = 2 * T.Count;
        var probabilities = scratch.Probabilities + ((nint)row * _scoreStride);
        var gradients = scratch.ScoreGradients + ((nint)row * _scoreStride);

        // products = Q · Kᵀ and dP = dO · Vᵀ
        var range = KeyRange.OfRows<TMask>(query + row, rows, _operands.KeyTime, block, inBounds);
        var panels = range.IsEmpty ? new(union.First, union.First) : range.WidenedTo(width);
        for (var key = panels.First; key < panels.End; key += width)
        {
            var panel = (nint)key * _operands.HeadSize;
            AttentionTiles.Multiply<T>(
                queries.At(row), queries.Stride, 1, scratch.KeysTransposed + panel, width, _operands.HeadSize, probabilities + key, _scoreStride, adds: false, range.End - key);
            AttentionTiles.Multiply<T>(
                outputGradients.At(row), outputGradients.Stride, 1, scratch.ValuesTransposed + panel, width, _operands.HeadSize, gradients + key, _scoreStride, adds: false, range.End - key);
        }

        for (var index = 0; index < rows; index++)
        {
            var q = query + row + index;
            var at = _operands.RowOffset(sequence, head, q);
            var bias = TShape.HasBias ? _operands.BiasAt(head, q, block) : null;
            var biasGradient = TShape.HasBias && _operands.BiasGradient != null ? _operands.BiasGradientAt(sequence, head, q, block) : null;
            SoftmaxBackward(
                scratch, probabilities + (index * _scoreStride), gradients + (index * _scoreStride), bias, biasGradient,
                KeyRange.Of<TMask>(q, _operands.KeyTime, block, inBounds), union, _operands.LogSumExp[at], _operands.Delta[at], _operands.DropoutElement(sequence, head, q, block));
        }

        if (range.IsEmpty)
        {
            ClearQueryGradients(sequence, head, query + row, rows, block);
            return;
        }

        // dQ = dS · K, which each block of keys after the first adds to.
        var keys = KeysOf(scratch, sequence, head / _operands.GroupSize, block);
        var queryGradient = _operands.QueryGradient + _operands.QueryOffset(sequence, head) + ((nint)(query + row) * _operands.QueryStride);
        var isWhole = block == 0 && rows == AttentionTiles.Rows && _operands.HeadSize == _paddedSize;
        var destination = isWhole ? queryGradient : scratch.QueryGradients;
        var stride = isWhole ? _operands.QueryStride : _paddedSize;
        for (var column = 0; column < _paddedSize; column += width)
        {
            AttentionTiles.Multiply<T>(
                gradients + range.First, _scoreStride, 1, keys.At(range.First, column), keys.RowStride, range.End - range.First,
                destination + column, stride, adds: false, _paddedSize - column);
        }

        if (isWhole)
            return;

        ClearQueryGradients(sequence, head, query + row, rows, block);
        for (var index = 0; index < rows; index++)
            Add(scratch.QueryGradients + ((nint)index * _paddedSize), queryGradient + ((nint)index * _operands.QueryStride));
    }

    // Before the first block of keys there is nothing to add to.
    private void ClearQueryGradients(int sequence, int head, int query, int rows, int block)
    {
        if (block > 0)
            return;

        var gradient = _operands.QueryGradient + _operands.QueryOffset(sequence, head) + ((nint)query * _operands.QueryStride);
        for (var row = 0; row < rows; row++, gradient += _operands.QueryStride)
            new Span<float>(gradient, _operands.HeadSize).Clear();
    }

    // A query's products become its probabilities (with dropout), the probabilities' gradients those of the products; both 0 where it sees nothing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SoftmaxBackward(
        in Scratch scratch, float* probabilities, float* gradients, float* bias, float* biasGradient, KeyRange visible, KeyRange union, float logSumExp, float delta, uint element)
    {
        var first = visible.IsEmpty ? union.First : visible.First / T.Count * T.Count;
        var end = visible.IsEmpty ? union.First : visible.End;
        Clear(probabilities, gradients, union.First, first);
        var key = first;
        for (; key < end; key += T.Count)
        {
            var product = T.Load(probabilities + key);
            var score = TScore.Invoke(product);
            if (TShape.HasBias)
                score += T.Load(bias + key);

            var probability = T.Exp(score - T.Of(logSumExp));
            if (!visible.Covers(key, T.Count))
                probability = visible.Mask(probability, key, 0);

            var gradient = T.Load(gradients + key);
            var dropped = probability;
            if (_operands.Dropout.IsActive)
            {
                var keep = _operands.Dropout.Keep<T>(element + (uint)key);
                dropped *= keep;
                gradient *= keep;
            }

            T.Store(probabilities + key, dropped);
            var scoreGradient = probability * (gradient - T.Of(delta));
            if (TShape.HasBias && biasGradient != null)
                AddVisible(scratch, scoreGradient, biasGradient, key, visible);

            T.Store(gradients + key, scoreGradient * TScore.Derivative(product));
        }

        Clear(probabilities, gradients, key, union.End);
    }

    // Nothing is stored beyond what the query sees: what lies there may be another thread's.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddVisible(in Scratch scratch, T values, float* sums, int key, KeyRange visible)
    {
        if (visible.Covers(key, T.Count))
        {
            T.Store(sums + key, T.Load(sums + key) + values);
            return;
        }

        T.Store(scratch.Lanes, values);
        var end = Math.Min(key + T.Count, visible.End);
        for (var at = Math.Max(key, visible.First); at < end; at++)
            sums[at] += scratch.Lanes[at - key];
    }

    // The range is whole vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Clear(float* probabilities, float* gradients, int first, int end)
    {
        for (var key = first; key < end; key += T.Count)
        {
            T.Store(probabilities + key, T.Of(0));
            T.Store(gradients + key, T.Of(0));
        }
    }

    // Rows of a head: as they lie where they fill tiles and panels, else a copy, padded with zeros.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private RowsInPlace RowsOf(float* source, int stride, int rows, int following, float* copy)
    {
        if (rows % AttentionTiles.Rows == 0 && _operands.HeadSize == _paddedSize)
            return new(source, stride);

        CopyRows(source, stride, rows, following, copy);
        return new(copy, _paddedSize);
    }

    private void CopyRows(float* source, int stride, int rows, int following, float* destination)
    {
        HeadRows.Copy<T>(source, stride, destination, _paddedSize, rows, _operands.HeadSize, following);
        for (var row = 0; row < rows && _operands.HeadSize < _paddedSize; row++)
            new Span<float>(destination + ((nint)row * _paddedSize) + _operands.HeadSize, _paddedSize - _operands.HeadSize).Clear();
        for (var row = rows; row % AttentionTiles.Rows != 0; row++)
            new Span<float>(destination + ((nint)row * _paddedSize), _paddedSize).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(float* source, float* destination)
    {
        var column = 0;
        for (; column <= _operands.HeadSize - T.Count; column += T.Count)
            T.Store(destination + column, T.Load(destination + column) + T.Load(source + column));
        for (; column < _operands.HeadSize; column++)
            destination[column] += source[column];
    }

    /// <summary>Rows that lie some way apart.</summary>
    private readonly struct RowsInPlace(float* start, nint stride)
    {
        public nint Stride => stride;

        public float* At(int row) => start + (row * stride);
    }

    /// <summary>A thread's memory: packed keys and values, their gradients' sums, and a block of queries with its scores.</summary>
    private readonly struct Scratch
    {
        public readonly float* KeysTransposed;
        public readonly float* ValuesTransposed;
        public readonly float* Keys;
        public readonly float* KeyGradients;
        public readonly float* ValueGradients;
        public readonly float* Probabilities;
        public readonly float* ScoreGradients;
        public readonly float* Queries;
        public readonly float* OutputGradients;
        public readonly float* QueryGradients;
        public readonly float* Lanes;

        public Scratch(in AttendBackward<T, TShape, TMask, TScore> work, int thread)
        {
            KeysTransposed = work.RunsAlone ? work._workspace.Shared : work._workspace.Thread(thread);
            ValuesTransposed = KeysTransposed + (work._keyBlock * work._operands.HeadSize);
            Keys = ValuesTransposed + (work._keyBlock * work._operands.HeadSize);
            KeyGradients = Keys + (work._keyBlock * work._packedSize);
            ValueGradients = KeyGradients + (work._keyBlock * work._paddedSize);
            Probabilities = ValueGradients + (work._keyBlock * work._paddedSize);
            ScoreGradients = Probabilities + (work._scoreStride * QueryBlock);
            Queries = ScoreGradients + (work._scoreStride * QueryBlock);
            OutputGradients = Queries + (QueryBlock * work._paddedSize);
            QueryGradients = OutputGradients + (QueryBlock * work._paddedSize);
            Lanes = QueryGradients + (QueryBlock * work._paddedSize);
        }
    }
}
