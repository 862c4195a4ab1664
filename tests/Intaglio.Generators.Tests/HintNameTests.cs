using Xunit;

namespace Intaglio.Generators.Tests;

/// <summary>Names of emitted files: legal, and no two alike.</summary>
public sealed class HintNameTests
{
    [Fact]
    public void Files_are_named_for_the_class() =>
        Assert.All(Project.Generate("using Intaglio; namespace App; [Decoder] partial class Story;"), file => Assert.StartsWith("App.Story.", file.HintName, StringComparison.Ordinal));

    [Fact]
    public void Class_with_many_attributes_and_parts_is_emitted_once()
    {
        var files = Project.Generate(
            "using Intaglio; [Transformer(HiddenSize = 64), Decoder] partial class Story;",
            "using Intaglio; [Attention(Heads = 2)] [FeedForward] partial class Story;",
            "using Intaglio; [BasedOn<Other>] partial class Story; [Decoder] partial class Other;");

        Assert.Equal(Project.Generate("using Intaglio; [Decoder] partial class One; [Decoder] partial class Two;").Count, files.Count);
        AssertDistinct(files);
    }

    [Fact]
    public void Classes_that_differ_in_case_alone_have_different_files() =>
        AssertDistinct(Project.Generate(
            """
            using Intaglio;
            [Decoder] partial class Story;
            [Decoder] partial class STORY;
            namespace App { [Decoder] partial class Story; }
            namespace app { [Decoder] partial class Story; }
            namespace A { partial class B { [Decoder] partial class C; } partial class b { [Decoder] partial class C; } }
            """));

    [Fact]
    public void Classes_of_one_name_in_different_places_have_different_files() =>
        AssertDistinct(Project.Generate(
            """
            using Intaglio;
            [Decoder] partial class Story;
            namespace App
            {
                [Decoder] partial class Story { [Decoder] partial class Inner; }
                partial struct First { [Decoder] partial class Story; }
                partial record Second { [Decoder] partial class Story; }
            }
            """));

    [Fact]
    public void Names_with_characters_that_files_do_not_allow_stay_apart() =>
        AssertDistinct(Project.Generate("using Intaglio; [Decoder] partial class A\u203fB; [Decoder] partial class A\u2040B; [Decoder] partial class @class;"));

    private static void AssertDistinct(IReadOnlyList<(string HintName, string Text)> files) =>
        Assert.Equal(files.Count, files.Select(file => file.HintName).Distinct(StringComparer.OrdinalIgnoreCase).Count());
}
