namespace Intaglio.Compiler.Tests;

/// <summary>Numbers in double precision, row-major. Index tensors hold whole numbers.</summary>
internal sealed class Tensor
{
    public Tensor(IReadOnlyList<int> sides, double[]? values = null)
    {
        Sides = [.. sides];
        Values = values ?? new double[sides.Aggregate(1, (count, side) => count * side)];
        Width = sides.Skip(1).Aggregate(1, (count, side) => count * side);
        if (Values.Length != Rows * Width)
            throw new ArgumentException($"{Values.Length} values for [{string.Join(", ", Sides)}].");
    }

    public Tensor(int rows, int width)
        : this([rows, width])
    {
    }

    public IReadOnlyList<int> Sides { get; }

    public int Rows => Sides[0];

    /// <summary>Values a row.</summary>
    public int Width { get; }

    public double[] Values { get; }

    public double this[int row, int column]
    {
        get => Values[(row * Width) + column];
        set => Values[(row * Width) + column] = value;
    }

    public static Tensor Indices(params IReadOnlyList<int> indices) => new([indices.Count], [.. indices.Select(index => (double)index)]);

    public static Tensor Filled(IReadOnlyList<int> sides, Func<int, double> value)
    {
        var tensor = new Tensor(sides);
        for (var i = 0; i < tensor.Values.Length; i++)
            tensor.Values[i] = value(i);

        return tensor;
    }

    public int Index(int row) => (int)Values[row];

    /// <summary>Of bounds, [sequences, 2]: the tokens of a sequence from the first one within them to the last.</summary>
    public IEnumerable<int> Within(int sequence) => Enumerable.Range((int)this[sequence, 0], (int)(this[sequence, 1] - this[sequence, 0]));

    /// <summary>The same tensor, one value changed.</summary>
    public Tensor Plus(int element, double change)
    {
        var values = (double[])Values.Clone();
        values[element] += change;
        return new(Sides, values);
    }

    /// <summary>this + factor · other.</summary>
    public Tensor Plus(double factor, Tensor other) => new(Sides, [.. Values.Zip(other.Values, (a, b) => a + (factor * b))]);

    public double Dot(Tensor other) => Values.Zip(other.Values, (a, b) => a * b).Sum();

    public double Norm() => Math.Sqrt(Dot(this));

    public override string ToString() => $"[{string.Join(", ", Sides)}]";
}
