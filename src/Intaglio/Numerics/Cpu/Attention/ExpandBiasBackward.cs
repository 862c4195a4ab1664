namespace Intaglio.Numerics.Cpu;

/// <summary>tableGradient[buckets[i], h] += Σ distanceGradient[s, h, i] over the sequences, head by head, each from the first distance to the last.</summary>
internal readonly unsafe struct ExpandBiasBackward<TShape>(float* distanceGradient, int* buckets, float* tableGradient, int batch, int distances) : IWork
    where TShape : struct, IRelativeBiasShape
{
    public int Items => TShape.Heads;

    public void Invoke(int item, int thread)
    {
        for (var distance = 0; distance < distances; distance++)
        {
            var sum = 0f;
            for (var sequence = 0; sequence < batch; sequence++)
                sum += distanceGradient[((((nint)sequence * TShape.Heads) + item) * distances) + distance];
            tableGradient[((nint)buckets[distance] * TShape.Heads) + item] += sum;
        }
    }
}
