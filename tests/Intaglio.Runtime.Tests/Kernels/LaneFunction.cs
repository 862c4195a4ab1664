using System.Reflection;
using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests.Kernels;

/// <summary>What <see cref="ILane{T}"/> promises of each function, for the lanes of a CPU and of a GPU alike; the value itself is <see cref="D1"/>'s.</summary>
/// <param name="Name">The member.</param>
/// <param name="Relative">The largest error, in parts of the value.</param>
/// <param name="Absolute">The largest error besides.</param>
/// <param name="Ranges">Where it is promised, each range with as many arguments.</param>
internal sealed record LaneFunction(string Name, double Relative, double Absolute, params IReadOnlyList<(double From, double To, int Count)> Ranges)
{
    private static readonly string[] Exact = [nameof(D1.Abs), nameof(D1.Sqrt), "op_UnaryNegation"];

    public static IReadOnlyList<LaneFunction> All { get; } =
    [
        new(nameof(D1.Exp), 2e-7, 0, (-87, 88, 200_000)),
        new(nameof(D1.Log), 3e-7, 0, (1e-35, 1e-30, 50_000), (1e-30, 1e-20, 50_000), (1e-20, 1e-10, 50_000), (1e-10, 1e-3, 50_000), (0.5, 2, 100_000), (2, 1e6, 50_000), (1e6, 1e34, 50_000)),
        new(nameof(D1.Softplus), 3e-7, 0, (-87, 88, 200_000), (-3, 3, 100_000)),
        new(nameof(D1.Tanh), 0, 3e-7, (-20, 20, 200_000)),
        new(nameof(D1.Erf), 0, 3e-7, (-7, 7, 200_000)),
        new(nameof(D1.Sin), 0, 3e-7, (-10, 10, 100_000), (-30_000, 30_000, 100_000)),
        new(nameof(D1.Cos), 0, 3e-7, (-10, 10, 100_000), (-30_000, 30_000, 100_000)),
        new(nameof(D1.Atan), 0, 3e-7, (-20, 20, 100_000), (-1e6, 1e6, 100_000)),
    ];

    /// <summary>The functions of one number that lanes have and that round; a row of <see cref="All"/> is to be here for each.</summary>
    public static IEnumerable<string> Promised =>
        typeof(ILane<>).GetMethods().Where(method => method.GetParameters().Length == 1 && method.Name != nameof(D1.Of)).Select(method => method.Name).Except(Exact);

    /// <summary>The function of a lane.</summary>
    public Func<T, T> Of<T>()
        where T : struct, ILane<T> => typeof(T).GetMethod(Name, BindingFlags.Public | BindingFlags.Static)!.CreateDelegate<Func<T, T>>();

    /// <summary>The largest error, in parts of what is promised.</summary>
    /// <param name="function">The function under test.</param>
    public double Worst(Func<float, float> function)
    {
        var exact = Of<D1>();
        var worst = 0.0;
        foreach (var x in Arguments())
        {
            var expected = exact(new(x)).Value;
            var (error, allowed) = (Math.Abs(function(x) - expected), Absolute + (Relative * Math.Abs(expected)));
            worst = Math.Max(worst, double.IsNaN(error) ? double.PositiveInfinity : error == 0 ? 0 : error / allowed);
        }

        return worst;
    }

    public override string ToString() => Name;

    private IEnumerable<float> Arguments() => Ranges.SelectMany(range => Enumerable.Range(0, range.Count).Select(i => (float)(range.From + ((range.To - range.From) * i / (range.Count - 1)))));
}
