using Intaglio.Numerics;
using Intaglio.Runtime.Tests;

namespace Intaglio.Testing.Tests;

/// <summary>What is wrong with a gradient.</summary>
internal interface IMistake
{
    /// <summary>What the elements are multiplied by.</summary>
    static abstract float Factor { get; }

    /// <summary>The part of the tensor to which that happens, its first rows.</summary>
    static abstract double Part { get; }
}

/// <summary>A model by hand: <see cref="Gpt"/>, whose gradient of the tensor <see cref="Tensor"/> is changed at the end of the backward pass.</summary>
/// <typeparam name="TMistake">How it is changed.</typeparam>
internal sealed class Mistaken<TMistake> : LanguageModel, ITrainable<Mistaken<TMistake>>, ILanguageModel<Mistaken<TMistake>>
    where TMistake : struct, IMistake
{
    /// <summary>Where the mistake is.</summary>
    public const string Tensor = "h.1.mlp.c_fc.weight";

    private Mistaken(Device device)
        : base(device, Model<Gpt>.Description)
    {
    }

    static string ITrainable<Mistaken<TMistake>>.MemoryPlan => Model<Gpt>.MemoryPlan;

    static ModelDescription IModel<Mistaken<TMistake>>.Description => Model<Gpt>.Description;

    public static Mistaken<TMistake> Create(Device device, ulong seed = 0)
    {
        var model = new Mistaken<TMistake>(device);
        model.Initialize(seed);
        return model;
    }

    public static Mistaken<TMistake> Load(string directory, Device device) => throw new NotSupportedException();

    public static long InferenceArenaBytes(int rows) => Model<Gpt>.InferenceArenaBytes(rows);

    public static long TrainingArenaBytes(in BatchLayout layout) => Model<Gpt>.TrainingArenaBytes(layout);

    public static long TrainingArenaLowerBound(in BatchLayout layout) => Model<Gpt>.TrainingArenaLowerBound(layout);

    public static long EvaluationArenaBytes(in BatchLayout layout) => Model<Gpt>.EvaluationArenaBytes(layout);

    public static Place Logits(int rows) => Model<Gpt>.Logits(rows);

    public static void Infer<TTarget>(in TTarget on, int rows, int paddedRows, int outputs, in CacheLayout cache)
        where TTarget : struct, ITarget => Model<Gpt>.Infer(on, rows, paddedRows, outputs, cache);

    public static void Forward<TTarget>(in TTarget on, BatchShape shape, float lossScale)
        where TTarget : struct, ITarget => Model<Gpt>.Forward(on, shape, lossScale);

    public static void Evaluate<TTarget>(in TTarget on, BatchShape shape)
        where TTarget : struct, ITarget => Model<Gpt>.Evaluate(on, shape);

    public static void Backward<TTarget>(in TTarget on, BatchShape shape)
        where TTarget : struct, ITarget
    {
        Model<Gpt>.Backward(on, shape);
        var parameter = Model<Gpt>.Description.Parameters.Parameters().Single(parameter => parameter.Name == Tensor);
        var gradient = new Place(Region.Gradients, parameter.Offset * sizeof(float));
        on.Map<Element, Times>(gradient, Place.None, Place.None, gradient, Place.None, (int)(parameter.Entry.Count * TMistake.Part));
    }

    private readonly struct Element : IMapShape
    {
        public static int Width => 1;

        public static string Kernel => throw new NotSupportedException("For the CPU.");
    }

    private readonly struct Times : IFusion
    {
        public static bool HasRow => false;

        public static bool HasFull => false;

        public static bool Saves => false;

        public static float DropoutRate => 0;

        public static T Invoke<T>(T x, T row, T full, T keep, out T saved)
            where T : struct, ILane<T>
        {
            saved = x;
            return x * T.Of(TMistake.Factor);
        }
    }
}

/// <summary>All is right.</summary>
internal readonly struct NoMistake : IMistake
{
    public static float Factor => 1;

    public static double Part => 1;
}

/// <summary>A wrong sign.</summary>
internal readonly struct WrongSign : IMistake
{
    public static float Factor => -1;

    public static double Part => 1;
}

/// <summary>A gradient that nobody computes.</summary>
internal readonly struct Missing : IMistake
{
    public static float Factor => 0;

    public static double Part => 1;
}

/// <summary>A factor that was left out.</summary>
internal readonly struct TenthTooLarge : IMistake
{
    public static float Factor => 1.1f;

    public static double Part => 1;
}

/// <summary>A loop that begins too late.</summary>
internal readonly struct FirstRowsMissing : IMistake
{
    public static float Factor => 0;

    public static double Part => 0.1;
}

/// <summary>Other numbers each time, as of memory that nobody cleared.</summary>
internal readonly struct Garbage : IMistake
{
    private static int _calls;

    public static float Factor => Random.Next(-3, 4);

    public static double Part => 1;

    private static Random Random => new(Interlocked.Increment(ref _calls));
}

/// <summary>Not a number.</summary>
internal readonly struct NotANumber : IMistake
{
    public static float Factor => float.NaN;

    public static double Part => 0.1;
}
