namespace Intaglio.Testing;

/// <summary>
/// Runs a model with the same weights and tokens on several devices and compares what comes out: losses of training steps, gradients, and logits of a prompt, logits
/// of its tokens one by one through the cache, and greedy tokens, or, of a model that generates nothing, its results. A device is held against the first of its kind in every bit (CPUs are of one kind, whatever
/// the number of threads), and the first of its kind against the first of all, within tolerances.
/// </summary>
/// <remarks>
/// It shows that devices run the same model. It cannot show that the model is right: a mistake that is the same on every device is none here;
/// <see cref="GradientCheck"/> and published numbers find such. <c>simulated</c> runs GPU kernels on any machine, but 30 to 100 times too slowly for models
/// of more than some ten thousand parameters.
/// </remarks>
public static class TargetComparison
{
    /// <summary>Compares training, and what the model makes, on devices that this call opens and disposes.</summary>
    /// <typeparam name="TModel">The model's class.</typeparam>
    /// <param name="devices">At least two, as <see cref="Device.Parse"/> reads them: <c>cpu:1</c>, <c>cpu:4</c>, <c>opencl</c>, <c>simulated</c>.</param>
    /// <param name="options">What to compute; null for the defaults.</param>
    /// <returns>The differences; <see cref="TargetComparisonResult.ThrowIfFailed"/> makes an assertion of them.</returns>
    /// <exception cref="ArgumentException">There are fewer than two devices, or an option is out of its range.</exception>
    /// <exception cref="DeviceException">A device is not there.</exception>
    /// <exception cref="CheckpointException">The checkpoint is not this model's.</exception>
    public static TargetComparisonResult Run<TModel>(IReadOnlyList<string> devices, TargetComparisonOptions? options = null)
        where TModel : LanguageModel, ITrainable<TModel> => OnOpened<TModel>(devices, Observe.Training<TModel>, options);

    /// <summary>Compares training, and what the model makes, on devices of the caller's.</summary>
    /// <param name="devices">At least two.</param>
    /// <param name="options">What to compute; null for the defaults.</param>
    /// <inheritdoc cref="Run{TModel}(IReadOnlyList{string}, TargetComparisonOptions?)"/>
    public static TargetComparisonResult Run<TModel>(IReadOnlyList<Device> devices, TargetComparisonOptions? options = null)
        where TModel : LanguageModel, ITrainable<TModel> => OnDevices<TModel>(devices, null, Observe.Training<TModel>, options);

    /// <summary>Compares generation alone, of any model that generates, on devices that this call opens and disposes.</summary>
    /// <inheritdoc cref="Run{TModel}(IReadOnlyList{string}, TargetComparisonOptions?)"/>
    public static TargetComparisonResult RunGeneration<TModel>(IReadOnlyList<string> devices, TargetComparisonOptions? options = null)
        where TModel : LanguageModel, ILanguageModel<TModel> => OnOpened<TModel>(devices, Observe.Inference<TModel>, options);

    /// <summary>Compares generation alone, of any model that generates, on devices of the caller's.</summary>
    /// <inheritdoc cref="Run{TModel}(IReadOnlyList{Device}, TargetComparisonOptions?)"/>
    public static TargetComparisonResult RunGeneration<TModel>(IReadOnlyList<Device> devices, TargetComparisonOptions? options = null)
        where TModel : LanguageModel, ILanguageModel<TModel> => OnDevices<TModel>(devices, null, Observe.Inference<TModel>, options);

    /// <summary>Compares results alone, of any model that generates nothing, on devices that this call opens and disposes.</summary>
    /// <inheritdoc cref="Run{TModel}(IReadOnlyList{string}, TargetComparisonOptions?)"/>
    public static TargetComparisonResult RunEncoder<TModel>(IReadOnlyList<string> devices, TargetComparisonOptions? options = null)
        where TModel : LanguageModel, IEncoder<TModel> => OnOpened<TModel>(devices, Observe.Inference<TModel>, options);

    /// <summary>Compares results alone, of any model that generates nothing, on devices of the caller's.</summary>
    /// <inheritdoc cref="Run{TModel}(IReadOnlyList{Device}, TargetComparisonOptions?)"/>
    public static TargetComparisonResult RunEncoder<TModel>(IReadOnlyList<Device> devices, TargetComparisonOptions? options = null)
        where TModel : LanguageModel, IEncoder<TModel> => OnDevices<TModel>(devices, null, Observe.Inference<TModel>, options);

    private static TargetComparisonResult OnOpened<TModel>(
        IReadOnlyList<string> names, Func<Device, TargetComparisonOptions, IReadOnlyList<Observation>> observe, TargetComparisonOptions? options)
        where TModel : LanguageModel, IModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(names);
        var opened = new List<Device>();
        try
        {
            foreach (var name in names)
                opened.Add(Device.Parse(name));

            return OnDevices<TModel>(opened, names, observe, options);
        }
        finally
        {
            opened.ForEach(device => device.Dispose());
        }
    }

    private static TargetComparisonResult OnDevices<TModel>(
        IReadOnlyList<Device> devices, IReadOnlyList<string>? names, Func<Device, TargetComparisonOptions, IReadOnlyList<Observation>> observe, TargetComparisonOptions? options)
        where TModel : LanguageModel, IModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(devices);
        if (devices.Count < 2)
            throw new ArgumentException($"A comparison takes at least two devices, not {devices.Count}.", nameof(devices));

        names = Distinct(names ?? [.. devices.Select(device => device.Id)]);
        List<string> kinds = [.. devices.Select(device => device.Id)];
        var observations = devices.Select(device => observe(device, options ?? new())).ToList();
        var differences = new List<TargetDifference>();
        for (var i = 1; i < devices.Count; i++)
        {
            var first = kinds.IndexOf(kinds[i]);
            var (against, isSameKind) = first < i ? (first, true) : (0, false);
            differences.AddRange(observations[i].Zip(observations[against])
                .Where(pair => isSameKind || pair.First.Tolerance < double.PositiveInfinity)
                .Select(pair => pair.First.From(pair.Second, names[i], names[against], isSameKind)));
        }

        return new(TModel.Description.Name, names, differences);
    }

    // What is asked for several times gets a number.
    private static IReadOnlyList<string> Distinct(IReadOnlyList<string> names) =>
        [.. names.Select((name, i) => names.Count(other => other == name) == 1 ? name : $"{name} #{names.Take(i + 1).Count(other => other == name)}")];
}
