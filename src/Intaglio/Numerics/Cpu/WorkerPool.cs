using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>
/// Threads that share the items of a job, the caller among them. Each has a range of its own and claims it one by one and in order; then it takes what is left of the
/// others', so that a thread the system takes away delays one item and not the job. The range is the same in every job of as many items: rows that follow one another
/// stay with one thread, in the caches of its core, which may share none with another's. Nothing is allocated for a job.
/// </summary>
/// <remarks>
/// <c>_ranges</c> holds for each thread the job's number above and the count of its unclaimed items below. An item is claimed by counting down with compare-and-swap:
/// that fails where another job has begun meanwhile, so a late worker can neither claim an item of a job it has not read nor run one of a job that has ended.
/// </remarks>
internal sealed unsafe class WorkerPool : IDisposable
{
    // A worker that finds nothing to do first spins for about 50 μs (the gaps between launches), then gives its core away, then sleeps.
    private const int Spins = 1000;
    private const int Yields = 50;

    // No two ranges on one line of a cache, nor on two that are fetched together.
    private const int RangeStride = 16;

    private readonly Thread[] _workers;
    private readonly object _gate = new();
    private readonly long[] _ranges;
    private long _job;
    private int _items;
    private int _unfinished;
    private int _busy;
    private int _parked;
    private volatile bool _stopping;
    private void* _work;
    private delegate*<void*, int, int, void> _invoke;
    private Exception? _failure;

    /// <summary>Starts the workers.</summary>
    /// <param name="threads">Threads in all, the caller's among them.</param>
    public WorkerPool(int threads)
    {
        _workers = new Thread[threads - 1];
        _ranges = new long[threads * RangeStride];
        for (var index = 0; index < _workers.Length; index++)
        {
            var thread = index + 1;
            _workers[index] = new(() => Work(thread)) { IsBackground = true, Name = $"Intaglio {thread}" };
            _workers[index].Start();
        }
    }

    /// <summary>Threads in all, the caller's among them.</summary>
    public int Threads => _workers.Length + 1;

    /// <summary>Runs all items of a job and returns when they are done. While another caller's job runs, this one's runs on its own thread alone.</summary>
    /// <param name="work">The job, a local variable of the caller (workers refer to it by address).</param>
    /// <param name="items">How many items there are.</param>
    public void Run<TWork>(ref TWork work, int items)
        where TWork : struct, IWork
    {
        if (items <= 1 || _workers.Length == 0 || Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            RunAlone(ref work, items);
            return;
        }

        try
        {
            _work = Unsafe.AsPointer(ref work);
            _invoke = &Invoke<TWork>;
            _items = _unfinished = items;
            _job++;
            for (var thread = 0; thread < Threads; thread++)
                Volatile.Write(ref RangeOf(thread), (_job << 32) | (uint)(EndOf(thread, items) - EndOf(thread - 1, items)));

            // A worker about to sleep either sees its items or is seen: both write first and then read.
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref _parked) > 0)
                Wake();

            Drain(thread: 0);
            WaitForLateWorkers();
            if (_failure is { } failure)
            {
                _failure = null;
                ExceptionDispatchInfo.Throw(failure);
            }
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>Runs all items of a job on the caller's thread.</summary>
    /// <param name="work">The job, a local variable of the caller.</param>
    /// <param name="items">How many items there are.</param>
    public static void RunAlone<TWork>(ref TWork work, int items)
        where TWork : struct, IWork
    {
        for (var item = 0; item < items; item++)
            Invoke<TWork>(Unsafe.AsPointer(ref work), item, 0);
    }

    /// <summary>Ends the workers.</summary>
    public void Dispose()
    {
        _stopping = true;
        Wake();
        foreach (var worker in _workers)
            worker.Join();
    }

    // An optimized caller would take the work's loops in, and then has used up what it may take in before it comes to what they consist of: lanes would be called one by one.
    [MethodImpl(MethodImplOptions.NoOptimization)]
    private static void Invoke<TWork>(void* work, int item, int thread)
        where TWork : struct, IWork
        => Unsafe.AsRef<TWork>(work).Invoke(item, thread);

    private void Work(int thread)
    {
        while (!_stopping)
        {
            if (WaitForItems(ref RangeOf(thread)))
                Drain(thread);
        }
    }

    private ref long RangeOf(int thread) => ref _ranges[thread * RangeStride];

    // Where there are fewer items than threads, the first have one each: the caller is awake.
    private int EndOf(int thread, int items) => (int)((((thread + 1L) * items) + Threads - 1) / Threads);

    private void Drain(int thread)
    {
        for (var offset = 0; offset < Threads; offset++)
            Drain((thread + offset) % Threads, thread);
    }

    private void Drain(int owner, int thread)
    {
        ref var range = ref RangeOf(owner);
        var done = 0;
        var state = Volatile.Read(ref range);
        while ((uint)state != 0)
        {
            var work = _work;
            var invoke = _invoke;
            var end = EndOf(owner, _items);
            var seen = Interlocked.CompareExchange(ref range, state - 1, state);
            if (seen != state)
            {
                state = seen;
                continue;
            }

            try
            {
                invoke(work, end - (int)(uint)state, thread);
            }
            catch (Exception failure)
            {
                Interlocked.CompareExchange(ref _failure, failure, null);
            }

            done++;
            state = Volatile.Read(ref range);
        }

        // Once for all items: the count is on a line that all threads write, and waiting for it takes as long as a small item. Until then the job cannot end.
        if (done > 0)
            Interlocked.Add(ref _unfinished, -done);
    }

    private void WaitForLateWorkers()
    {
        for (var spin = 0; Volatile.Read(ref _unfinished) != 0; spin++)
        {
            if (spin < Spins)
                Thread.SpinWait(1);
            else
                Thread.Yield();
        }
    }

    // False where the pool ends.
    private bool WaitForItems(ref long range)
    {
        for (var spin = 0; spin < Spins + Yields; spin++)
        {
            if ((uint)Volatile.Read(ref range) != 0)
                return true;
            if (spin < Spins)
                Thread.SpinWait(1);
            else
                Thread.Yield();
        }

        Interlocked.Increment(ref _parked);
        lock (_gate)
        {
            while ((uint)Volatile.Read(ref range) == 0 && !_stopping)
                Monitor.Wait(_gate);
        }

        Interlocked.Decrement(ref _parked);
        return !_stopping;
    }

    private void Wake()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }
}
