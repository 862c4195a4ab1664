using Xunit;

namespace Intaglio.Compiler.Tests.Plans;

/// <summary>Emitted text does not grow with depth.</summary>
public sealed class EmittedLinesTests
{
    [Fact]
    public void Models_of_4_12_and_96_layers_have_the_same_number_of_lines_in_every_file()
    {
        static IEnumerable<(string, int)> Lines(int layers) =>
            Compiler.Compile(TestModel.Spec(layers: layers, dropout: 0.1f)).Select(file => (file.HintName, file.Text.Count(character => character == '\n')));

        Assert.Equal(Lines(4), Lines(12));
        Assert.Equal(Lines(4), Lines(96));
    }
}
