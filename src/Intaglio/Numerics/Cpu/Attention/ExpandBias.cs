namespace Intaglio.Numerics.Cpu;

/// <summary>output[h, i] = table[buckets[i], h], head by head.</summary>
internal readonly unsafe struct ExpandBias<TShape, TWeight>(void* table, int* buckets, float* output, int distances) : IWork
    where TShape : struct, IRelativeBiasShape
    where TWeight : struct, IStorage
{
    public int Items => TShape.Heads;

    public void Invoke(int item, int thread)
    {
        var biases = output + ((nint)item * distances);
        for (var distance = 0; distance < distances; distance++)
        {
            var bucket = buckets[distance];
            if ((uint)bucket >= (uint)TShape.Buckets)
                throw new ArgumentOutOfRangeException(nameof(buckets), bucket, $"The model's table has {TShape.Buckets} buckets.");
            F1.Store(biases + distance, TWeight.Load<F1>(table, ((nint)bucket * TShape.Heads) + item));
        }
    }
}
