using System.Buffers;
using Intaglio.Checkpoints;
using Intaglio.Numerics;

namespace Intaglio;

public abstract partial class LanguageModel
{
    // Sites below this one are the model's own random sites, such as dropout, which may run under the same seed.
    private const uint FirstInitializationSite = 1u << 30;

    /// <summary>
    /// Gives every parameter its first values: element i of parameter p depends on the seed, p and i alone, so neither order nor threads matter. Normal
    /// numbers come from pairs of uniform ones (Box and Muller, Annals of Mathematical Statistics 29, 1958).
    /// </summary>
    /// <param name="seed">Which weights.</param>
    /// <exception cref="InvalidOperationException">A trainer holds the model.</exception>
    protected void Initialize(ulong seed)
    {
        ThrowIfHeld();
        var site = FirstInitializationSite;
        var buffer = ArrayPool<float>.Shared.Rent(CheckpointDirectory.ChunkElements);
        foreach (var parameter in Description.Parameters.Parameters())
        {
            var count = parameter.Entry.Count;
            for (var start = 0L; start < count; start += CheckpointDirectory.ChunkElements)
            {
                var chunk = buffer.AsSpan(0, (int)Math.Min(CheckpointDirectory.ChunkElements, count - start));

                // A stream has 2³² elements, and a tensor may have more.
                FillNormal(RandomStream.For(seed, (ulong)start >> 32, site), (uint)start, chunk, parameter.Entry.Initialization);
                StoreWeights(parameter.Offset + start, chunk);
            }

            site++;
        }

        ArrayPool<float>.Shared.Return(buffer);
    }

    // first is even; elements 2j and 2j + 1 are r cos φ and r sin φ of the words 2j and 2j + 1.
    private static void FillNormal(RandomStream stream, uint first, Span<float> values, Initialization initialization)
    {
        if (initialization.StandardDeviation == 0)
        {
            values.Fill(initialization.Mean);
            return;
        }

        const double WordRange = 4294967296.0;
        for (var i = 0; i < values.Length; i += 2)
        {
            var element = first + (uint)i;
            var radius = initialization.StandardDeviation * Math.Sqrt(-2 * Math.Log((stream[element] + 1.0) / WordRange));
            var (sine, cosine) = Math.SinCos(2 * Math.PI * (stream[element + 1] / WordRange));
            values[i] = (float)(initialization.Mean + (radius * cosine));
            if (i + 1 < values.Length)
                values[i + 1] = (float)(initialization.Mean + (radius * sine));
        }
    }
}
