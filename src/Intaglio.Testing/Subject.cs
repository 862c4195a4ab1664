using Intaglio.Numerics;

namespace Intaglio.Testing;

/// <summary>What models are tested with.</summary>
internal static class Subject
{
    // Attention over more tokens than this shows nothing new, and every step takes longer.
    private const int UsualContext = 32;

    /// <summary>A model with a checkpoint's weights, or with drawn ones.</summary>
    public static TModel Create<TModel>(Device device, string? checkpoint, ulong seed)
        where TModel : LanguageModel, IModel<TModel>
    {
        if (checkpoint is not null)
            return TModel.Load(checkpoint, device);

        var model = TModel.Create(device);
        var random = Random(seed);
        foreach (var parameter in TModel.Description.Parameters.Parameters())
        {
            var deviation = Deviation(parameter.Entry);
            var values = new float[parameter.Entry.Count];
            for (var i = 0; i < values.Length; i++)
                values[i] = (float)(parameter.Entry.Initialization.Mean + (deviation * Normal(random)));

            model.WriteParameter(parameter.Name, values);
        }

        return model;
    }

    /// <summary>A random batch that leaves out nothing that a model reads: types, padding, a source. Every fifth target is ignored, and that of padding.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range.</exception>
    public static RandomBatch Batch(ModelDescription description, int batchSize, int contextLength, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(contextLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(contextLength, description.ContextLength);
        var time = contextLength == 0 ? Math.Min(description.ContextLength, UsualContext) : contextLength;
        return RandomBatch.Draw(description, batchSize, time, Random(seed));
    }

    /// <summary>The same numbers for the same seed, everywhere.</summary>
    public static Random Random(ulong seed) => new(unchecked((int)(seed ^ (seed >> 32))));

    // Biases and gains that matter; products that about keep the variance of what they multiply.
    private static double Deviation(ParameterEntry entry) => entry.Shape.Length == 1 ? 0.2 : 1 / Math.Sqrt(entry.Shape[^1]);

    /// <summary>From the standard normal distribution (Box and Muller, 1958).</summary>
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
