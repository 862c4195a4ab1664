using System.Diagnostics;
using Intaglio.Runtime.Tests.Checkpoints;

namespace Intaglio.Fuzz;

/// <summary>An input that showed a fault.</summary>
/// <param name="Number">Its number under the seed.</param>
/// <param name="Format">What it is a broken one of.</param>
/// <param name="Fault">What is wrong.</param>
internal sealed record Failure(int Number, string Format, string Fault);

/// <summary>Many inputs under one seed, on all cores, and a watch over the time that each takes.</summary>
/// <param name="seed">Decides what is drawn.</param>
/// <param name="first">The first input's number.</param>
/// <param name="count">Inputs.</param>
/// <param name="limit">How long an input may take.</param>
/// <param name="draw">The input of a number.</param>
internal sealed class Campaign(ulong seed, int first, int count, TimeSpan limit, Func<ulong, int, Input> draw)
{
    // Other failures often have the same reason.
    private const int MostFailures = 20;

    private readonly Lock _lock = new();
    private readonly List<Failure> _failures = [];
    private readonly Totals _totals = new();
    private readonly ManualResetEventSlim _isOver = new();
    private Worker[] _workers = [];
    private int _next = -1;
    private int _working;

    public IReadOnlyList<Failure> Failures
    {
        get
        {
            lock (_lock)
                return [.. _failures.OrderBy(failure => failure.Number)];
        }
    }

    /// <summary>What was seen; complete once <see cref="Run"/> is over.</summary>
    public Totals Totals => _totals;

    /// <summary>Runs until all inputs are done, one takes too long, or too many fail. An input that never ends keeps its thread; nothing else waits for it.</summary>
    /// <param name="progress">Hears now and then how many are done.</param>
    public void Run(Action<int>? progress = null)
    {
        WarmUp();
        _workers = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Worker())];
        _working = _workers.Length;
        foreach (var worker in _workers)
            new Thread(() => Work(worker)) { IsBackground = true }.Start();

        var period = TimeSpan.FromMilliseconds(Math.Clamp(limit.TotalMilliseconds / 4, 10, 500));
        while (!_isOver.Wait(period))
        {
            if (_workers.FirstOrDefault(worker => worker.Elapsed > limit) is { } late)
            {
                Note(new(late.Number, draw(seed, late.Number).Format.Name, $"it takes longer than {limit.TotalMilliseconds} ms"));
                break;
            }

            progress?.Invoke(Math.Min(count, _next + 1));
        }
    }

    // The first error of a kind loads messages, and the first parse compiles methods: neither is an input's own.
    private static void WarmUp()
    {
        using var directory = new TemporaryDirectory();
        foreach (var format in AllFormats.Weighted.Select(pair => pair.Format))
        {
            foreach (var content in format.Seeds)
            {
                Trial.Run(new(format, content, IsFile: false), directory);
                Trial.Run(new(format, content, IsFile: true), directory);
            }
        }
    }

    private void Work(Worker worker)
    {
        using (var directory = new TemporaryDirectory())
        {
            while (!_isOver.IsSet && Interlocked.Increment(ref _next) is var index && index < count)
            {
                var number = first + index;
                var input = draw(seed, number);
                worker.Start(number);
                var verdict = Trial.Run(input, directory);
                var elapsed = worker.Stop();
                if (verdict.Fault is not null)
                    Note(new(number, input.Format.Name, verdict.Fault));
                else if (elapsed > limit)
                    Note(new(number, input.Format.Name, $"it took {elapsed.TotalMilliseconds} ms of {limit.TotalMilliseconds}"));
                lock (_lock)
                    _totals.Add(number, input, verdict, elapsed);
            }
        }

        if (Interlocked.Decrement(ref _working) == 0)
            _isOver.Set();
    }

    private void Note(Failure failure)
    {
        lock (_lock)
            _failures.Add(failure);
        if (_failures.Count >= MostFailures)
            _isOver.Set();
    }

    private sealed class Worker
    {
        private long _started;

        public int Number { get; private set; }

        /// <summary>How long the present input has been taking; zero between two.</summary>
        public TimeSpan Elapsed => Interlocked.Read(ref _started) is var started && started != 0 ? Stopwatch.GetElapsedTime(started) : TimeSpan.Zero;

        public void Start(int number)
        {
            Number = number;
            Interlocked.Exchange(ref _started, Stopwatch.GetTimestamp());
        }

        public TimeSpan Stop() => Stopwatch.GetElapsedTime(Interlocked.Exchange(ref _started, 0));
    }
}
