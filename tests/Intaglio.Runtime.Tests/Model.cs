using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests;

/// <summary>The static members of an emitted model, which it implements explicitly.</summary>
internal static class Model<T>
    where T : LanguageModel, ITrainable<T>, ILanguageModel<T>
{
    public static ModelDescription Description => T.Description;

    public static string MemoryPlan => T.MemoryPlan;

    public static long InferenceArenaBytes(int rows) => T.InferenceArenaBytes(rows);

    public static long TrainingArenaBytes(in BatchLayout layout) => T.TrainingArenaBytes(layout);

    public static long TrainingArenaLowerBound(in BatchLayout layout) => T.TrainingArenaLowerBound(layout);

    public static long EvaluationArenaBytes(in BatchLayout layout) => T.EvaluationArenaBytes(layout);

    public static Place Logits(int rows) => T.Logits(rows);

    public static void Infer<TTarget>(in TTarget on, int rows, int paddedRows, int outputs, in CacheLayout cache)
        where TTarget : struct, ITarget => T.Infer(on, rows, paddedRows, outputs, cache);

    public static void Forward<TTarget>(in TTarget on, BatchShape shape, float lossScale)
        where TTarget : struct, ITarget => T.Forward(on, shape, lossScale);

    public static void Backward<TTarget>(in TTarget on, BatchShape shape)
        where TTarget : struct, ITarget => T.Backward(on, shape);

    public static void Evaluate<TTarget>(in TTarget on, BatchShape shape)
        where TTarget : struct, ITarget => T.Evaluate(on, shape);
}
