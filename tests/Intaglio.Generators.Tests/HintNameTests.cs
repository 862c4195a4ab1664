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

    [Fact]
    public void Model_inside_a_model_may_be_called_like_a_file_of_it() =>
        AssertDistinct(Project.Generate("using Intaglio; [Decoder] partial class Story { [Decoder] partial class Forward; [Decoder] partial class Arena; }"));

    [Fact]
    public void Names_that_file_systems_do_not_allow_for_their_length_are_shortened_and_stay_apart()
    {
        var name = new string('A', 300);
        var files = Project.Generate($"using Intaglio; [Decoder] partial class {name}; [Decoder] partial class {name}B; namespace {name}C.D {{ [Decoder] partial class E; }}");

        AssertDistinct(files);
        Assert.All(files, file => Assert.True(file.HintName.Length <= 140, file.HintName));
    }

    [Fact]
    public void Files_of_a_class_stand_together_when_sorted()
    {
        var files = Project.Generate(
            $$"""
            using Intaglio;
            [Decoder] partial class Story;
            [Decoder] partial class STORY;
            [Decoder] partial class Story2 { [Decoder] partial class Inner; [Decoder] partial class Forward; }
            [Decoder] partial class {{new string('S', 200)}};
            namespace App { [Decoder] partial class Story { [Decoder] partial class Inner; } [Decoder] partial class StoryTeller; }
            namespace app { [Decoder] partial class Story; }
            namespace App.Stories { partial struct Outer { [Decoder] partial class Story; } }
            """);
        const int Models = 11;

        foreach (var order in new[] { StringComparer.Ordinal, StringComparer.OrdinalIgnoreCase })
        {
            var classes = files.Select(file => file.HintName).Order(order).Select(ClassOf).ToList();
            var changes = classes.Zip(classes.Skip(1)).Count(pair => pair.First != pair.Second);
            Assert.Equal(Models, classes.Distinct().Count());
            Assert.Equal(Models - 1, changes);
        }
    }

    // App.Story.Forward.g.cs, and App.Story.g.cs
    private static string ClassOf(string hintName)
    {
        var name = hintName[..^".g.cs".Length];
        var part = new[] { ".Arena", ".Backward", ".Forward", ".Fusions", ".Inference", ".Kernels", ".Parameters", ".Shapes" }.SingleOrDefault(part => name.EndsWith(part, StringComparison.Ordinal));
        return name[..^(part ?? "").Length];
    }

    private static void AssertDistinct(IReadOnlyList<(string HintName, string Text)> files) =>
        Assert.Equal(files.Count, files.Select(file => file.HintName).Distinct(StringComparer.OrdinalIgnoreCase).Count());
}
