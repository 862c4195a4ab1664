namespace Intaglio.Numerics.Cpu;

/// <summary>A job that falls into items which may run in any order on any thread.</summary>
internal interface IWork
{
    /// <summary>Does one item.</summary>
    /// <param name="item">Which one.</param>
    /// <param name="thread">Whose scratch memory may be used: no two items run with the same number at one time.</param>
    void Invoke(int item, int thread);
}
