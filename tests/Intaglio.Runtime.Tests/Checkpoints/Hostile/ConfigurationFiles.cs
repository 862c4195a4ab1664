using System.Text;
using static Intaglio.Runtime.Tests.Checkpoints.HostileFile;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>Files in the place of a config.json, for the model of <see cref="WeightsOnly.Gpt2"/>.</summary>
internal static class ConfigurationFiles
{
    private const string Rest = "\"n_head\":2,\"n_layer\":2,\"n_positions\":8,\"vocab_size\":20";
    private const string Right = "\"n_embd\":16," + Rest;

    private static readonly Complaint NotJson = Complaint.Json(null);

    public static IReadOnlyList<HostileFile> All { get; } =
    [
        // The text.
        Fails("empty file", "", NotJson),
        Fails("a space", " ", NotJson),
        Fails("an array", "[]", new(null, "a JSON object", "[]", "expected a JSON object, found []")),
        Fails("null", "null", new(null, "a JSON object", "null", "expected a JSON object, found null")),
        Fails("a string", "\"gpt2\"", new(null, "a JSON object", "\"gpt2\"", "expected a JSON object, found \"gpt2\"")),
        Fails("a long array", $"[{new string('1', 1000)}]", new(null, "a JSON object", $"[{new string('1', 59)}...", $"found [{new string('1', 59)}...")),
        Fails("a terminal's escape sequence", "[\"\u007f\u202e\"]", new(null, "a JSON object", "[\"\\u007f\\u202e\"]", "found [\"\\u007f\\u202e\"]")),
        Fails("cut in the middle", $"{{{Right}", NotJson),
        Fails("cut in a number", "{\"n_embd\":1", NotJson),
        Fails("two objects", $"{{{Right}}} {{}}", NotJson),
        Fails("zeros behind", $"{{{Right}}}\0\0", NotJson),
        Fails("a word cut by a line break, which the parser quotes", "{\"use_cache\":tr\nue}", Complaint.Json(null, "'tr\\u000aue}' is an invalid JSON literal")),
        Fails("a comment", $"{{// sizes\n{Right}}}", NotJson),
        Fails("a comment in stars", $"{{/**/{Right}}}", NotJson),
        Fails("a trailing comma", $"{{{Right},}}", NotJson),
        Fails("single quotes", "{'n_embd':16}", NotJson),
        Fails("no quotes", "{n_embd:16}", NotJson),
        Fails("Python", "{\"n_embd\": None}", NotJson),
        Fails("NaN", "{\"layer_norm_epsilon\":NaN}", NotJson),
        Fails("Infinity", "{\"layer_norm_epsilon\":-Infinity}", NotJson),
        Fails("a leading zero", "{\"n_embd\":016}", NotJson),
        Fails("a plus", "{\"n_embd\":+16}", NotJson),
        Fails("hexadecimal", "{\"n_embd\":0x10}", NotJson),
        Fails("UTF-16", () => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes($"{{{Right}}}")], Complaint.Json(null, "save it as UTF-8")),
        Fails("UTF-16 without a mark", () => Encoding.Unicode.GetBytes($"{{{Right}}}"), NotJson),
        Fails("Latin-1", () => [.. "{\"by\":\"Andr"u8, 0xE9, .. "\"}"u8], Complaint.Json(null, "save it as UTF-8")),
        Fails("half a surrogate pair in a key", "{\"\\ud800\":1}", NotJson),
        Fails("half a surrogate pair in a value", "{\"model_type\":\"\\ud800\"}", NotJson),
        Fails("deep nesting", "{\"x\":" + new string('[', 100_000) + new string(']', 100_000) + "}", NotJson),
        Fails("deep nesting of objects, not closed", string.Concat(Enumerable.Repeat("{\"x\":", 100_000)), NotJson),
        Fails("more than is read", () => new byte[(16 << 20) + 1], new(null, "a readable file", "it has 16777217 bytes; at most 16777216 are read", "cannot be read: it has 16777217 bytes")),
        Loads("byte order mark", () => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes($"{{{Right}}}")]),
        Loads("ten megabytes of spaces", () => Encoding.UTF8.GetBytes($"{new string(' ', 5_000_000)}{{{Right}{new string(' ', 5_000_000)}}}")),
        Loads("a megabyte of text that is not read", () => Encoding.UTF8.GetBytes($"{{{Right},\"note\":\"{new string('x', 1 << 20)}\"}}")),
        Loads("100,000 keys that are not read", () => Encoding.UTF8.GetBytes($"{{{Right},\"id2label\":{{{string.Join(',', Enumerable.Range(0, 100_000).Select(id => $"\"{id}\":\"LABEL_{id}\""))}}}}}")),
        Loads("200,000 small objects", () => Encoding.UTF8.GetBytes($"{{{Right},\"x\":[{string.Join(',', Enumerable.Repeat("{\"a\":0,\"b\":0}", 200_000))}]}}")),
        Loads("200,000 empty objects", () => Encoding.UTF8.GetBytes($"{{{Right},\"x\":[{string.Join(',', Enumerable.Repeat("{}", 200_000))}]}}")),
        Loads("200,000 numbers", () => Encoding.UTF8.GetBytes($"{{{Right},\"x\":[{string.Join(',', Enumerable.Repeat(0, 200_000))}]}}")),

        // Keys.
        Fails("a key twice", $"{{{Right},\"n_embd\":16}}", NotJson),
        Fails("a key twice, once escaped", $"{{{Right},\"n_emb\\u0064\":16}}", NotJson),
        Fails("a key twice where nothing is read", $"{{{Right},\"x\":{{\"y\":1,\"y\":1}}}}", NotJson),
        Fails("a key in capitals", $"{{\"N_EMBD\":16,{Rest}}}", Says("n_embd", "16", "768", "the file does not say, which means 768")),
        Fails("nothing said", "{}", Says("n_embd", "16", "768", "n_layer: the model declares 2, the file does not say, which means 12")),

        // Values.
        Fails("a size that is text", $"{{\"n_embd\":\"16\",{Rest}}}", Says("n_embd", "16", "\"16\"")),
        Fails("a size that is true", $"{{\"n_embd\":true,{Rest}}}", Says("n_embd", "16", "true")),
        Fails("a size that is an array", $"{{\"n_embd\":[16],{Rest}}}", Says("n_embd", "16", "[16]")),
        Fails("a size that is an object", $"{{\"n_embd\":{{}},{Rest}}}", Says("n_embd", "16", "{}")),
        Fails("a size that is null", $"{{\"n_embd\":null,{Rest}}}", Says("n_embd", "16", "768", "the file does not say, which means 768")),
        Fails("a negative size", $"{{\"n_embd\":-16,{Rest}}}", Says("n_embd", "16", "-16")),
        Fails("a size of zero", $"{{\"n_embd\":0,{Rest}}}", Says("n_embd", "16", "0")),
        Fails("a fractional size", $"{{\"n_embd\":16.5,{Rest}}}", Says("n_embd", "16", "16.5")),
        Fails("a size of 2^32 + 16, which wraps", $"{{\"n_embd\":4294967312,{Rest}}}", Says("n_embd", "16", "4294967312")),
        Fails("a size of 2^64 + 16, which wraps", $"{{\"n_embd\":18446744073709551632,{Rest}}}", Says("n_embd", "16", "18446744073709551632")),
        Fails("a size beyond all numbers", $"{{\"n_embd\":1e999,{Rest}}}", Says("n_embd", "16", "1e999")),
        Fails("a size of a thousand digits", $"{{\"n_embd\":{new string('9', 1000)},{Rest}}}", Says("n_embd", "16", $"{new string('9', 60)}...")),
        Fails("an epsilon beyond all numbers", $"{{\"layer_norm_epsilon\":1e999,{Right}}}", Says("layer_norm_epsilon", "1e-05", "1e999")),
        Fails("an epsilon below all numbers", $"{{\"layer_norm_epsilon\":1e-999,{Right}}}", Says("layer_norm_epsilon", "1e-05", "1e-999")),
        Fails("a flag that is a number", $"{{\"tie_word_embeddings\":1,{Right}}}", Says("tie_word_embeddings", "true", "1")),
        Fails("a flag that is text", $"{{\"tie_word_embeddings\":\"true\",{Right}}}", Says("tie_word_embeddings", "true", "\"true\"")),
        Fails("another model's type", $"{{\"model_type\":\"llama\",{Right}}}", Says("model_type", "\"gpt2\"", "\"llama\"")),
        Fails("a type in capitals", $"{{\"model_type\":\"GPT2\",{Right}}}", Says("model_type", "\"gpt2\"", "\"GPT2\"")),
        Fails("a type that is a number", $"{{\"model_type\":2,{Right}}}", Says("model_type", "\"gpt2\"", "2")),
        Fails("a megabyte of type", $"{{\"model_type\":\"{new string('g', 1 << 20)}\",{Right}}}", Says("model_type", "\"gpt2\"", $"\"{new string('g', 59)}...")),
        Loads("sizes with points and exponents", $"{{\"n_embd\":1.6e1,\"n_head\":2.0,\"n_layer\":2,\"n_positions\":8,\"vocab_size\":20}}"),
        Loads("nulls where defaults are meant", $"{{\"n_inner\":null,\"layer_norm_epsilon\":null,{Right}}}"),
        Loads("an escaped key and value", $"{{\"model\\u005ftype\":\"gpt\\u0032\",{Right}}}"),
    ];

    private static Complaint Says(string key, string expected, string actual, string? says = null) =>
        new(key, expected, actual, says ?? $"{key}: the model declares {expected}, the file says {actual}");
}
