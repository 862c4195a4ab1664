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

    /// <summary>The rows that the indices name, counted from one on.</summary>
    public static Tensor Lookup(Tensor table, Tensor indices, int firstRow = 0) =>
        Tensor.Filled([indices.Rows, table.Width], i => table[firstRow + indices.Index(i / table.Width), i % table.Width]);

    /// <summary>Sums of rows by index; an index that is left out adds nothing.</summary>
    public static Tensor LookupGradient(IReadOnlyList<int> table, Tensor indices, Tensor outputGradient, int firstRow = 0, int leftOut = -1)
    {
        var gradient = new Tensor(table);
        for (var row = 0; row < indices.Rows; row++)
        {
            for (var column = 0; column < gradient.Width && indices.Index(row) != leftOut; column++)
                gradient[firstRow + indices.Index(row), column] += outputGradient[row, column];
        }

        return gradient;
    }

    /// <summary>The mean of each sequence's rows within its bounds.</summary>
    public static Tensor MeanRows(Tensor x, Tensor bounds)
    {
        var time = x.Rows / bounds.Rows;
        return Tensor.Filled([bounds.Rows, x.Width], i => bounds.Within(i / x.Width).Average(row => x[((i / x.Width) * time) + row, i % x.Width]));
    }

    public static Tensor MeanRowsGradient(Tensor outputGradient, Tensor bounds, int time)
    {
        var gradient = new Tensor(bounds.Rows * time, outputGradient.Width);
        for (var sequence = 0; sequence < bounds.Rows; sequence++)
        {
            int[] rows = [.. bounds.Within(sequence)];
            foreach (var row in rows)
            {
                for (var column = 0; column < gradient.Width; column++)
                    gradient[(sequence * time) + row, column] = outputGradient[sequence, column] / rows.Length;
            }
        }

        return gradient;
    }

    /// <summary>The parts of each row, one after another or head by head in turns.</summary>
    public static IReadOnlyList<Tensor> Split(Tensor x, IReadOnlyList<int> widths, int interleavedHeads)
    {
        var parts = widths.Select(width => new Tensor(x.Rows, width)).ToList();
        ForEachColumn(widths, interleavedHeads, (column, part, partColumn) =>
        {
            for (var row = 0; row < x.Rows; row++)
                parts[part][row, partColumn] = x[row, column];
        });
        return parts;
    }

    /// <summary>The inverse of <see cref="Split"/>.</summary>
    public static Tensor Concat(IReadOnlyList<Tensor> parts, int interleavedHeads)
    {
        var y = new Tensor(parts[0].Rows, parts.Sum(part => part.Width));
        ForEachColumn([.. parts.Select(part => part.Width)], interleavedHeads, (column, part, partColumn) =>
        {
            for (var row = 0; row < y.Rows; row++)
                y[row, column] = parts[part][row, partColumn];
        });
        return y;
    }

    // A chunk of each part in turns: all of it, or a head.
    private static void ForEachColumn(IReadOnlyList<int> widths, int interleavedHeads, Action<int, int, int> action)
    {
        var (turns, column) = (Math.Max(interleavedHeads, 1), 0);
        for (var turn = 0; turn < turns; turn++)
        {
            for (var part = 0; part < widths.Count; part++)
            {
                for (var i = 0; i < widths[part] / turns; i++)
                    action(column++, part, (turn * widths[part] / turns) + i);
            }
        }
    }
}
