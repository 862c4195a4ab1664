namespace Intaglio.Numerics.Cpu;

/// <summary>A query's scores of a block of keys.</summary>
/// <param name="scores">Those of the block's first key and the following.</param>
/// <param name="bias">What is added to them; null where nothing is.</param>
/// <param name="visible">The keys that the query sees.</param>
/// <param name="element">The random element of the first key.</param>
internal readonly unsafe struct ScoreRow(float* scores, float* bias, KeyRange visible, uint element)
{
    public readonly float* Scores = scores;
    public readonly float* Bias = bias;
    public readonly KeyRange Visible = visible;
    public readonly uint Element = element;
}
