using Intaglio.Numerics;

namespace Intaglio.Runtime.Tests;

/// <summary>The static members of an emitted model, which it implements explicitly.</summary>
internal static class Model<T>
    where T : LanguageModel, ITrainable<T>
{
    public static ModelDescription Description => T.Description;

    public static string MemoryPlan => T.MemoryPlan;

    public static long InferenceArenaBytes(int rows) => T.InferenceArenaBytes(rows);

    public static long TrainingArenaBytes(int rows) => T.TrainingArenaBytes(rows);

    public static long TrainingArenaLowerBound(int rows) => T.TrainingArenaLowerBound(rows);

    public static long EvaluationArenaBytes(int rows) => T.EvaluationArenaBytes(rows);

    public static Place Logits(int rows) => T.Logits(rows);

    public static void Infer<TTarget>(in TTarget on, int rows, int paddedRows, int outputs, int slots, int capacity)
        where TTarget : struct, ITarget => T.Infer(on, rows, paddedRows, outputs, slots, capacity);

    public static void Forward<TTarget>(in TTarget on, int batch, int time, float lossScale)
        where TTarget : struct, ITarget => T.Forward(on, batch, time, lossScale);

    public static void Backward<TTarget>(in TTarget on, int batch, int time)
        where TTarget : struct, ITarget => T.Backward(on, batch, time);

    public static void Evaluate<TTarget>(in TTarget on, int batch, int time)
        where TTarget : struct, ITarget => T.Evaluate(on, batch, time);
}
