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
    public static double[] Medians(int warmUps, int runs, params Func<Action>[] prepare)
    {
        var times = prepare.Select(_ => new double[runs]).ToArray();
        for (var run = -warmUps; run < runs; run++)
        {
            for (var index = 0; index < prepare.Length; index++)
            {
                var time = Time(prepare[index]());
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
