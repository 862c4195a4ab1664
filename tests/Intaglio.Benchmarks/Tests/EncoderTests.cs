using Intaglio.Benchmarks.Onnx;
using Xunit;

namespace Intaglio.Benchmarks.Tests;

/// <summary>That both sides of the encoder's benchmark compute the same, and that a difference would be seen.</summary>
public sealed class EncoderTests : IDisposable
{
    private const int Length = 20;

    // Pooled outputs within ±1, sums of up to 80 terms in three layers, in single precision and another order; 3e-7 was seen.
    private const float Tolerance = 2e-6f;

    private readonly Device _device = Device.Cpu(threads: 2);
    private readonly BertTiny _model;
    private readonly OnnxRuntimeEncoder _other;

    public EncoderTests()
    {
        _model = RandomWeights.Shaken(BertTiny.Create(_device, seed: 1));
        _other = new(_model, threads: 2);
    }

    [Theory]
    [InlineData(Length)]
    [InlineData(Length, Length, Length)]
    [InlineData(Length, 1, 7, 19)]
    public void Pooled_outputs_are_ONNX_Runtimes(params int[] lengths) => Assert.InRange(Difference(lengths), 0, Tolerance);

    [Fact]
    public void Any_bias_or_gain_that_differs_is_seen()
    {
        // All scores of a query have the same part of the keys' bias, which a softmax does not see.
        var vectors = _model.Description.Parameters.Parameters().Where(parameter => parameter.Entry.Shape.Length == 1 && !parameter.Name.Contains("self.key", StringComparison.Ordinal));
        Assert.All(vectors, parameter =>
        {
            var values = _model.ReadParameter(parameter.Name);
            _model.WriteParameter(parameter.Name, [.. values.Select((value, index) => index == 5 ? value + 0.1f : value)]);
            Assert.True(Difference(Length) > 10 * Tolerance);
            _model.WriteParameter(parameter.Name, values);
        });
    }

    [Fact]
    public void Padding_that_is_not_masked_is_seen()
    {
        var input = new EncoderInput(_model.Description, Length, Length - 1);
        using var session = _model.OpenSession();

        var ours = session.Run(input.Tokens, 1, [], input.TokenTypes).ToArray();
        var theirs = _other.Run(input.Tokens, input.TokenTypes, input.Mask, 1);
        Assert.True(ours.Zip(theirs, (x, y) => MathF.Abs(x - y)).Max() > 10 * Tolerance);
    }

    public void Dispose()
    {
        _other.Dispose();
        _model.Dispose();
        _device.Dispose();
    }

    private float Difference(params int[] lengths)
    {
        using var session = _model.OpenSession(new() { BatchSize = lengths.Length });
        return EncodeBenchmark.Difference(session, _other, new(_model.Description, Length, lengths));
    }
}
