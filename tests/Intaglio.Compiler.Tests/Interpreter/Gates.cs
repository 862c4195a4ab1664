namespace Intaglio.Compiler.Tests;

/// <summary>Gated units, element by element: the gate in the first half of a row, the value in the second.</summary>
internal static class Gates
{
    public static Tensor Forward(Tensor x, Expression activation)
    {
        var width = x.Width / 2;
        var y = new Tensor(x.Rows, width);
        ForEach(y, (row, column) => y[row, column] = At(activation, x[row, column]) * x[row, width + column]);
        return y;
    }

    public static Tensor Backward(Tensor x, Tensor outputGradient, Expression activation)
    {
        var width = x.Width / 2;
        var derivative = activation.Derivative(Operand.X);
        var gradient = new Tensor(x.Rows, x.Width);
        ForEach(outputGradient, (row, column) =>
        {
            gradient[row, column] = outputGradient[row, column] * x[row, width + column] * At(derivative, x[row, column]);
            gradient[row, width + column] = outputGradient[row, column] * At(activation, x[row, column]);
        });
        return gradient;
    }

    private static double At(Expression formula, double x) => formula.Evaluate(_ => x);

    private static void ForEach(Tensor x, Action<int, int> action)
    {
        for (var row = 0; row < x.Rows; row++)
        {
            for (var column = 0; column < x.Width; column++)
                action(row, column);
        }
    }
}
