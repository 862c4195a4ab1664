using Xunit;
using Xunit.Abstractions;

namespace Intaglio.RandomModels;

/// <summary>Drawn models compute what the interpreter says. The program of this assembly tries as many as one likes.</summary>
public sealed class RandomModelTests(ITestOutputHelper output)
{
    private const string OpenCl = "opencl:0";
    private const ulong Seed = 1;

    [Fact]
    public void A_hundred_models_compute_what_the_interpreter_does()
    {
        using var campaign = new Campaign(Seed, first: 0, count: 100, device: OpenCl, deviceEvery: 0);

        campaign.Run();

        Report(campaign);
    }

    [SkippableFact]
    public void Some_models_compute_the_same_on_OpenCl()
    {
        Skip.If(
            Environment.GetEnvironmentVariable("CI") != "true" && !Device.List().Any(device => device is { Id: OpenCl, IsUsable: true }),
            $"{OpenCl} is not here.");
        using var campaign = new Campaign(Seed, first: 100, count: 5, device: OpenCl, deviceEvery: 1);

        campaign.Run();

        Report(campaign);
        Assert.Equal(5, campaign.OnDevice);
    }

    private void Report(Campaign campaign)
    {
        output.WriteLine(Spread.Describe(campaign.Draws));
        output.WriteLine($"largest error {campaign.LargestError:0.00} of its tolerance; {campaign.Delicate} models that amplify rounding");
        Assert.True(campaign.Failures.Count == 0, string.Join("\n\n", campaign.Failures.Select(failure => $"draw {failure.Number} of seed {Seed} on {failure.Device}: {failure.Fault}\n{failure.Draw}")));
    }
}
