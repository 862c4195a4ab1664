namespace Intaglio.Benchmarks;

/// <summary>Weights as after training: biases and gains that are no constants, and matrices so large that a softmax is not even, so that whatever one side leaves out is seen.</summary>
internal static class RandomWeights
{
    // With this, scores of BERT-base vary by about 2.
    private const float Spread = 0.1f;

    /// <summary>Adds to every weight up to <see cref="Spread"/>.</summary>
    public static TModel Shaken<TModel>(TModel model)
        where TModel : LanguageModel
    {
        var random = new Random(1);
        foreach (var parameter in model.Description.Parameters.Parameters())
        {
            var values = model.ReadParameter(parameter.Name);
            for (var index = 0; index < values.Length; index++)
                values[index] += Spread * ((2 * random.NextSingle()) - 1);
            model.WriteParameter(parameter.Name, values);
        }

        return model;
    }
}
