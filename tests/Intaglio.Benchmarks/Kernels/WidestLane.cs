using System.Runtime.Intrinsics;
using Intaglio.Numerics.Cpu;

namespace Intaglio.Benchmarks;

/// <summary>What runs on the lanes of any width.</summary>
internal interface ILaneAction
{
    void Invoke<T>()
        where T : struct, IWideLane<T>;
}

/// <summary>Chooses the lane as <see cref="CpuExecution.Run"/> does, for loops that are no launch by themselves.</summary>
internal static class WidestLane
{
    public static void Run<TAction>(in TAction action)
        where TAction : struct, ILaneAction
    {
        if (Vector512.IsHardwareAccelerated)
            action.Invoke<F16>();
        else if (Vector256.IsHardwareAccelerated)
            action.Invoke<F8>();
        else
            action.Invoke<F4>();
    }
}
