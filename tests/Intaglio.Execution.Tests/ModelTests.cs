using Intaglio.Compiler;
using Intaglio.Compiler.Tests;
using Xunit;
using Xunit.Abstractions;

namespace Intaglio.ExecutionTests;

/// <summary>Emitted models on every target against the interpreter in double precision.</summary>
[Collection(TargetsCollection.Name)]
public sealed class ModelTests(Targets targets, ITestOutputHelper output)
{
    public static TheoryData<string> Models => [.. Subjects.All.Select(subject => subject.Name)];

    public static TheoryData<string, string> TrainableModels => OnTargets(Subjects.All.Where(subject => subject.Trains));

    public static TheoryData<string, string> AllModels => OnTargets(Subjects.All);

    [Theory]
    [MemberData(nameof(Models))]
    public void Class_has_the_sizes_and_tensors_that_its_attributes_say(string name)
    {
        var subject = Subjects.Named(name);
        var (spec, description) = (subject.Spec, subject.Description);
        object Constant(string field) => subject.Model.GetField(field)!.GetRawConstantValue()!;

        Assert.Equal(spec.HiddenSize, Constant("HiddenSize"));
        Assert.Equal(spec.ContextLength, Constant("ContextLength"));
        Assert.Equal(spec.VocabularySize, Constant("VocabularySize"));
        Assert.Equal(spec.Main.Layers, Constant(spec.IsEncoderDecoder ? "DecoderLayers" : "Layers"));
        Assert.Equal(spec.Main.Attention.Heads, Constant("Heads"));
        if (spec.IsEncoderDecoder)
            Assert.Equal(spec.Encoder!.Layers, Constant("EncoderLayers"));

        Assert.Equal($"{spec.Format}", $"{description.Format}");
        Assert.Equal(description.Parameters.ParameterCount, Constant("ParameterCount"));

        var expected = TestModel.Weights(spec);
        Assert.Equal(
            expected.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}"),
            description.Parameters.Parameters().OrderBy(parameter => parameter.Name, StringComparer.Ordinal).Select(parameter => $"{parameter.Name} [{string.Join(", ", parameter.Entry.Shape)}]"));
        Assert.Equal(
            Family.Of(spec).Configuration(spec).Select(key => key.Key),
            description.Configuration.Select(entry => entry.Key));
        foreach (var (key, entry) in Family.Of(spec).Configuration(spec).Zip(description.Configuration))
            Assert.Equal(Written(key.Value), entry.Value);

        static object? Written(object? value) => value switch
        {
            float number => (double)(decimal)number,
            KeyValueList list => list.Pairs.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)).ToArray(),
            _ => value,
        };
    }

    [SkippableTheory]
    [MemberData(nameof(TrainableModels))]
    public void Loss_and_gradients_are_the_interpreters(string target, string name)
    {
        var subject = Subjects.Named(name);

        var errors = targets.TrainingErrors(target, subject);

        output.WriteLine($"{name} on {target}: loss {errors.Loss:0.0e+0}, gradients {errors.Gradient:0.0e+0}");
        Assert.True(errors.AreWithin(subject.Tolerance), $"{errors} is not within {subject.Tolerance}");
    }

    [SkippableTheory]
    [MemberData(nameof(AllModels))]
    public void Results_of_whole_sequences_and_of_single_tokens_are_the_interpreters(string target, string name)
    {
        var subject = Subjects.Named(name);

        var errors = targets.ResultErrors(target, subject);

        output.WriteLine($"{name} on {target}: results {errors.Result:0.0e+0}");
        Assert.True(errors.AreWithin(subject.Tolerance), $"{errors} is not within {subject.Tolerance}");
    }

    private static TheoryData<string, string> OnTargets(IEnumerable<Subject> subjects)
    {
        var data = new TheoryData<string, string>();
        foreach (var (target, subject) in Targets.All.SelectMany(_ => subjects, (target, subject) => (target, subject)))
        {
            if (Subjects.IsTried(subject, target))
                data.Add(target, subject.Name);
        }

        return data;
    }
}
