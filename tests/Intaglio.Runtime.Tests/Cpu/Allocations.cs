namespace Intaglio.Runtime.Tests.Cpu;

/// <summary>Measures managed allocation over all threads.</summary>
internal static class Allocations
{
    /// <summary>
    /// The least that three calls allocate, over several rounds: the runtime itself allocates now and then while it recompiles warm methods, but not in
    /// every round, whereas what the calls allocate is in all of them.
    /// </summary>
    public static long Least(Action action)
    {
        var least = long.MaxValue;
        for (var round = 0; round < 100 && least > 0; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var call = 0; call < 3; call++)
                action();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }
}
