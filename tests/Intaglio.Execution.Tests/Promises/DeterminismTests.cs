using Intaglio.Testing;
using Xunit;

namespace Intaglio.ExecutionTests;

/// <summary>Training gives the same bits each time, and so does generation.</summary>
[Collection(TargetsCollection.Name)]
public sealed class DeterminismTests(Targets targets)
{
    private static readonly TargetComparisonOptions Options = new() { Steps = 50, BatchSize = 8 };

    [Fact]
    public void Weights_after_50_steps_are_identical_in_every_bit_for_any_number_of_threads_and_from_run_to_run()
    {
        AssertIdentical<Dropped>();
        AssertIdentical<Odd>();
        AssertIdentical<LongContext>();
        AssertIdentical<OneLayer>();
    }

    [SkippableFact]
    public void Weights_after_50_steps_are_identical_in_every_bit_from_run_to_run_through_OpenCl()
    {
        var device = targets.Open("opencl:0");
        TargetComparison.Run<Dropped>([device, device], Options).ThrowIfFailed();
    }

    // Several tiles of attention need the whole context.
    private static void AssertIdentical<T>()
        where T : LanguageModel, ITrainable<T> =>
        TargetComparison.Run<T>(["cpu:1", "cpu:2", "cpu:2", "cpu:3"], Options with { ContextLength = T.Description.ContextLength }).ThrowIfFailed();
}
