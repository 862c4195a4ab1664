using System.Text;
using static Intaglio.Runtime.Tests.Checkpoints.HostileFile;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>Files in the place of a character tokenizer's.</summary>
internal static class CharacterFiles
{
    private static readonly Complaint NotJson = Complaint.Text("not valid JSON");
    private static readonly Complaint NotCharacters = Complaint.Text("expected a JSON object whose key \"characters\" is an array of characters");

    public static IReadOnlyList<HostileFile> All { get; } =
    [
        Fails("empty file", "", NotJson),
        Fails("an array", "[\"a\"]", NotCharacters),
        Fails("null", "null", NotCharacters),
        Fails("no characters", "{}", NotCharacters),
        Fails("characters that are null", "{\"characters\":null}", NotCharacters),
        Fails("characters that are text", "{\"characters\":\"ab\"}", NotCharacters),
        Fails("characters that are an object", "{\"characters\":{\"a\":0}}", NotCharacters),
        Fails("an empty list", "{\"characters\":[]}", NotCharacters),
        Fails("characters twice", "{\"characters\":[\"a\"],\"characters\":[\"b\"]}", NotJson),
        Fails("two characters in one", "{\"characters\":[\"a\",\"bc\"]}", Complaint.Text("\"characters\"[1] is \"bc\", expected a string of one character")),
        Fails("a letter with a combining accent", "{\"characters\":[\"e\u0301\"]}", Complaint.Text("\"characters\"[0] is \"e\u0301\"")),
        Fails("no character", "{\"characters\":[\"\"]}", Complaint.Text("\"characters\"[0] is \"\"")),
        Fails("a number", "{\"characters\":[1]}", Complaint.Text("\"characters\"[0] is 1,")),
        Fails("a null among them", "{\"characters\":[\"a\",null]}", Complaint.Text("\"characters\"[1] is null")),
        Fails("a list among them", "{\"characters\":[[\"a\"]]}", Complaint.Text("\"characters\"[0] is [\"a\"]")),
        Fails("a character twice", "{\"characters\":[\"a\",\"b\",\"a\"]}", Complaint.Text("'a' (U+0061) twice")),
        Fails("a character twice, once escaped", "{\"characters\":[\"\\n\",\"\\u000a\"]}", Complaint.Text("U+000A twice")),
        Fails("half a surrogate pair", "{\"characters\":[\"\\ud800\"]}", NotJson),
        Fails("surrogates in the wrong order", "{\"characters\":[\"\\udc00\\ud800\"]}", NotJson),
        Fails("bytes that are not UTF-8", () => [.. "{\"characters\":[\""u8, 0xC3, .. "\"]}"u8], Complaint.Text("save it as UTF-8")),
        Fails("UTF-16", () => Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("{\"characters\":[\"a\"]}")).ToArray(), Complaint.Text("save it as UTF-8")),
        Fails("a trailing comma", "{\"characters\":[\"a\",]}", NotJson),
        Fails("a word cut by a line break, which the parser quotes", "{\"characters\":nu\nll}", Complaint.Text("'nu\\u000all}' is an invalid JSON literal")),
        Fails("a comment", "{\"characters\":[\"a\"]/**/}", NotJson),
        Fails("deep nesting", "{\"characters\":" + new string('[', 100_000), NotJson),
        Fails("a megabyte of a character", $"{{\"characters\":[\"{new string('a', 1 << 20)}\"]}}", Complaint.Text($"\"characters\"[0] is \"{new string('a', 99)}..., expected")),
        Fails("more than is read", () => new byte[(32 << 20) + 1], Complaint.Text("it has 33554433 bytes")),
        Loads("byte order mark", "\uFEFF{\"characters\":[\"a\"]}"),
        Loads("keys that are not read", "{\"by\":{\"x\":[]},\"characters\":[\"a\"],\"version\":1e999}"),
        Loads("the last character of Unicode", "{\"characters\":[\"\\udbff\\udfff\",\"\\u0000\"]}"),
        Loads("all of Unicode", () => Encoding.UTF8.GetBytes($"{{\"characters\":[{string.Join(',', Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(value => value < 0x10000 ? $"\"\\u{value:x4}\"" : $"\"{new Rune(value)}\""))}]}}")),
    ];
}
