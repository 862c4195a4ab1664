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

    public static TheoryData<string> Models => [.. ModelCases.Trained.Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Gradients_agree_with_finite_differences(string model)
    {
        var item = ModelCases.ByName[model];
        var forward = item.Training();
        var call = WithoutPaddingTokens(item.Spec, item.Call());
        var kinked = item.Spec.Stacks.Any(stack => HasKink(((DenseFeedForwardSpec)stack.FeedForward).Activation.Formula));
        var gradients = GraphInterpreter.Run(Differentiate.Run(forward), call).Gradients;

        Assert.Equal(Trained(item.Spec), gradients.Keys.Order());
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

    // Where a lookup's gradient is left out on purpose, differences have nothing to say.
    private static Call WithoutPaddingTokens(ModelSpec spec, Call call) => new[] { "Tokens", "SourceTokens" }.Aggregate(call, (changed, name) =>
        changed.WithInput(name, Tensor.Filled(call.Inputs[name].Sides, i => call.Inputs[name].Values[i] is var token && token == spec.Embedding.PaddingToken ? token + 1 : token)));

    private static IEnumerable<string> Trained(ModelSpec spec) =>
        from parameter in Family.Of(spec).Parameters(spec).All
        where parameter.IsTrained
        from stored in parameter.Stored
        from layer in Enumerable.Range(0, Math.Max(1, TestModel.LayersOf(spec, parameter.Segment)))
        orderby TestModel.NameOf(stored, layer)
        select TestModel.NameOf(stored, layer);

    private static bool HasKink(Expression formula) => formula is Maximum or Minimum or Selection or Application(Function.Abs, _) || formula.Children().Any(HasKink);

    private static Tensor Unit(Tensor direction) => Tensor.Filled(direction.Sides, i => direction.Values[i] / direction.Norm());
}
