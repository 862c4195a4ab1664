using System.Text;
using System.Text.Json;
using Intaglio.Generators.Parsing.Json;
using Xunit;

namespace Intaglio.Generators.Tests.Json;

/// <summary>The generator's reader of JSON against System.Text.Json, and text that no writer meant.</summary>
public sealed class JsonReaderTests
{
    [Theory]
    [InlineData("""{"a": [1, -0.5e+3, true, false, null, "x\u00e9\ud83d\ude00\n"], "b": {}, "": []}""")]
    [InlineData(" \t\r\n 0 ")]
    [InlineData("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"")]
    public void Value_is_what_System_Text_Json_reads(string text)
    {
        var (value, fault) = JsonReader.Read(text);
        Assert.Null(fault);
        using var expected = JsonDocument.Parse(text);
        AssertEqual(expected.RootElement, value!, text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1,]")]
    [InlineData("{\"a\" 1}")]
    [InlineData("{a: 1}")]
    [InlineData("'a'")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1e")]
    [InlineData("-")]
    [InlineData("tru")]
    [InlineData("nul l")]
    [InlineData("NaN")]
    [InlineData("\"a")]
    [InlineData("\"\\x\"")]
    [InlineData("\"\\u12\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"a\nb\"")]
    [InlineData("\0")]
    [InlineData("{} {}")]
    [InlineData("/* */ 1")]
    [InlineData("\u00a01")]
    [InlineData("{\"a\": 1, \"\\u0061\": 2}")]
    public void Text_that_is_no_JSON_ends_in_a_fault_inside_of_it(string text) => AssertFault(text);

    [Fact]
    public void Depth_and_length_are_bounded()
    {
        Assert.NotNull(JsonReader.Read(Nested(JsonReader.MaximumDepth)).Value);
        AssertFault(Nested(JsonReader.MaximumDepth + 1));
        AssertFault(new('[', 1_000_000));
        Assert.Contains("at most", JsonReader.Read(new(' ', JsonReader.MaximumLength + 1)).Fault!.Expected, StringComparison.Ordinal);

        static string Nested(int depth) => new string('[', depth) + new string(']', depth);
    }

    /// <summary>Every text within one edit of a valid one: both readers agree on whether it is JSON.</summary>
    [Fact]
    public void Every_single_edit_of_a_text_ends_as_in_System_Text_Json()
    {
        const string Text = """{"a": [1.5e3, "\u0041", null], "b": {"c": true}}""";
        foreach (var character in "{}[]\",:\\0.e-ntx \n\u00e9")
        {
            for (var at = 0; at < Text.Length; at++)
            {
                AssertAgrees(Text.Remove(at, 1));
                AssertAgrees(Text.Insert(at, $"{character}"));
                AssertAgrees(Text.Remove(at, 1).Insert(at, $"{character}"));
            }
        }
    }

    private static void AssertAgrees(string text)
    {
        bool isJson;
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(text), new() { AllowDuplicateProperties = false });
            isJson = true;
        }
        catch (JsonException)
        {
            isJson = false;
        }

        Assert.True(isJson == JsonReader.Read(text).Value is not null, text);
    }

    private static void AssertFault(string text)
    {
        var (value, fault) = JsonReader.Read(text);
        Assert.Null(value);
        Assert.InRange(fault!.Span.End, 0, text.Length);
        Assert.NotEmpty(fault.Expected);
    }

    private static void AssertEqual(JsonElement expected, JsonValue actual, string text)
    {
        Assert.Equal(expected.GetRawText(), text.Substring(actual.Span.Start, actual.Span.Length));
        switch (actual)
        {
            case JsonObject own:
                Assert.Equal(expected.EnumerateObject().Select(member => member.Name), own.Members.Select(member => member.Key));
                Assert.All(expected.EnumerateObject().Zip(own.Members), pair => AssertEqual(pair.First.Value, pair.Second.Value, text));
                break;
            case JsonArray own:
                Assert.Equal(expected.GetArrayLength(), own.Items.Count);
                Assert.All(expected.EnumerateArray().Zip(own.Items), pair => AssertEqual(pair.First, pair.Second, text));
                break;
            case JsonString own:
                Assert.Equal(expected.GetString(), own.Value);
                break;
            default:
                Assert.Equal(expected.GetRawText(), actual.Describe());
                break;
        }
    }
}
