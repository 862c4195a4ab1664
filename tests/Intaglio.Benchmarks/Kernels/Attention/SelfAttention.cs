using Intaglio.Numerics;

namespace Intaglio.Benchmarks;

/// <summary>Attention of random queries, keys and values, and of random gradients of its output, through the processor's launches.</summary>
internal sealed class SelfAttention<TShape, TMask>
    where TShape : struct, IAttentionShape
    where TMask : struct, IMask
{
    // Sums of up to 512 products of numbers within ±1 in single precision; 1.5e-6 was seen, of the gradient of the first values, which all queries see.
    private const double Tolerance = 1e-5;

    private readonly int _batch;
    private readonly int _time;
    private readonly bool _hasBackward;
    private readonly Tensors _tensors;
    private readonly Place _query;
    private readonly Place _output;
    private readonly Place _logSumExp;
    private readonly Place _outputGradient;
    private readonly Place _delta;
    private readonly Place _queryGradient;

    public SelfAttention(CpuDevice device, int batch, int time, bool hasBackward)
    {
        (_batch, _time, _hasBackward) = (batch, time, hasBackward);
        var rows = batch * time;
        _tensors = new(device, rows * TShape.QueryStride, rows * Width, rows * TShape.Heads, rows * Width, rows * TShape.Heads, rows * TShape.QueryStride);
        (_query, _output, _logSumExp, _outputGradient, _delta, _queryGradient) = (_tensors[0], _tensors[1], _tensors[2], _tensors[3], _tensors[4], _tensors[5]);
    }

    public PreparedKernel Prepared()
    {
        var launches = new Launches(this);
        return new(_tensors, () => _tensors.On.Run(ref launches), Fault);
    }

    private static int Width => TShape.Heads * TShape.HeadSize;

    // The last head of the last sequence.
    private string? Fault()
    {
        var expected = new AttentionHead(Head(_query), Head(Keys(_query)), Head(Values(_query)), Enumerable.Range(0, _time).Select(query => TMask.End(query, _time)).ToArray(), EighthScore.Scale);
        var fault = Difference("output", _output, Width, expected.Output);
        if (!_hasBackward || fault is not null)
            return fault;

        var (query, key, value) = expected.Gradients(Head(_outputGradient, Width));
        return Difference("query's gradient", _queryGradient, TShape.QueryStride, query)
            ?? Difference("key's gradient", Keys(_queryGradient), TShape.QueryStride, key)
            ?? Difference("value's gradient", Values(_queryGradient), TShape.QueryStride, value);
    }

    private static Place Keys(Place queries) => queries + (Width * sizeof(float));

    private static Place Values(Place queries) => queries + (2 * Width * sizeof(float));

    private double[][] Head(Place place) => Head(place, TShape.QueryStride);

    private double[][] Head(Place place, int stride) => [.. Enumerable.Range(0, _time).Select(position => Array.ConvertAll(Row(place, stride, position).ToArray(), value => (double)value))];

    private Span<float> Row(Place place, int stride, int position)
    {
        var first = (((long)((_batch - 1) * _time) + position) * stride) + Width - TShape.HeadSize;
        return _tensors.Values<float>(place + (first * sizeof(float)), TShape.HeadSize);
    }

    private string? Difference(string what, Place place, int stride, double[][] expected) => Enumerable.Range(0, _time)
        .Select(position => Expected.Fault($"{what} at {position}: number", Row(place, stride, position), expected[position], Tolerance))
        .FirstOrDefault(fault => fault is not null);

    private readonly struct Launches(SelfAttention<TShape, TMask> of) : ITargetAction
    {
        public void Invoke<TTarget>(in TTarget on)
            where TTarget : struct, ITarget
        {
            on.Attention<TShape, TMask, EighthScore>(
                of._query, Keys(of._query), Values(of._query), RelativeBias.None, Place.None, of._output, of._logSumExp, of._batch, of._time, of._time);
            if (!of._hasBackward)
                return;

            on.AttentionBackward<TShape, TMask, EighthScore>(
                of._query, Keys(of._query), Values(of._query), RelativeBias.None, Place.None, of._output, of._logSumExp, of._outputGradient, of._delta,
                of._queryGradient, Keys(of._queryGradient), Values(of._queryGradient), Place.None, of._batch, of._time, of._time);
        }
    }
}
