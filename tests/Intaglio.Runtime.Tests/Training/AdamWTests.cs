using System.Text.Json;
using Intaglio.Numerics;
using Intaglio.Runtime.Tests.Checkpoints;
using Xunit;

namespace Intaglio.Runtime.Tests.Training;

public class AdamWTests
{
    [Theory]
    [InlineData(0f)]
    [InlineData(0.05f)]
    public void Steps_follow_the_paper(float clipNorm)
    {
        using var device = new NaiveDevice();
        using var model = TinyGpt.Create(device, seed: 3);
        var options = new TrainerOptions
        {
            Steps = 10, BatchSize = 2, ContextLength = 8, LearningRate = 1e-2f, MinimumLearningRate = 1e-3f, WarmupSteps = 2, WeightDecay = 0.3f, Beta2 = 0.99f, ClipNorm = clipNorm,
        };
        using var trainer = new Trainer<TinyGpt>(model, options);
        var parameters = Model<TinyGpt>.Description.Parameters.Parameters().ToArray();
        var weights = parameters.Select(parameter => model.ReadParameter(parameter.Name).Select(value => (double)value).ToArray()).ToArray();
        var first = weights.Select(values => new double[values.Length]).ToArray();
        var second = weights.Select(values => new double[values.Length]).ToArray();

        for (var t = 1; t <= 4; t++)
        {
            var step = trainer.Step(Sequences.Random(16, (ulong)t), Sequences.Random(16, (ulong)t + 100));
            var gradients = parameters.Select(parameter => trainer.ReadGradient(parameter.Name)).ToArray();
            var norm = Math.Sqrt(gradients.Sum(values => values.Sum(value => (double)value * value)));
            var scale = clipNorm > 0 ? Math.Min(1, clipNorm / (norm + 1e-6)) : 1;
            Assert.Equal(norm, step.GradientNorm, 1e-9);
            Assert.True(clipNorm == 0 || norm > clipNorm, "the gradient must be large enough to be clipped");

            for (var p = 0; p < parameters.Length; p++)
            {
                var decay = parameters[p].Entry.Group == ParameterGroup.Decayed ? 0.3 : 0;
                for (var i = 0; i < weights[p].Length; i++)
                {
                    var g = gradients[p][i] * scale;
                    first[p][i] = (0.9 * first[p][i]) + (0.1 * g);
                    second[p][i] = (0.99 * second[p][i]) + (0.01 * g * g);
                    var update = first[p][i] / (1 - Math.Pow(0.9, t)) / (Math.Sqrt(second[p][i] / (1 - Math.Pow(0.99, t))) + 1e-8);
                    weights[p][i] -= step.LearningRate * (update + (decay * weights[p][i]));
                }
            }
        }

        // Four float steps of at most 1e-2 with β₂ = 0.99f, whose 1 - β₂ᵗ has a relative error of 1e-5 or so: 1e-6 is ten times what they add up to.
        for (var p = 0; p < parameters.Length; p++)
            Assert.All(model.ReadParameter(parameters[p].Name).Zip(weights[p]), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
    }

    [SkippableFact]
    public void The_published_Adam_case_is_met()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(SharedData.Find("onnx-node-cases/test_adam.json")));
        float[] Values(string side, string name) => [.. json.RootElement.GetProperty(side).GetProperty(name).GetProperty("values").EnumerateArray().Select(value => value.GetSingle())];
        float Attribute(string name) => json.RootElement.GetProperty("nodes")[0].GetProperty("attributes").GetProperty(name).GetSingle();

        using var device = new NaiveDevice();
        using var execution = device.CreateExecution(typeof(AdamWTests));
        using var weights = Bound(Region.Weights, Values("inputs", "X"));
        using var first = Bound(Region.FirstMoments, Values("inputs", "V"));
        using var second = Bound(Region.SecondMoments, Values("inputs", "H"));

        // ONNX's norm_coefficient is coupled decay: it joins the gradient. At T = 0 it corrects no bias.
        var penalty = Attribute("norm_coefficient");
        using var gradients = Bound(Region.Gradients, [.. Values("inputs", "G").Zip(Values("inputs", "X"), (g, x) => g + (penalty * x))]);
        var step = new AdamWStep(Values("inputs", "R")[0], Attribute("alpha"), Attribute("beta"), Attribute("epsilon"), WeightDecay: 0, Correction1: 1, Correction2: 1, GradientScale: 1);
        execution.AdamW(0, 2, step);

        // Values of the order of 1 in float.
        AssertClose(Values("outputs", "X_new"), weights);
        AssertClose(Values("outputs", "V_new"), first);
        AssertClose(Values("outputs", "H_new"), second);

        DeviceBuffer Bound(Region region, float[] values)
        {
            var buffer = device.Allocate(values.Length * sizeof(float));
            buffer.Write<float>(values);
            execution.Bind(region, buffer);
            return buffer;
        }

        static void AssertClose(float[] expected, DeviceBuffer buffer)
        {
            var actual = new float[expected.Length];
            buffer.Read<float>(actual);
            for (var i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], actual[i], 1e-6f);
        }
    }

    [Fact]
    public void Ranges_merge_neighbours_of_one_group_and_cover_every_parameter()
    {
        var table = Model<TinyGpt>.Description.Parameters;

        var ranges = ParameterRanges.Of(table);

        Assert.All(ranges.Zip(ranges.Skip(1)), pair => Assert.NotEqual(pair.First.Group, pair.Second.Group));
        Assert.All(ranges.Zip(ranges.Skip(1)), pair => Assert.True(pair.First.Start + pair.First.Count <= pair.Second.Start));
        foreach (var (entry, _, offset) in table.Parameters())
            Assert.Contains(ranges, range => range.Group == entry.Group && range.Start <= offset && offset + entry.Count <= range.Start + range.Count);
    }
}
