using System.Text.Json;
using Xunit;

namespace Intaglio.Compiler.Tests.Published;

/// <summary>A case of onnx-node-cases: one node, what it is given, and what ONNX's own reference makes of it.</summary>
/// <param name="Attributes">What the node says of itself; what it leaves out is ONNX's default.</param>
/// <param name="Inputs">Tensors by name.</param>
/// <param name="Outputs">The reference's results, in the node's order.</param>
internal sealed record OnnxNodeCase(JsonElement Attributes, IReadOnlyDictionary<string, Tensor> Inputs, IReadOnlyList<OnnxResult> Outputs)
{
    public Tensor this[string input] => Inputs[input];

    /// <summary>What attention says of itself: heads are a side of its tensors, or attributes where they have three sides.</summary>
    public (int Heads, int KeyValueHeads, int HeadSize, double Scale) Attention
    {
        get
        {
            var (q, k) = (this["Q"].Sides, this["K"].Sides);
            var heads = (int)Number("q_num_heads", q[1]);
            var size = q.Count == 4 ? q[3] : q[2] / heads;
            return (heads, (int)Number("kv_num_heads", k[1]), size, Number("scale", 1 / Math.Sqrt(size)));
        }
    }

    /// <summary>Reads a file of the folder.</summary>
    public static OnnxNodeCase Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var root = document.RootElement;
        return new(
            root.GetProperty("nodes").EnumerateArray().Single().GetProperty("attributes").Clone(),
            root.GetProperty("inputs").EnumerateObject().ToDictionary(input => input.Name, input => TensorOf(input.Value)),
            [.. root.GetProperty("outputs").EnumerateObject().Select(output => new OnnxResult(output.Name, output.Value.GetProperty("dtype").GetString()!, TensorOf(output.Value)))]);
    }

    /// <summary>An attribute that is a number.</summary>
    public double Number(string attribute, double otherwise) => Attributes.TryGetProperty(attribute, out var value) ? value.GetDouble() : otherwise;

    /// <summary>An input as rows of its last side, which the node has to work along.</summary>
    public Tensor AlongLastSide(string input)
    {
        var x = this[input];
        Assert.Contains(Number("axis", -1), new double[] { -1, x.Sides.Count - 1 });
        return new([x.Values.Length / x.Sides[^1], x.Sides[^1]], x.Values);
    }

    /// <summary>[batch, heads, time, size] as rows of heads side by side; what has three sides is rows already.</summary>
    public static Tensor Rows(Tensor x)
    {
        var rows = x.Sides.Count == 4 ? Swapped(x) : x;
        return new([rows.Sides[0] * rows.Sides[1], rows.Width / rows.Sides[1]], rows.Values);
    }

    /// <summary>The inverse of <see cref="Rows"/>, for what has the sides of another tensor.</summary>
    public static Tensor Heads(Tensor rows, Tensor like) =>
        like.Sides.Count == 4 ? Swapped(new([like.Sides[0], like.Sides[2], like.Sides[1], like.Sides[3]], rows.Values)) : new(like.Sides, rows.Values);

    /// <summary>The second and the third of four sides in each other's place.</summary>
    public static Tensor Swapped(Tensor x)
    {
        var (second, third, last) = (x.Sides[1], x.Sides[2], x.Sides[3]);
        return Tensor.Filled([x.Sides[0], third, second, last], i =>
        {
            var (outer, row, column) = (i / x.Width, i / last / second % third, i / last % second);
            return x[outer, (((column * third) + row) * last) + (i % last)];
        });
    }

    // What has no sides is one number.
    private static Tensor TensorOf(JsonElement tensor)
    {
        int[] sides = [.. tensor.GetProperty("shape").EnumerateArray().Select(side => side.GetInt32())];
        return new(sides.Length == 0 ? [1] : sides, [.. tensor.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())]);
    }
}

/// <summary>A result of ONNX's reference.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Format">What its numbers were rounded to, by numpy's name.</param>
/// <param name="Tensor">The numbers.</param>
internal sealed record OnnxResult(string Name, string Format, Tensor Tensor)
{
    private static readonly Dictionary<string, double> UnitRoundoff = new() { ["float32"] = Math.Pow(2, -24), ["float64"] = Math.Pow(2, -53) };

    /// <summary>Fails where results are farther from these than some roundings, relative to 1 or to what is larger.</summary>
    /// <param name="actual">The results.</param>
    /// <param name="roundings">In units of what one rounding to the reference's format may cost.</param>
    public void AssertNear(IReadOnlyList<double> actual, int roundings)
    {
        Assert.Equal(Tensor.Values.Length, actual.Count);
        foreach (var ((expected, result), i) in Tensor.Values.Zip(actual).Select((pair, i) => (pair, i)))
        {
            var distance = Math.Abs(result - expected) / Math.Max(1, Math.Abs(expected)) / UnitRoundoff[Format];
            Assert.True(distance <= roundings, $"{Name}[{i}]: {result:R}, published {expected:R}, {distance:0.0} roundings apart");
        }
    }
}
