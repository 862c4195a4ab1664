using Intaglio.Compiler.Passes;
using Xunit;

namespace Intaglio.Compiler.Tests.Gradients;

/// <summary>The gradient of every parameter of whole models, along random directions, against differences of the forward graph's loss.</summary>
public sealed class ModelGradientTests
{
    // Derivatives along a direction of norm 1 are around 1e-1, the loss around 3. The differences are off by at most 4e-11 in the smooth models here and by 6e-10
    // where ReLU's kink forces a small step (see FiniteDifferences); less than twenty times that is allowed.
    private const double SmoothTolerance = 5e-10;
    private const double KinkedTolerance = 1e-8;

    public static TheoryData<string> Models => [.. ModelCases.ByName.Keys];

    [Theory]
    [MemberData(nameof(Models))]
    public void Gradients_agree_with_finite_differences(string model)
    {
        var item = ModelCases.ByName[model];
        var forward = item.Training();
        var call = item.Call();
        var kinked = HasKink(((DenseFeedForwardSpec)item.Spec.FeedForward).Activation.Formula);
        var gradients = GraphInterpreter.Run(Differentiate.Run(forward), call).Gradients;

        Assert.Equal(call.Parameters.Keys.Order(), gradients.Keys.Order());
        var numbers = new Numbers(17);
        foreach (var (name, gradient) in gradients)
        {
            for (var repetition = 0; repetition < 2; repetition++)
            {
                var direction = Unit(numbers.Normal(gradient.Sides));
                double Loss(double step) => call.LossScale * GraphInterpreter.Run(forward, call.With(name, call.Parameters[name].Plus(step, direction))).Output.Values.Sum();

                var difference = kinked ? FiniteDifferences.Kinked(Loss) : FiniteDifferences.Smooth(Loss);
                var tolerance = (kinked ? KinkedTolerance : SmoothTolerance) * (1 + Math.Abs(difference));
                Assert.True(Math.Abs(difference - gradient.Dot(direction)) <= tolerance, $"{name}: {gradient.Dot(direction):R}, by differences {difference:R}");
            }
        }
    }

    private static bool HasKink(Expression formula) => formula is Maximum or Minimum or Selection or Application(Function.Abs, _) || formula.Children().Any(HasKink);

    private static Tensor Unit(Tensor direction) => Tensor.Filled(direction.Sides, i => direction.Values[i] / direction.Norm());
}
