using System.Globalization;

namespace Intaglio.Testing;

/// <summary>
/// Holds a model's gradients against differences of its losses. For every tensor W, and directions d of a random sign for each of its elements,
/// L(W + h·d) - L(W - h·d), as the forward pass has it, is to be the integral of gradient(W + t·d) · d over t from -h to h, as the backward pass has it.
/// </summary>
/// <remarks>
/// It shows that the backward pass is the derivative of the forward pass, on the device, dropout included: a wrong sign, a term or an element left out of
/// a gradient, a wrong factor. It cannot show that the forward pass is what was meant, nor errors below the tolerance (in a large embedding, those of
/// a token or two), nor those of a gradient so small that the rounding of the losses hides it; the report says of each tensor from which error on it would have
/// shown. Each direction takes eighteen training steps; check a copy of a large model that has fewer layers and smaller sizes.
/// </remarks>
public static class GradientCheck
{
    /// <summary>Checks a model's gradients on the CPU.</summary>
    /// <inheritdoc cref="Run{TModel}(Device, GradientCheckOptions?)"/>
    public static GradientCheckResult Run<TModel>(GradientCheckOptions? options = null)
        where TModel : LanguageModel, ITrainable<TModel>
    {
        using var device = Device.Cpu();
        return Run<TModel>(device, options);
    }

    /// <summary>Checks a model's gradients on a device.</summary>
    /// <typeparam name="TModel">The model's class.</typeparam>
    /// <param name="device">The device.</param>
    /// <param name="options">What to check; null for the defaults.</param>
    /// <returns>Each tensor's slopes; <see cref="GradientCheckResult.ThrowIfFailed"/> makes an assertion of it.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="CheckpointException">The checkpoint is not this model's.</exception>
    /// <exception cref="IntaglioException">The loss is not a finite number.</exception>
    public static GradientCheckResult Run<TModel>(Device device, GradientCheckOptions? options = null)
        where TModel : LanguageModel, ITrainable<TModel>
    {
        ArgumentNullException.ThrowIfNull(device);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Directions, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Tolerance);

        using var model = Subject.Create<TModel>(device, options.Checkpoint, options.Seed);
        var batch = Subject.Batch(TModel.Description, options.BatchSize, options.ContextLength, options.Seed);
        using var losses = new LossSurface<TModel>(model, batch, options.Seed);
        if (!double.IsFinite(losses.Center))
            throw new IntaglioException(string.Create(CultureInfo.InvariantCulture, $"The loss of {TModel.Description.Name} is {losses.Center}; its gradients cannot be checked. Its weights are damaged, or its activations overflow."));

        var random = Subject.Random(options.Seed);
        var noise = losses.Noise(random);
        var tensors = LossSurface<TModel>.Trained.Select(parameter =>
            new TensorGradient(parameter.Name, losses.GradientNorm(parameter), [.. Enumerable.Range(0, options.Directions).Select(_ => losses.SlopeAlong(parameter, random, noise))], options.Tolerance));
        return new(TModel.Description.Name, $"{device}", losses.Center, noise, [.. tensors]);
    }
}
