using Intaglio.Numerics;
using Intaglio.Numerics.Cpu;

namespace Intaglio.Benchmarks;

/// <summary>
/// What is done to rows between products, on 8192 rows of 768. Bytes are those of the operands of a row's length, each once: what a norm's statistics, a gain or
/// a target add is left out.
/// </summary>
internal static class ElementwiseKernels
{
    public const int Rows = 8192;

    private const int Elements = Rows * Width768.Columns;

    // Numbers within ±3 from sums of 768 terms at most, and functions accurate to 3e-7, in single precision; 6e-7 was seen.
    private const double Tolerance = 5e-6;

    // Those that are looked at: the ends, and one between.
    private static readonly int[] LookedAt = [0, 4321, Rows - 1];

    public static Kernel[] All { get; } =
    [
        Of("layernorm-fwd", operands: 2, Normalize<Centered>),
        Of("layernorm-bwd", operands: 3, NormalizeBackward<Centered>),
        Of("rmsnorm-fwd", operands: 2, Normalize<Uncentered>),
        Of("rmsnorm-bwd", operands: 3, NormalizeBackward<Uncentered>),
        Of("gelu", operands: 2, Gelu),
        Of("swiglu-fwd", operands: 3, Gate),
        Of("swiglu-bwd", operands: 5, GateBackward),
        Of("cross-entropy", operands: 1, device => CrossEntropy(device, hasGradient: false)),
        Of("cross-entropy-with-gradient", operands: 2, device => CrossEntropy(device, hasGradient: true)),
        Of("embedding", operands: 2, Embed),
    ];

    // Operands of a row's length, read or written.
    private static Kernel Of(string name, int operands, Func<CpuDevice, PreparedKernel> prepare) =>
        new($"elementwise/{name}-{Rows}x{Width768.Columns}", Bound.Memory, (double)operands * Elements * sizeof(float), "GB/s", prepare);

    private static PreparedKernel Normalize<TCentering>(CpuDevice device)
        where TCentering : struct, ICentering
    {
        var tensors = new Tensors(device, Elements, Width768.Columns, Width768.Columns, Elements, 2 * Rows);
        return Launch(tensors, new Normalization<TCentering>(tensors), row =>
        {
            var (gain, bias) = (Doubles(tensors, 1, 0), Doubles(tensors, 2, 0));
            return (Row(tensors, 3, row), [.. Normalized<TCentering>(Doubles(tensors, 0, row)).Values.Select((value, column) => (value * gain[column]) + (TCentering.Centers ? bias[column] : 0))]);
        });
    }

    private static PreparedKernel NormalizeBackward<TCentering>(CpuDevice device)
        where TCentering : struct, ICentering
    {
        var tensors = new Tensors(device, Elements, Width768.Columns, Width768.Columns, Elements, 2 * Rows, Elements, Elements, Width768.Columns, Width768.Columns);
        var forward = new Normalization<TCentering>(tensors);
        tensors.On.Run(ref forward);
        return Launch(tensors, new NormalizationBackward<TCentering>(tensors), row =>
        {
            var (values, rstd) = Normalized<TCentering>(Doubles(tensors, 0, row));
            var gain = Doubles(tensors, 1, 0);
            var g = Doubles(tensors, 5, row).Select((gradient, column) => gradient * gain[column]).ToArray();
            var mean = TCentering.Centers ? g.Average() : 0;
            var product = g.Zip(values, (x, y) => x * y).Average();
            return (Row(tensors, 6, row), [.. g.Zip(values, (x, y) => rstd * (x - mean - (y * product)))]);
        });
    }

    private static PreparedKernel Gelu(CpuDevice device)
    {
        var tensors = new Tensors(device, Elements, Elements);
        return Launch(tensors, new GeluMap(tensors), row =>
            (Row(tensors, 1, row), [.. Doubles(tensors, 0, row).Select(x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))))]));
    }

    private static PreparedKernel Gate(CpuDevice device)
    {
        var tensors = new Tensors(device, 2 * Elements, Elements);
        return Launch(tensors, new GateForward(tensors), row =>
        {
            var (gate, value) = (Doubles(tensors, 0, 2 * row), Doubles(tensors, 0, (2 * row) + 1));
            return (Row(tensors, 1, row), [.. gate.Zip(value, (x, y) => x / (1 + Math.Exp(-x)) * y)]);
        });
    }

    private static PreparedKernel GateBackward(CpuDevice device)
    {
        var tensors = new Tensors(device, 2 * Elements, Elements, 2 * Elements);
        return Launch(tensors, new GateBackwards(tensors), row =>
        {
            var (gate, value, gradient) = (Doubles(tensors, 0, 2 * row), Doubles(tensors, 0, (2 * row) + 1), Doubles(tensors, 1, row));
            return (
                [.. Row(tensors, 2, 2 * row), .. Row(tensors, 2, (2 * row) + 1)],
                [.. gate.Select((x, column) => gradient[column] * value[column] * Slope(x)), .. gate.Select((x, column) => gradient[column] * x / (1 + Math.Exp(-x)))]);
        });

        // Of x · sigmoid(x).
        static double Slope(double x)
        {
            var sigmoid = 1 / (1 + Math.Exp(-x));
            return sigmoid * (1 + (x * (1 - sigmoid)));
        }
    }

    private static unsafe PreparedKernel CrossEntropy(CpuDevice device, bool hasGradient)
    {
        var tensors = new Tensors(device, Elements, Rows, Rows);
        var targets = tensors.Values<int>(tensors[1], Rows);
        for (var row = 0; row < Rows; row++)
            targets[row] = row * 7 % Width768.Columns;

        // The gradient takes the logits' place.
        var expected = LookedAt.Select(row =>
        {
            var logits = Doubles(tensors, 0, row);
            return Math.Log(logits.Sum(Math.Exp)) - logits[row * 7 % Width768.Columns];
        }).ToArray();
        return new(
            tensors,
            () => WidestLane.Run(new Loss(tensors, hasGradient)),
            () => Expected.Fault("loss", [.. LookedAt.Select(row => tensors.Values<float>(tensors[2], Rows)[row])], expected, Tolerance));
    }

    private static PreparedKernel Embed(CpuDevice device)
    {
        var tensors = new Tensors(device, Embedding32000.Vocabulary * Width768.Columns, Rows, Elements);
        var random = new Random(1);
        foreach (ref var token in tensors.Values<int>(tensors[1], Rows))
            token = random.Next(Embedding32000.Vocabulary);
        return Launch(tensors, new Lookup(tensors), row => (Row(tensors, 2, row), Doubles(tensors, 0, tensors.Values<int>(tensors[1], Rows)[row])));
    }

    // What a row is, and what it should be.
    private static PreparedKernel Launch<TAction>(Tensors tensors, TAction launch, Func<int, (float[] Actual, double[] Expected)> row)
        where TAction : struct, ITargetAction => new(
            tensors,
            () => tensors.On.Run(ref launch),
            () => LookedAt.Select(index =>
            {
                var (actual, expected) = row(index);
                return Expected.Fault($"row {index}: number", actual, expected, Tolerance);
            }).FirstOrDefault(fault => fault is not null));

    private static (double[] Values, double Rstd) Normalized<TCentering>(double[] x)
        where TCentering : struct, ICentering
    {
        var mean = TCentering.Centers ? x.Average() : 0;
        var rstd = 1 / Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + Norm768<TCentering>.Epsilon);
        return ([.. x.Select(value => (value - mean) * rstd)], rstd);
    }

    private static float[] Row(Tensors tensors, int tensor, int row) => tensors.Values<float>(tensors[tensor] + ((long)row * Width768.Columns * sizeof(float)), Width768.Columns).ToArray();

    private static double[] Doubles(Tensors tensors, int tensor, int row) => Array.ConvertAll(Row(tensors, tensor, row), value => (double)value);

    private readonly struct Normalization<TCentering>(Tensors x) : ITargetAction
        where TCentering : struct, ICentering
    {
        public void Invoke<TTarget>(in TTarget on)
            where TTarget : struct, ITarget => on.Normalize<Norm768<TCentering>, Float32>(x[0], x[1], x[2], x[3], x[4], Rows);
    }

    private readonly struct NormalizationBackward<TCentering>(Tensors x) : ITargetAction
        where TCentering : struct, ICentering
    {
        public void Invoke<TTarget>(in TTarget on)
            where TTarget : struct, ITarget =>
            on.NormalizeBackward<Norm768<TCentering>, Identity, Float32>(x[5], x[0], x[1], x[4], Place.None, Place.None, x[6], Place.None, x[7], TCentering.Centers ? x[8] : Place.None, Rows);
    }

    private readonly struct GeluMap(Tensors x) : ITargetAction
    {
        public void Invoke<TTarget>(in TTarget on)
            where TTarget : struct, ITarget => on.Map<Width768, GeluTanh>(x[0], Place.None, Place.None, x[1], Place.None, Rows);
    }

    private readonly struct GateForward(Tensors x) : ITargetAction
    {
        public void Invoke<TTarget>(in TTarget on)
            where TTarget : struct, ITarget => on.Gate<Width768, SiluGate, Identity>(x[0], Place.None, Place.None, x[1], Place.None, Rows);
    }

    private readonly struct GateBackwards(Tensors x) : ITargetAction
    {
        public void Invoke<TTarget>(in TTarget on)
            where TTarget : struct, ITarget => on.GateBackward<Width768, SiluGate>(x[0], x[1], x[2], Rows);
    }

    private readonly struct Lookup(Tensors x) : ITargetAction
    {
        public void Invoke<TTarget>(in TTarget on)
            where TTarget : struct, ITarget => on.Embed<Embedding32000, Identity, Float32>(x[1], Place.None, x[0], Place.None, x[2], Rows);
    }

    // The loss alone: as a launch it comes with products.
    private readonly unsafe struct Loss(Tensors x, bool hasGradient) : ILaneAction
    {
        public void Invoke<T>()
            where T : struct, IWideLane<T>
        {
            var work = new SoftmaxLoss<T, Logits768, Float32>((float*)x.On.At(x[0]), null, (int*)x.On.At(x[1]), (float*)x.On.At(x[2]), 1f / Rows, hasGradient, Rows);
            x.On.Pool.Run(ref work, work.Items);
        }
    }
}
