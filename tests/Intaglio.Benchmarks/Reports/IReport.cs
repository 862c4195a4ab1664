namespace Intaglio.Benchmarks;

/// <summary>Where results go.</summary>
internal interface IReport
{
    void Add(Case measured);

    void End();
}
