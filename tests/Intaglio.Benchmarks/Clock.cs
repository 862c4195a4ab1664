using System.Diagnostics;

namespace Intaglio.Benchmarks;

/// <summary>Medians of times.</summary>
internal static class Clock
{
    /// <summary>The milliseconds that an action takes.</summary>
    public static double Time(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>The median milliseconds of what each of some preparations returns. They take turns, so that what else the machine does meets them alike.</summary>
    /// <param name="warmUps">Runs before those that count.</param>
    /// <param name="runs">Runs that count.</param>
    /// <param name="prepare">Each returns what is timed; its own time does not count.</param>
    public static double[] Medians(int warmUps, int runs, params Func<Action>[] prepare) =>
        MediansOf(warmUps, runs, [.. prepare.Select(each => (Func<double>)(() => Time(each())))]);

    /// <summary>The medians of what some measurements return: of a peer, which measures itself, or of what has to be undone after it was timed. They take turns too.</summary>
    /// <param name="warmUps">Runs before those that count.</param>
    /// <param name="runs">Runs that count.</param>
    /// <param name="measure">Each returns milliseconds.</param>
    public static double[] MediansOf(int warmUps, int runs, params Func<double>[] measure)
    {
        var times = measure.Select(_ => new double[runs]).ToArray();
        for (var run = -warmUps; run < runs; run++)
        {
            for (var index = 0; index < measure.Length; index++)
            {
                var time = measure[index]();
                if (run >= 0)
                    times[index][run] = time;
            }
        }

        return [.. times.Select(Median)];
    }

    /// <summary>The middle of some values; of an even number, the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
