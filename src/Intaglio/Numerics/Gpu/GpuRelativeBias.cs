namespace Intaglio.Numerics.Gpu;

/// <summary>Biases of attention scores by relative position, and their gradient.</summary>
internal static class GpuRelativeBias
{
    /// <summary>output[h, i] = table[buckets[i], h], a thread for each element.</summary>
    public static void Expand<TStorage, TElement>(ExpandBiasArguments<TElement> at)
        where TStorage : struct, IGpuStorage<TElement>
        where TElement : unmanaged
    {
        for (var index = GpuGrid.First; index < at.Heads * at.Distances; index += GpuGrid.Stride)
            at.Output[index] = TStorage.Widen(at.Table[(at.Buckets[index % at.Distances] * at.Heads) + (index / at.Distances)]);
    }

    /// <summary>tableGradient[b, h] += Σ distanceGradient[s, h, i] over the sequences and the distances of bucket b; a thread owns one element.</summary>
    public static void ExpandBackward(ExpandBiasBackwardArguments at)
    {
        for (var index = GpuGrid.First; index < at.TableBuckets * at.Heads; index += GpuGrid.Stride)
        {
            var sum = 0f;
            for (var distance = 0; distance < at.Distances; distance++)
            {
                if (at.Buckets[distance] == index / at.Heads)
                {
                    for (var sequence = 0; sequence < at.Batch; sequence++)
                        sum += at.DistanceGradient[(((sequence * at.Heads) + (index % at.Heads)) * at.Distances) + distance];
                }
            }

            at.TableGradient[index] += sum;
        }
    }
}
