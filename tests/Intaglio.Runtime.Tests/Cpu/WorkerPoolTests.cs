using Intaglio.Numerics.Cpu;
using Xunit;

namespace Intaglio.Runtime.Tests.Cpu;

public sealed class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_item_runs_once_in_each_of_many_jobs(int threads)
    {
        using var pool = new WorkerPool(threads);
        var counts = new int[37];
        for (var job = 0; job < 2000; job++)
        {
            var work = new CountItems(counts);
            pool.Run(ref work, (job % counts.Length) + 1);
        }

        for (var item = 0; item < counts.Length; item++)
            Assert.Equal(Enumerable.Range(0, 2000).Count(job => job % counts.Length >= item), counts[item]);
    }

    [Fact]
    public void No_two_items_share_a_threads_scratch()
    {
        using var pool = new WorkerPool(4);
        var work = new HoldThread(new int[4]);
        for (var job = 0; job < 200; job++)
            pool.Run(ref work, 16);
    }

    [Fact]
    public void Workers_that_sleep_wake_for_the_next_job()
    {
        using var pool = new WorkerPool(2);
        var counts = new int[2];
        for (var job = 0; job < 5; job++)
        {
            // Far longer than a worker spins and yields: it is parked when the next job comes.
            Thread.Sleep(30);
            var work = new MeetEachOther(new Barrier(2));
            pool.Run(ref work, counts.Length);
        }
    }

    [Fact]
    public void Each_thread_has_the_same_items_in_every_job()
    {
        using var pool = new WorkerPool(2);
        for (var job = 0; job < 50; job++)
        {
            // Both threads are in an item at once, so that neither takes the other's.
            var threads = new int[2];
            var work = new NoteThread(threads, new Barrier(2));
            pool.Run(ref work, threads.Length);
            Assert.Equal([0, 1], threads);
        }
    }

    [Fact]
    public void What_a_thread_does_not_come_to_another_takes()
    {
        using var pool = new WorkerPool(2);
        var threads = new int[8];
        var work = new HoldSecond(threads, new CountdownEvent(threads.Length - 1), new ManualResetEventSlim());
        pool.Run(ref work, threads.Length);
        Assert.Equal([0, 0, 0, 0, 1, 0, 0, 0], threads);
    }

    [Fact]
    public void A_failure_reaches_the_caller_and_the_pool_goes_on()
    {
        using var pool = new WorkerPool(2);
        var failing = new FailAt(7);
        Assert.Equal("item 7", Assert.Throws<InvalidOperationException>(() => pool.Run(ref failing, 20)).Message);

        var counts = new int[20];
        var work = new CountItems(counts);
        pool.Run(ref work, counts.Length);
        Assert.All(counts, count => Assert.Equal(1, count));
    }

    [Fact]
    public void Callers_at_one_time_each_get_their_whole_job_done()
    {
        using var pool = new WorkerPool(2);
        var callers = Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            for (var job = 0; job < 2000; job++)
            {
                var counts = new int[9];
                var work = new CountItems(counts);
                pool.Run(ref work, counts.Length);
                Assert.All(counts, count => Assert.Equal(1, count));
            }
        })).ToList();
        callers.ForEach(caller => caller.Start());
        callers.ForEach(caller => caller.Join());
    }

    [Fact]
    public void A_job_allocates_nothing()
    {
        using var pool = new WorkerPool(2);
        var work = new CountItems(new int[8]);
        Assert.Equal(0, Allocations.Least(() => pool.Run(ref work, 8)));
    }

    private readonly struct CountItems(int[] counts) : IWork
    {
        public void Invoke(int item, int thread) => Interlocked.Increment(ref counts[item]);
    }

    private readonly struct HoldThread(int[] held) : IWork
    {
        public void Invoke(int item, int thread)
        {
            Assert.Equal(1, Interlocked.Increment(ref held[thread]));
            Thread.SpinWait(50);
            Interlocked.Decrement(ref held[thread]);
        }
    }

    private readonly struct MeetEachOther(Barrier barrier) : IWork
    {
        public void Invoke(int item, int thread) => Assert.True(barrier.SignalAndWait(TimeSpan.FromSeconds(20)));
    }

    private readonly struct NoteThread(int[] threads, Barrier barrier) : IWork
    {
        public void Invoke(int item, int thread)
        {
            threads[item] = thread;
            Assert.True(barrier.SignalAndWait(TimeSpan.FromSeconds(20)));
        }
    }

    // The second thread is in its first item, the fifth of eight, until all others are done.
    private readonly struct HoldSecond(int[] threads, CountdownEvent others, ManualResetEventSlim second) : IWork
    {
        public void Invoke(int item, int thread)
        {
            threads[item] = thread;
            if (item == threads.Length / 2)
            {
                second.Set();
                Assert.True(others.Wait(TimeSpan.FromSeconds(20)));
                return;
            }

            Assert.True(second.Wait(TimeSpan.FromSeconds(20)));
            others.Signal();
        }
    }

    private readonly struct FailAt(int failing) : IWork
    {
        public void Invoke(int item, int thread)
        {
            if (item == failing)
                throw new InvalidOperationException($"item {item}");
        }
    }
}
