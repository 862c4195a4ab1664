using Xunit;

namespace Intaglio.Compiler.Tests.Plans;

/// <summary>Emitted text does not grow with depth.</summary>
public sealed class EmittedLinesTests
{
    public static TheoryData<string> Models => [.. ModelCases.ByName.Where(pair => pair.Value.Spec.Stacks.All(stack => stack.Layers > 1)).Select(pair => pair.Key)];

    [Fact]
    public void Models_of_4_12_and_96_layers_have_the_same_number_of_lines_in_every_file()
    {
        static IEnumerable<(string, int)> Lines(int layers) => LinesOf(TestModel.Spec(layers: layers, dropout: 0.1f));

        Assert.Equal(Lines(4), Lines(12));
        Assert.Equal(Lines(4), Lines(96));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_model_of_twice_the_layers_has_the_same_number_of_lines(string model)
    {
        var spec = ModelCases.ByName[model].Spec;

        Assert.Equal(LinesOf(spec), LinesOf(spec.InEveryStack(stack => stack with { Layers = 2 * stack.Layers })));
    }

    private static IEnumerable<(string File, int Lines)> LinesOf(ModelSpec spec) => Compiler.Compile(spec).Select(file => (file.HintName, file.Text.Count(character => character == '\n')));
}
