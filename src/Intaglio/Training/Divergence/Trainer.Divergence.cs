using System.Globalization;
using Intaglio.Numerics;

namespace Intaglio;

/// <content>What to say of a step whose loss or gradient is not finite.</content>
public sealed partial class Trainer<TModel>
{
    // The weights have not been touched, so that the same step runs again, this time with a look at what each launch has written.
    private DivergedException Diverged(double loss)
    {
        var (launch, cause) = FirstNotFinite();
        var message = string.Create(
            CultureInfo.InvariantCulture,
            $"Training diverged at step {CompletedSteps + 1}: the loss is {loss}, the gradient's norm {GradientNorm}. {cause} The weights are still those after step {CompletedSteps}; {WhereToGoOn}. Use a lower LearningRate, a longer warm-up, or a lower ClipNorm.");
        return new(CompletedSteps + 1, launch, LastCheckpoint, message);
    }

    internal (string? Launch, string Cause) FirstNotFinite()
    {
        if (FirstParameterNotFinite() is { } parameter)
            return (null, $"The weights themselves were not finite before the step: {parameter}.");

        _gradients.Clear();
        for (var micro = 0; micro < Options.GradientAccumulation; micro++)
        {
            PrepareMicroBatch(micro);
            var inspector = Inspector();
            var action = new InspectedAction(_shape, (float)(1.0 / _host.CountTargets()), inspector);
            _execution.Run(ref action);
            if (inspector.Fault is var (launch, element))
                return (launch, $"The first result that is not finite: {launch}, {element}.");
        }

        return (null, "Every launch has finite results; squares of the gradient overflow.");
    }

    private string? FirstParameterNotFinite()
    {
        var inspector = Inspector();
        return (
            from parameter in _model.Description.Parameters.Parameters()
            let width = parameter.Entry.Shape[^1]
            let element = inspector.FirstNotFinite(new(parameter.Name, new(Region.Weights, parameter.Offset * sizeof(float)), parameter.Entry.Count / width, width))
            where element is not null
            select $"{parameter.Name}, {element}").FirstOrDefault();
    }

    private LaunchInspector Inspector() => new(
        new Dictionary<Region, DeviceBuffer>
        {
            [Region.Weights] = _model.Weights,
            [Region.Gradients] = _gradients,
            [Region.Arena] = _arena,
            [Region.Batch] = _batch,
        },
        _model.Description.Layers);

    private readonly struct InspectedAction(BatchShape shape, float lossScale, LaunchInspector inspector) : ITargetAction
    {
        public void Invoke<TTarget>(in TTarget on)
            where TTarget : struct, ITarget
        {
            var inspected = new InspectedTarget<TTarget>(on, inspector);
            TModel.Forward(inspected, shape, lossScale);
            inspector.IsBackward = true;
            TModel.Backward(inspected, shape);
        }
    }
}
