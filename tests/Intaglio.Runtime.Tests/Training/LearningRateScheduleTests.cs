using Xunit;

namespace Intaglio.Runtime.Tests.Training;

public class LearningRateScheduleTests
{
    // nanoGPT's get_lr with learning_rate 1e-3, min_lr 1e-4, warmup_iters 100, lr_decay_iters 2000, by hand:
    // 0 and 99: 1e-3 (it + 1) / 101; 575: a quarter of the cosine, 1e-4 + (1 + √½) / 2 · 9e-4; 1050: its middle.
    [Theory]
    [InlineData(0, 1e-3 / 101)]
    [InlineData(99, 0.1 / 101)]
    [InlineData(100, 1e-3)]
    [InlineData(575, 1e-4 + (0.8535533905932737 * 9e-4))]
    [InlineData(1050, 5.5e-4)]
    [InlineData(1525, 1e-4 + (0.14644660940672624 * 9e-4))]
    [InlineData(2000, 1e-4)]
    [InlineData(1_000_000, 1e-4)]
    public void Rates_are_those_of_nanoGPT(long step, double expected)
    {
        var schedule = new LearningRateSchedule(1e-3, 1e-4, 100, 2000);

        // Doubles of which a few operations were made.
        Assert.Equal(expected, schedule.At(step), 1e-15);
    }

    [Fact]
    public void Without_warmup_the_first_rate_is_the_peak() => Assert.Equal(0.5, new LearningRateSchedule(0.5, 0, 0, 10).At(0));

    [Fact]
    public void A_schedule_of_warmup_alone_ends_at_the_minimum()
    {
        var schedule = new LearningRateSchedule(1, 0.25, 3, 3);
        Assert.Equal([0.25, 0.5, 0.75, 0.25], [schedule.At(0), schedule.At(1), schedule.At(2), schedule.At(3)]);
    }
}
