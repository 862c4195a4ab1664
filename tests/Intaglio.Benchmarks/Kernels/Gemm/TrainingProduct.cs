using Intaglio.Numerics;
using Intaglio.Numerics.Cpu;

namespace Intaglio.Benchmarks;

/// <summary>One of a layer's three products on random operands, through what the processor's launches call for it.</summary>
internal sealed unsafe class TrainingProduct
{
    private readonly ProductKind _kind;
    private readonly Tensors _tensors;
    private readonly Factors _factors;
    private readonly int _elements;

    /// <param name="device">Where.</param>
    /// <param name="kind">Which product.</param>
    /// <param name="m">Rows of the batch.</param>
    /// <param name="n">Outputs of the layer.</param>
    /// <param name="k">Inputs of the layer.</param>
    public TrainingProduct(CpuDevice device, ProductKind kind, int m, int n, int k)
    {
        _kind = kind;
        var (rows, columns, depth) = kind switch
        {
            ProductKind.Forward => (m, n, k),
            ProductKind.InputGradient => (m, k, n),
            _ => (n, k, m),
        };
        _elements = rows * columns;
        _tensors = new(device, rows * depth, depth * columns, _elements);
        _factors = new()
        {
            Rows = rows,
            Columns = columns,
            Depth = depth,
            Left = Floats(0),
            LeftStride = kind == ProductKind.WeightGradient ? rows : depth,
            LeftTransposed = kind == ProductKind.WeightGradient,
            Right = Floats(1),
            RightStride = kind == ProductKind.Forward ? depth : columns,
            RightTransposed = kind == ProductKind.Forward,
        };
    }

    public PreparedKernel Prepared()
    {
        var looked = Enumerable.Range(0, Looked).Select(index => (int)((long)index * (_elements - 1) / (Looked - 1))).Select(element => (element, Before: Floats(2)[element])).ToArray();
        return new(_tensors, () => WidestLane.Run(new Multiplication(this)), () => looked.Select(each => Fault(each.element, each.Before)).FirstOrDefault(fault => fault is not null));
    }

    // The first, the last and some between, at ever other columns.
    private const int Looked = 101;

    private float* Floats(int operand) => (float*)_tensors.On.At(_tensors[operand]);

    // The bound of any order of summation: depth additions and products, each wrong by 2⁻²⁴ of its terms (Higham, "Accuracy and Stability of Numerical Algorithms", 3.1).
    private string? Fault(int element, float before)
    {
        var (row, column) = (element / _factors.Columns, element % _factors.Columns);
        var sum = _kind == ProductKind.WeightGradient ? before : 0.0;
        var size = Math.Abs(sum);
        for (var index = 0; index < _factors.Depth; index++)
        {
            var left = _factors.Left[_factors.LeftTransposed ? (index * _factors.LeftStride) + row : (row * _factors.LeftStride) + index];
            var right = ((float*)_factors.Right)[_factors.RightTransposed ? (column * _factors.RightStride) + index : (index * _factors.RightStride) + column];
            sum += (double)left * right;
            size += Math.Abs((double)left * right);
        }

        return Expected.Fault($"row {row}, column {column}: number", new(in Floats(2)[element]), [sum], (_factors.Depth + 1) * Math.ScaleB(size, -24));
    }

    private readonly struct Multiplication(TrainingProduct product) : ILaneAction
    {
        public void Invoke<T>()
            where T : struct, IWideLane<T>
        {
            var output = product.Floats(2);
            if (product._kind == ProductKind.WeightGradient)
                GradientProduct.Add<T>(product._tensors.On, product._factors, output);
            else
                Product.Run<T, Identity, Float32>(product._tensors.On, product._factors, new(null, null, output, null, product._factors.Columns, default));
        }
    }
}
