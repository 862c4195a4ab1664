namespace Intaglio.Benchmarks;

/// <summary>Some cases that are measured together: a command of the program.</summary>
internal abstract class Benchmark(string name, string description)
{
    /// <summary>Of every case but those that compare numbers of threads.</summary>
    public const int Threads = 2;

    public string Name { get; } = name;

    public string Description { get; } = description;

    /// <summary>Measures one case after the other.</summary>
    /// <param name="choice">Which, and how often each is run.</param>
    public abstract IEnumerable<Case> Measure(Choice choice);
}
