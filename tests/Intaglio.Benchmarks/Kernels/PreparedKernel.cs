namespace Intaglio.Benchmarks;

/// <summary>A kernel with its operands.</summary>
/// <param name="operands">Disposed with it.</param>
/// <param name="run">What is timed.</param>
/// <param name="fault">What the first run computed wrong; null where nothing.</param>
internal sealed class PreparedKernel(IDisposable operands, Action run, Func<string?> fault) : IDisposable
{
    public void Run() => run();

    public string? Fault() => fault();

    public void Dispose() => operands.Dispose();
}
