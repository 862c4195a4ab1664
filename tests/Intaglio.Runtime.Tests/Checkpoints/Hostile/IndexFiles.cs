using System.Text;
using static Intaglio.Runtime.Tests.Checkpoints.HostileFile;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>Files in the place of a model.safetensors.index.json.</summary>
internal static class IndexFiles
{
    private const string Map = """
        "weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}
        """;

    private const string Plain = "the name of a file beside the index, never a path";
    private const string Files = "an object that names the file of each tensor";
    private const string Total = "a whole number of bytes";

    private static readonly Complaint NotJson = Complaint.Json(null);

    public static IReadOnlyList<HostileFile> All { get; } =
    [
        // The text.
        Fails("empty file", "", NotJson),
        Fails("an array", "[]", new(null, "a JSON object", "[]", "expected a JSON object, found []")),
        Fails("null", "null", new(null, "a JSON object", "null", "expected a JSON object, found null")),
        Fails("cut in the middle", $"{{{Map}", NotJson),
        Fails("zeros behind", $"{{{Map}}}\0\0", NotJson),
        Fails("a comment", $"{{/**/{Map}}}", NotJson),
        Fails("a trailing comma", $"{{{Map},}}", NotJson),
        Fails("UTF-16", () => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes($"{{{Map}}}")], Complaint.Json(null, "save it as UTF-8")),
        Fails("half a surrogate pair in a tensor's name", """{"weight_map":{"\ud800":"a"}}""", NotJson),
        Fails("half a surrogate pair in a file's name", """{"weight_map":{"a":"\ud800"}}""", NotJson),
        Fails("deep nesting", "{\"x\":" + new string('[', 100_000), NotJson),
        Fails("more than is read", () => new byte[(32 << 20) + 1], new(null, "a readable file", "it has 33554433 bytes; at most 33554432 are read", "cannot be read: it has 33554433 bytes")),
        Loads("byte order mark", () => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes($"{{{Map}}}")]),

        // The map.
        Fails("no map", "{}", new("weight_map", Files, "nothing")),
        Fails("a map in capitals", """{"WEIGHT_MAP":{"a":"a"}}""", new("weight_map", Files, "nothing")),
        Fails("an empty map", """{"weight_map":{}}""", new("weight_map", Files, "{}")),
        Fails("a map that is null", """{"weight_map":null}""", new("weight_map", Files, "null")),
        Fails("a map that is a list", """{"weight_map":["a"]}""", new("weight_map", Files, "[\"a\"]")),
        Fails("a map twice", $"{{{Map},{Map}}}", NotJson),
        Fails("a tensor twice", """{"weight_map":{"a":"x","a":"x"}}""", NotJson),
        Fails("a tensor twice, once escaped", """{"weight_map":{"a":"x","\u0061":"y"}}""", NotJson),
        Fails("a file that is a number", """{"weight_map":{"a":1}}""", new("weight_map.a", "a file's name", "1")),
        Fails("a file that is null", """{"weight_map":{"a":null}}""", new("weight_map.a", "a file's name", "null")),
        Fails("a file that is an object", """{"weight_map":{"a":{"file":"x"}}}""", new("weight_map.a", "a file's name", "{\"file\":\"x\"}")),
        Fails("a megabyte of tensor's name", $$$"""{"weight_map":{"{{{new string('n', 1 << 20)}}}":1}}""", new($"weight_map.{new string('n', 1 << 20)}", "a file's name", "1", $"weight_map.{new string('n', 89)}...: expected")),
        Fails("a tensor's name with a terminal's escape sequence", """{"weight_map":{"\u001b[31m":1}}""", new("weight_map.\u001b[31m", "a file's name", "1", "weight_map.\\u001b[31m: expected")),
        Loads("one file for all", """{"weight_map":{"a":"x.safetensors","b":"x.safetensors"}}"""),
        Loads("a tensor without a name", """{"weight_map":{"":"x.safetensors"}}"""),
        Loads("a tensor whose name is a path", """{"weight_map":{"../../etc/passwd":"x.safetensors"}}"""),
        Loads("100,000 tensors of one file", () => Encoding.UTF8.GetBytes($"{{\"weight_map\":{{{string.Join(',', Enumerable.Range(0, 100_000).Select(tensor => $"\"{tensor:x}\":\"x\""))}}}}}")),
        Loads("100,000 files", () => Encoding.UTF8.GetBytes($"{{\"weight_map\":{{{string.Join(',', Enumerable.Range(0, 100_000).Select(tensor => $"\"{tensor:x}\":\"{tensor:x}\""))}}}}}")),

        // Names of files.
        Fails("an empty name", """{"weight_map":{"a":""}}""", new("weight_map.a", Plain, "\"\"")),
        Fails("the directory itself", """{"weight_map":{"a":"."}}""", new("weight_map.a", Plain, "\".\"")),
        Fails("the directory above", """{"weight_map":{"a":".."}}""", new("weight_map.a", Plain, "\"..\"")),
        Fails("a file above", """{"weight_map":{"a":"../x.safetensors"}}""", new("weight_map.a", Plain, "\"../x.safetensors\"")),
        Fails("a file below", """{"weight_map":{"a":"x/y.safetensors"}}""", new("weight_map.a", Plain, "\"x/y.safetensors\"")),
        Fails("an absolute path", """{"weight_map":{"a":"/etc/passwd"}}""", new("weight_map.a", Plain, "\"/etc/passwd\"")),
        Fails("a path of Windows", """{"weight_map":{"a":"..\\x"}}""", new("weight_map.a", Plain, "\"..\\\\x\"")),
        Fails("a drive", """{"weight_map":{"a":"C:x"}}""", new("weight_map.a", Plain, "\"C:x\"")),
        Fails("a stream of a file", """{"weight_map":{"a":"x.safetensors:y"}}""", new("weight_map.a", Plain, "\"x.safetensors:y\"")),
        Fails("a hidden file", """{"weight_map":{"a":".x.safetensors"}}""", new("weight_map.a", Plain, "\".x.safetensors\"")),
        Fails("a NUL", """{"weight_map":{"a":"x\u0000y"}}""", new("weight_map.a", Plain, "\"x\\u0000y\"")),
        Fails("an escaped slash", """{"weight_map":{"a":"x\u002fy"}}""", new("weight_map.a", Plain, "\"x\\u002fy\"")),
        Loads("dots and spaces inside", """{"weight_map":{"a":"my model..v2 .safetensors"}}"""),

        // Sizes.
        Fails("metadata that are text", $"{{\"metadata\":\"pt\",{Map}}}", new("metadata", "an object", "\"pt\"")),
        Fails("metadata that are null", $"{{\"metadata\":null,{Map}}}", new("metadata", "an object", "null")),
        Fails("a total that is text", $"{{\"metadata\":{{\"total_size\":\"8\"}},{Map}}}", new("metadata.total_size", Total, "\"8\"")),
        Fails("a total that is null", $"{{\"metadata\":{{\"total_size\":null}},{Map}}}", new("metadata.total_size", Total, "null")),
        Fails("a negative total", $"{{\"metadata\":{{\"total_size\":-8}},{Map}}}", new("metadata.total_size", Total, "-8")),
        Fails("half a byte", $"{{\"metadata\":{{\"total_size\":8.5}},{Map}}}", new("metadata.total_size", Total, "8.5")),
        Fails("a total of 2^63", $"{{\"metadata\":{{\"total_size\":9223372036854775808}},{Map}}}", new("metadata.total_size", Total, "9223372036854775808")),
        Fails("a total beyond all numbers", $"{{\"metadata\":{{\"total_size\":1e999}},{Map}}}", new("metadata.total_size", Total, "1e999")),
        Fails("a total below all numbers", $"{{\"metadata\":{{\"total_size\":-1e999}},{Map}}}", new("metadata.total_size", Total, "-1e999")),
        Loads("a total of 2^63 - 1", $"{{\"metadata\":{{\"total_size\":9223372036854775807}},{Map}}}"),
        Loads("a total with a point", $"{{\"metadata\":{{\"total_size\":8.0}},{Map}}}"),
        Loads("metadata without a total", $"{{\"metadata\":{{\"total_parameters\":2}},{Map}}}"),
        Loads("no metadata", $"{{{Map}}}"),
        Loads("keys that are not read", $"{{\"x\":[{{}}],{Map}}}"),
    ];
}
