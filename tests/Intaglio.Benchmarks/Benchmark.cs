namespace Intaglio.Benchmarks;

/// <summary>Some cases that are measured together: a command of the program.</summary>
internal abstract class Benchmark(string name, string description)
{
    public string Name { get; } = name;

    public string Description { get; } = description;

    /// <summary>Measures one case after the other.</summary>
    /// <param name="runs">How often each is run; null for as often as its median needs to be steady.</param>
    public abstract IEnumerable<Case> Measure(int? runs);
}
