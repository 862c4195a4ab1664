using System.Collections.Concurrent;

namespace Intaglio.RandomModels;

/// <summary>A draw that failed.</summary>
/// <param name="Number">Its number under the seed.</param>
/// <param name="Device">Where, such as <c>cpu</c>.</param>
/// <param name="Draw">What was drawn.</param>
/// <param name="Fault">What is wrong.</param>
internal sealed record Failure(int Number, string Device, Draw Draw, string Fault);

/// <summary>Many draws under one seed, tried on all cores.</summary>
internal sealed class Campaign : IDisposable
{
    // Compiling many at once costs little more than one alone, and what a batch leaves in memory goes with it.
    private const int BatchSize = 10;

    private readonly ConcurrentQueue<int[]> _batches;
    private readonly ConcurrentBag<Failure> _failures = [];
    private readonly ConcurrentDictionary<int, Draw> _draws = [];
    private readonly ulong _seed;
    private readonly int _deviceEvery;
    private readonly Device? _device;
    private readonly Lock _lock = new();
    private double _largestError;
    private int _delicate;
    private int _onDevice;

    /// <param name="seed">Decides what is drawn.</param>
    /// <param name="first">The first draw's number.</param>
    /// <param name="count">Draws.</param>
    /// <param name="device">The device that some are tried on besides the CPU.</param>
    /// <param name="deviceEvery">Every how many-th is tried on the device too; 0 for none.</param>
    public Campaign(ulong seed, int first, int count, string device, int deviceEvery)
    {
        (_seed, _deviceEvery) = (seed, deviceEvery);
        _device = deviceEvery > 0 ? Device.Parse(device) : null;
        _batches = new(Enumerable.Range(first, count).Chunk(BatchSize));
    }

    public IReadOnlyList<Failure> Failures => [.. _failures.OrderBy(failure => failure.Number)];

    public IReadOnlyCollection<Draw> Draws => [.. _draws.Values];

    /// <summary>The largest error of a draw that passed, as a share of its tolerance.</summary>
    public double LargestError => _largestError;

    /// <summary>How many draws needed the tolerance that random rounding gives.</summary>
    public int Delicate => _delicate;

    /// <summary>How many were tried on the device too.</summary>
    public int OnDevice => _onDevice;

    /// <summary>Hears of each failure as it is found.</summary>
    public Action<Failure>? Failed { get; init; }

    /// <param name="progress">Hears how many are done.</param>
    public void Run(Action<int>? progress = null)
    {
        Thread[] workers = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() => Work(progress)))];
        foreach (var worker in workers)
            worker.Start();

        foreach (var worker in workers)
            worker.Join();
    }

    public void Dispose() => _device?.Dispose();

    private void Work(Action<int>? progress)
    {
        using var cpu = Device.Cpu(threads: 1);
        while (_batches.TryDequeue(out var numbers))
        {
            foreach (var number in numbers)
                _draws[number] = RandomModels.Draws.Number(_seed, number);

            Try(numbers, cpu);
            progress?.Invoke(_draws.Count);
        }
    }

    private void Try(int[] numbers, Device cpu)
    {
        try
        {
            using var models = new LoadedModels([.. numbers.Select(number => _draws[number].Declaration)]);
            foreach (var (number, model) in numbers.Zip(models.Types))
                Try(number, model, cpu);
        }
        catch (Exception fault) when (numbers.Length == 1)
        {
            Fail(new(numbers[0], "compiler", _draws[numbers[0]], $"{fault}"));
        }
        catch (InvalidDataException)
        {
            // One of them does not compile: alone, each says for itself.
            foreach (var number in numbers)
                Try([number], cpu);
        }
    }

    private void Try(int number, Type model, Device cpu)
    {
        Note(number, "cpu", Trial.Run(model, _draws[number], cpu));
        if (_device is null || number % _deviceEvery != 0)
            return;

        lock (_lock)
        {
            Note(number, _device.Id, Trial.Run(model, _draws[number], _device));
            _onDevice++;
        }
    }

    private void Note(int number, string device, Verdict verdict)
    {
        lock (_lock)
        {
            _delicate += verdict.IsDelicate ? 1 : 0;
            if (verdict.Fault is null)
                _largestError = Math.Max(_largestError, verdict.Error);
            else
                Fail(new(number, device, _draws[number], verdict.Fault));
        }
    }

    private void Fail(Failure failure)
    {
        _failures.Add(failure);
        Failed?.Invoke(failure);
    }
}
