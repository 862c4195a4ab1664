namespace Intaglio.Compiler.Tests;

/// <summary>Matrix products, sums over rows, and lookups.</summary>
internal static class Products
{
    /// <summary>x · w, or x · wᵀ.</summary>
    public static Tensor MatMul(Tensor x, Tensor w, bool transposed)
    {
        var y = new Tensor(x.Rows, transposed ? w.Rows : w.Width);
        for (var row = 0; row < y.Rows; row++)
        {
            for (var column = 0; column < y.Width; column++)
            {
                for (var k = 0; k < x.Width; k++)
                    y[row, column] += x[row, k] * (transposed ? w[column, k] : w[k, column]);
            }
        }

        return y;
    }

    /// <summary>aᵀ · b.</summary>
    public static Tensor TransposedMatMul(Tensor a, Tensor b)
    {
        var y = new Tensor(a.Width, b.Width);
        for (var i = 0; i < y.Rows; i++)
        {
            for (var j = 0; j < y.Width; j++)
            {
                for (var row = 0; row < a.Rows; row++)
                    y[i, j] += a[row, i] * b[row, j];
            }
        }

        return y;
    }

    public static Tensor SumRows(Tensor x) => Tensor.Filled([x.Width], column => Enumerable.Range(0, x.Rows).Sum(row => x[row, column]));

    public static Tensor Lookup(Tensor table, Tensor indices) =>
        Tensor.Filled([indices.Rows, table.Width], i => table[indices.Index(i / table.Width), i % table.Width]);

    public static Tensor LookupGradient(IReadOnlyList<int> table, Tensor indices, Tensor outputGradient)
    {
        var gradient = new Tensor(table);
        for (var row = 0; row < indices.Rows; row++)
        {
            for (var column = 0; column < gradient.Width; column++)
                gradient[indices.Index(row), column] += outputGradient[row, column];
        }

        return gradient;
    }

    public static Tensor Columns(Tensor x, int first, int width) => Tensor.Filled([x.Rows, width], i => x[i / width, first + (i % width)]);

    public static Tensor SideBySide(IReadOnlyList<Tensor> parts)
    {
        var y = new Tensor(parts[0].Rows, parts.Sum(part => part.Width));
        for (var row = 0; row < y.Rows; row++)
        {
            var column = 0;
            foreach (var part in parts)
            {
                for (var i = 0; i < part.Width; i++)
                    y[row, column++] = part[row, i];
            }
        }

        return y;
    }
}
