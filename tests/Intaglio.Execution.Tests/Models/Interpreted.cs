using Intaglio.Compiler;
using Intaglio.Compiler.Passes;
using Intaglio.Compiler.Tests;
using Intaglio.Numerics;

namespace Intaglio.ExecutionTests;

using Tensor = Compiler.Tests.Tensor;

/// <summary>What models compute according to the interpreter.</summary>
internal static class Interpreted
{
    /// <summary>What a model's weights are on its device, after rounding.</summary>
    public static Dictionary<string, Tensor> Weights(LanguageModel model) => model.Description.Parameters.Parameters().ToDictionary(
        parameter => parameter.Name, parameter => new Tensor(parameter.Entry.Shape, [.. model.ReadParameter(parameter.Name).Select(value => (double)value)]));

    /// <summary>Losses and gradients, by the graph as differentiation leaves it.</summary>
    public static Outcome Step(ModelSpec spec, Call call) => GraphInterpreter.Run(Differentiate.Run(ModelGraph.Training(spec, Family.Of(spec).Parameters(spec))), call);

    /// <summary>The losses alone.</summary>
    public static Tensor Losses(ModelSpec spec, Call call) => GraphInterpreter.Run(ModelGraph.Training(spec, Family.Of(spec).Parameters(spec)), call).Output;

    /// <summary>What a model makes of a batch: logits by the graph of training, in which nothing is cached, or a sentence's vector.</summary>
    public static Tensor Result(ModelSpec spec, Call call) => spec.Head is SentenceEmbeddingHeadSpec
        ? GraphInterpreter.Run(ModelGraph.Inference(spec, Family.Of(spec).Parameters(spec)), call).Output
        : TestModel.TrainingLogits(spec, call);

    /// <summary>Dropout of one micro-batch, from the same stream as the library's.</summary>
    public static Keep Dropout(ulong seed, ulong step) => (site, element, rate) =>
    {
        if (rate == 0)
            return 1;

        var single = (float)rate;
        return RandomStream.For(seed, step, (uint)site)[(uint)element] < RandomStream.DropThreshold(single) ? 0 : 1 / (1 - single);
    };
}
