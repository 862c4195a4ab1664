namespace Intaglio.Compiler.Tests;

/// <summary>Cross-entropy and its gradient, by row; negative targets count nothing.</summary>
internal static class Losses
{
    public static Tensor CrossEntropy(Tensor logits, Tensor targets) =>
        Tensor.Filled([logits.Rows, 1], row => targets.Index(row) < 0 ? 0 : LogSumExp(logits, row) - logits[row, targets.Index(row)]);

    public static Tensor CrossEntropyGradient(Tensor logits, Tensor targets, double lossScale) => Tensor.Filled(logits.Sides, i =>
    {
        var (row, column) = (i / logits.Width, i % logits.Width);
        if (targets.Index(row) < 0)
            return 0;

        var probability = Math.Exp(logits[row, column] - LogSumExp(logits, row));
        return lossScale * (probability - (targets.Index(row) == column ? 1 : 0));
    });

    private static double LogSumExp(Tensor logits, int row)
    {
        var largest = Enumerable.Range(0, logits.Width).Max(column => logits[row, column]);
        return largest + Math.Log(Enumerable.Range(0, logits.Width).Sum(column => Math.Exp(logits[row, column] - largest)));
    }
}
