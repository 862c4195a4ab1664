using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Intaglio.Numerics.Cpu;

/// <summary>
/// Threads that claim the items of a job one by one and in order, the caller among them, so that a thread the system takes away delays one item and not the job,
/// and memory is read as the processor expects it. Nothing is allocated for a job.
/// </summary>
/// <remarks>
/// <c>_state</c> holds the job's number above and the count of unclaimed items below. An item is claimed by counting down with compare-and-swap: that
/// fails where another job has begun meanwhile, so a late worker can neither claim an item of a job it has not read nor run one of a job that has ended.
/// </remarks>
internal sealed unsafe class WorkerPool : IDisposable
{
    // A worker that finds nothing to do first spins for about 50 μs (the gaps between launches), then gives its core away, then sleeps.
    private const int Spins = 1000;
    private const int Yields = 50;

    private readonly Thread[] _workers;
    private readonly object _gate = new();
    private long _state;
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
            Interlocked.Exchange(ref _state, (((_state >> 32) + 1) << 32) | (uint)items);
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
            if (WaitForItems())
                Drain(thread);
        }
    }

    private void Drain(int thread)
    {
        var state = Volatile.Read(ref _state);
        while ((uint)state != 0)
        {
            var work = _work;
            var invoke = _invoke;
            var items = _items;
            var seen = Interlocked.CompareExchange(ref _state, state - 1, state);
            if (seen != state)
            {
                state = seen;
                continue;
            }

            try
            {
                invoke(work, items - (int)(uint)state, thread);
            }
            catch (Exception failure)
            {
                Interlocked.CompareExchange(ref _failure, failure, null);
            }

            Interlocked.Decrement(ref _unfinished);
            state = Volatile.Read(ref _state);
        }
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
    private bool WaitForItems()
    {
        for (var spin = 0; spin < Spins + Yields; spin++)
        {
            if ((uint)Volatile.Read(ref _state) != 0)
                return true;
            if (spin < Spins)
                Thread.SpinWait(1);
            else
                Thread.Yield();
        }

        // Either the caller sees _parked and wakes this thread, or this thread sees the items: both write first and then read.
        Interlocked.Increment(ref _parked);
        lock (_gate)
        {
            while ((uint)Volatile.Read(ref _state) == 0 && !_stopping)
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
