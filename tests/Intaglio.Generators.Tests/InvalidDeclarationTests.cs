using Xunit;

namespace Intaglio.Generators.Tests;

/// <summary>One mistake is one error: an invalid model keeps its members, so that code which uses it stays free of errors.</summary>
public sealed class InvalidDeclarationTests
{
    private const string User =
        """
        using Intaglio;

        internal static class User
        {
            public static long Use(Device device)
            {
                using var model = Story.Create(device, seed: 42);
                using var loaded = Story.Load("story/", device);
                return Train<Story>() + Generate<Story>() + model.Weights.Bytes + loaded.Description.Layers + Story.HiddenSize + Story.ContextLength + Story.VocabularySize + Story.Layers + Story.Heads + Story.ParameterCount;
            }

            private static int Train<T>() where T : LanguageModel, ITrainable<T> => T.Description.Layers;

            private static int Generate<T>() where T : LanguageModel, ILanguageModel<T> => T.Description.ContextLength;
        }
        """;

    [Theory]
    [InlineData("INTG004", "[Transformer] internal sealed partial class Story;")]
    [InlineData("INTG004", "[Attention] internal sealed partial class Story;")]
    [InlineData("INTG005", "[Decoder(Layers = 0)] internal sealed partial class Story;")]
    [InlineData("INTG006", "[Decoder, Attention(Heads = 7)] internal sealed partial class Story;")]
    [InlineData("INTG007", "[Decoder, Attention(Dropout = 2)] internal sealed partial class Story;")]
    [InlineData("INTG008", "[Decoder, Normalization(Epsilon = -1)] internal sealed partial class Story;")]
    [InlineData("INTG009", "[Decoder, FeedForward(Activation = (Activation)77)] internal sealed partial class Story;")]
    [InlineData("INTG010", "[Decoder, Precision(INT8)] internal sealed partial class Story;")]
    [InlineData("INTG012", "[Decoder] internal abstract partial class Story;")]
    [InlineData("INTG014", "[BasedOn<Story>] internal sealed partial class Story;")]
    [InlineData("INTG015", "[BasedOn<string>] internal sealed partial class Story;")]
    [InlineData("INTG016", "[Transformer(HiddenSize = int.MaxValue), Decoder] internal sealed partial class Story;")]
    [InlineData("INTG017", "[Decoder] internal sealed partial class Story { private const int Parameters = 1; }")]
    public async Task Code_that_uses_an_invalid_model_has_no_error_of_its_own(string id, string model)
    {
        var diagnostics = await Project.BuildAsync("using Intaglio;\n" + model, User);
        Assert.True(diagnostics.Count == 1 && diagnostics[0].Id == id, Project.Describe(diagnostics));
    }

    [Fact]
    public async Task Class_that_is_not_partial_has_the_two_errors_that_name_it_and_no_more()
    {
        var diagnostics = await Project.BuildAsync("using Intaglio;\n[Decoder] internal sealed class Story;", User);
        Assert.Equal(["CS0260", "INTG001"], diagnostics.Select(diagnostic => diagnostic.Id).Order());
    }

    [Fact]
    public async Task Code_that_uses_a_valid_model_has_no_error()
    {
        var diagnostics = await Project.BuildAsync("using Intaglio;\n[Decoder] internal sealed partial class Story;", User);
        Assert.True(diagnostics.Count == 0, Project.Describe(diagnostics));
    }
}
