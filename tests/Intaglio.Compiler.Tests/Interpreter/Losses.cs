namespace Intaglio.Compiler.Tests;

/// <summary>Cross-entropies and their gradients; targets that are none count nothing.</summary>
internal static class Losses
{
    public static Tensor CrossEntropy(Tensor logits, Tensor targets) =>
        Tensor.Filled([logits.Rows, 1], row => targets.Index(row) < 0 ? 0 : LogSumExp(Row(logits, row)) - logits[row, targets.Index(row)]);

    public static Tensor CrossEntropyGradient(Tensor logits, Tensor targets, double lossScale)
    {
        double[] logSums = [.. Enumerable.Range(0, logits.Rows).Select(row => LogSumExp(Row(logits, row)))];
        return Tensor.Filled(logits.Sides, i =>
        {
            var (row, column) = (i / logits.Width, i % logits.Width);
            if (targets.Index(row) < 0)
                return 0;

            var probability = Math.Exp(logits[row, column] - logSums[row]);
            return lossScale * (probability - (targets.Index(row) == column ? 1 : 0));
        });
    }

    /// <summary>Logits as the head has them, before and after their bound.</summary>
    public static (Tensor Unbounded, Tensor Logits) HeadLogits(Tensor x, Tensor weight, Tensor? bias, double softCap)
    {
        var unbounded = Products.MatMul(x, weight, transposed: true);
        if (bias is not null)
            unbounded = Tensor.Filled(unbounded.Sides, i => unbounded.Values[i] + bias.Values[i % unbounded.Width]);

        return (unbounded, softCap == 0 ? unbounded : Tensor.Filled(unbounded.Sides, i => softCap * Math.Tanh(unbounded.Values[i] / softCap)));
    }

    /// <summary>The losses, and the gradients of x, weight and bias.</summary>
    public static (Tensor Losses, Tensor X, Tensor Weight, Tensor Bias) Head(Tensor x, Tensor weight, Tensor? bias, Tensor targets, double softCap, double lossScale)
    {
        var (unbounded, logits) = HeadLogits(x, weight, bias, softCap);
        var gradient = CrossEntropyGradient(logits, targets, lossScale);
        if (softCap != 0)
            gradient = Tensor.Filled(gradient.Sides, i => gradient.Values[i] / Math.Pow(Math.Cosh(unbounded.Values[i] / softCap), 2));

        return (CrossEntropy(logits, targets), Products.MatMul(gradient, weight, transposed: false), Products.TransposedMatMul(gradient, x), Products.SumRows(gradient));
    }

    /// <summary>Half the cross-entropy of each column over the rows within a sequence's bounds, and the logits' gradient.</summary>
    public static (Tensor Losses, Tensor Gradient) Span(Tensor logits, Tensor bounds, IReadOnlyList<Tensor> targets, double lossScale)
    {
        var time = logits.Rows / bounds.Rows;
        var (losses, gradient) = (new Tensor(bounds.Rows, 1), new Tensor(logits.Sides));
        for (var sequence = 0; sequence < bounds.Rows; sequence++)
        {
            int[] rows = [.. bounds.Within(sequence).Select(row => (sequence * time) + row)];
            for (var column = 0; column < targets.Count; column++)
            {
                var target = (sequence * time) + targets[column].Index(sequence);
                if (!rows.Contains(target))
                    continue;

                var all = LogSumExp(rows.Select(row => logits[row, column]));
                losses[sequence, 0] += (all - logits[target, column]) / 2;
                foreach (var row in rows)
                    gradient[row, column] = lossScale * (Math.Exp(logits[row, column] - all) - (row == target ? 1 : 0)) / 2;
            }
        }

        return (losses, gradient);
    }

    private static IEnumerable<double> Row(Tensor x, int row) => Enumerable.Range(0, x.Width).Select(column => x[row, column]);

    private static double LogSumExp(IEnumerable<double> values)
    {
        double[] all = [.. values];
        var largest = all.Max();
        return largest + Math.Log(all.Sum(value => Math.Exp(value - largest)));
    }
}
