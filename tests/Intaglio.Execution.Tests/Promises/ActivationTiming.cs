using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Intaglio.Numerics;
using Intaglio.Numerics.Cpu;

namespace Intaglio.ExecutionTests;

/// <summary>The time of emitted fusions per lane operation, those of own activations beside the built-in GELU's.</summary>
internal static unsafe class ActivationTiming
{
    // All operands together stay in the first cache, and a measurement lasts long enough for the clock.
    private const int Elements = 1024;
    private const int Passes = 64;

    /// <summary>Prints, for each fusion, its operations, picoseconds per element and operation, and the ratio to GELU's.</summary>
    public static void Print()
    {
        var forward = Plain.TimeForward();
        var backward = Plain.TimeBackward();
        Print("gelu (built in)", forward, backward, forward, backward);
        Print("mish", OwnActivations.Misher.TimeForward(), OwnActivations.Misher.TimeBackward(), forward, backward);
        Print("squared relu", OwnActivations.Squared.TimeForward(), OwnActivations.Squared.TimeBackward(), forward, backward);
        Print("piecewise", OwnActivations.Pieces.TimeForward(), OwnActivations.Pieces.TimeBackward(), forward, backward);
        Print("ugly", OwnActivations.Uglier.TimeForward(), OwnActivations.Uglier.TimeBackward(), forward, backward);
    }

    /// <summary>The best time of one element, and its operations.</summary>
    public static Timing Of<TFusion>()
        where TFusion : struct, IFusion
    {
        var moved = 2 + (TFusion.HasRow ? 1 : 0) + (TFusion.HasFull ? 1 : 0) + (TFusion.Saves ? 1 : 0);
        var operations = moved + Counted.Operations(() => TFusion.Invoke<Counted>(default, default, default, default, out _));
        var nanoseconds = Vector512.IsHardwareAccelerated ? Best<TFusion, F16>() : Best<TFusion, F8>();
        return new(operations, nanoseconds / Elements);
    }

    private static void Print(string name, Timing forward, Timing backward, Timing forwardGelu, Timing backwardGelu) =>
        Console.WriteLine(FormattableString.Invariant(
            $"{name,-16} forward {forward.Operations,4} operations {forward.PerOperation * 1000:0.00} ps each, {forward.PerOperation / forwardGelu.PerOperation:0.00} of GELU's; backward {backward.Operations,4} operations {backward.PerOperation * 1000:0.00} ps each, {backward.PerOperation / backwardGelu.PerOperation:0.00} of GELU's"));

    private static double Best<TFusion, T>()
        where TFusion : struct, IFusion
        where T : struct, ICpuLane<T>
    {
        var buffers = new float[5][];
        for (var buffer = 0; buffer < buffers.Length; buffer++)
            buffers[buffer] = [.. Enumerable.Range(0, Elements).Select(index => (float)(6 * Math.Sin(index + buffer)))];

        var best = double.PositiveInfinity;
        fixed (float* x = buffers[0], row = buffers[1], full = buffers[2], saved = buffers[3], output = buffers[4])
        {
            for (var run = 0; run < 3000; run++)
            {
                var start = Stopwatch.GetTimestamp();
                for (var pass = 0; pass < Passes; pass++)
                    Run<TFusion, T>(x, row, full, saved, output);

                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / Passes);
            }
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Run<TFusion, T>(float* x, float* row, float* full, float* saved, float* output)
        where TFusion : struct, IFusion
        where T : struct, ICpuLane<T>
    {
        for (var index = 0; index < Elements; index += T.Count)
        {
            T.Store(output + index, TFusion.Invoke(T.Load(x + index), T.Load(row + index), T.Load(full + index), T.Of(1), out var kept));
            if (TFusion.Saves)
                T.Store(saved + index, kept);
        }
    }

    /// <summary>What was measured.</summary>
    /// <param name="Operations">Lane operations for one element; functions count as what they are made of, a selection as a comparison and a choice, each operand and result as a load or store.</param>
    /// <param name="PerElement">Nanoseconds.</param>
    internal readonly record struct Timing(int Operations, double PerElement)
    {
        public double PerOperation => PerElement / Operations;
    }

    /// <summary>A lane that counts what is done to it.</summary>
    private readonly struct Counted : ICpuLane<Counted>
    {
        private static int _operations;

        public static int Count => 1;

        public static int Operations(Action action)
        {
            _operations = 0;
            action();
            return _operations;
        }

        public static Counted Of(float value) => default;

        public static Counted operator +(Counted x, Counted y) => One();

        public static Counted operator -(Counted x, Counted y) => One();

        public static Counted operator *(Counted x, Counted y) => One();

        public static Counted operator /(Counted x, Counted y) => One();

        public static Counted operator -(Counted x) => One();

        public static Counted MultiplyAdd(Counted x, Counted y, Counted z) => One();

        public static Counted Min(Counted x, Counted y) => One();

        public static Counted Max(Counted x, Counted y) => One();

        public static Counted Abs(Counted x) => One();

        public static Counted Sqrt(Counted x) => One();

        public static Counted Exp(Counted x) => LaneMath.Exp(x);

        public static Counted Log(Counted x) => LaneMath.Log(x);

        public static Counted Softplus(Counted x) => LaneMath.Softplus(x);

        public static Counted Tanh(Counted x) => LaneMath.Tanh(x);

        public static Counted Erf(Counted x) => LaneMath.Erf(x);

        public static Counted Sin(Counted x) => LaneMath.Sin(x);

        public static Counted Cos(Counted x) => LaneMath.Cos(x);

        public static Counted Atan(Counted x) => LaneMath.Atan(x);

        public static Counted WhereGreater(Counted x, Counted y, Counted then, Counted otherwise) => Two();

        public static Counted WhereAtLeast(Counted x, Counted y, Counted then, Counted otherwise) => Two();

        public static Counted WhereEqual(Counted x, Counted y, Counted then, Counted otherwise) => Two();

        public static Counted Larger(Counted x, Counted y) => One();

        public static Counted Indices() => default;

        // A shift and an addition.
        public static Counted AddToExponent(Counted value, Counted shifted) => Two();

        // A subtraction, a shift, a conversion; a mask and an addition.
        public static Counted Mantissa(Counted x, out Counted exponent)
        {
            exponent = default;
            _operations += 5;
            return default;
        }

        public static Counted Load(float* source) => default;

        public static Counted LoadBFloat16(ushort* source) => default;

        public static void Store(float* destination, Counted value)
        {
        }

        public static float Sum(Counted value) => 0;

        public static float Largest(Counted value) => 0;

        public static Counted Keep(RandomStream stream, uint element, uint threshold, float scale) => One();

        private static Counted One()
        {
            _operations++;
            return default;
        }

        private static Counted Two()
        {
            _operations += 2;
            return default;
        }
    }
}

internal sealed partial class Plain
{
    internal static ActivationTiming.Timing TimeForward() => ActivationTiming.Of<AddBiasSavingGeluTanh>();

    internal static ActivationTiming.Timing TimeBackward() => ActivationTiming.Of<GeluTanhBackward>();
}

internal static partial class OwnActivations
{
    internal sealed partial class Misher
    {
        internal static ActivationTiming.Timing TimeForward() => ActivationTiming.Of<AddBiasSavingMish>();

        internal static ActivationTiming.Timing TimeBackward() => ActivationTiming.Of<MishBackward>();
    }

    internal sealed partial class Squared
    {
        internal static ActivationTiming.Timing TimeForward() => ActivationTiming.Of<AddBiasSavingOwnSquaredRelu>();

        internal static ActivationTiming.Timing TimeBackward() => ActivationTiming.Of<OwnSquaredReluBackward>();
    }

    internal sealed partial class Pieces
    {
        internal static ActivationTiming.Timing TimeForward() => ActivationTiming.Of<SavingPiecewise>();

        internal static ActivationTiming.Timing TimeBackward() => ActivationTiming.Of<PiecewiseBackward>();
    }

    internal sealed partial class Uglier
    {
        internal static ActivationTiming.Timing TimeForward() => ActivationTiming.Of<AddBiasSavingUgly>();

        internal static ActivationTiming.Timing TimeBackward() => ActivationTiming.Of<UglyBackward>();
    }
}
