using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using static Intaglio.Runtime.Tests.Checkpoints.HostileFile;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>
/// Safetensors files, each with one thing about it that is odd. Who is right is the format's description (https://huggingface.co/docs/safetensors#format) and,
/// where that is silent, its reference implementation (safetensors/src/tensor.rs).
/// </summary>
internal static class SafetensorsFiles
{
    private const string Four = """{"dtype":"F32","shape":[4],"data_offsets":[0,16]}""";
    private const string WholeNumbers = "whole numbers from 0 to 2^63 - 1";
    private const string Once = "a key that occurs once";
    private const string Again = "the same key again";

    private static readonly Complaint NotJson = Complaint.Json("header");
    private static readonly Complaint NotUtf8 = new("header", "UTF-8", "other bytes", "not UTF-8");

    public static IReadOnlyList<HostileFile> All { get; } =
    [
        // The length of the header.
        Fails("empty file", "", new(null, "at least 8 bytes", "0", "the file has 0 bytes")),
        Fails("one byte", "{", new(null, "at least 8 bytes", "1", "the file has 1 bytes")),
        Fails("seven bytes", "\0\0\0\0\0\0\0", new(null, "at least 8 bytes", "7", "the file has 7 bytes")),
        Fails("length alone", () => Length(1), new("header", "at most 0 bytes", "1", "truncated")),
        Fails("length of nothing", () => Length(0), new("header", "a JSON object", "nothing", "not a JSON object")),
        Fails("length of nothing before data", () => [.. Length(0), .. new byte[16]], new("header", "a JSON object", "nothing", "not a JSON object")),
        Fails("length one beyond the file", () => [.. Length(3), .. "{}"u8], new("header", "at most 2 bytes", "3", "truncated")),
        Fails("length of the most that is allowed", () => [.. Length(100_000_000), .. "{}"u8], new("header", "at most 2 bytes", "100000000", "truncated")),
        Fails("length of one more than is allowed", () => [.. Length(100_000_001), .. "{}"u8], new("header", "at most 100000000 bytes", "100000001", "the format allows 100000000")),
        Fails("length of 2^31", () => [.. Length(1UL << 31), .. "{}"u8], new("header", "at most 100000000 bytes", "2147483648", "the format allows")),
        Fails("length of 2^63", () => [.. Length(1UL << 63), .. "{}"u8], new("header", "at most 100000000 bytes", "9223372036854775808", "the format allows")),
        Fails("length of 2^64 - 8, which wraps", () => [.. Length(ulong.MaxValue - 7), .. "{}"u8], new("header", "at most 100000000 bytes", "18446744073709551608", "the format allows")),
        Fails("length of 2^64 - 1", () => [.. Length(ulong.MaxValue), .. "{}"u8], new("header", "at most 100000000 bytes", "18446744073709551615", "the format allows")),
        Fails("length in the other byte order", () => [0, 0, 0, 0, 0, 0, 0, 2, .. "{}"u8], new("header", "at most 100000000 bytes", "144115188075855872", "the format allows")),
        Fails("Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", new(null, "a safetensors file", "a Git LFS pointer", "git lfs pull")),
        Fails("pickle in a zip", "PK\u0003\u0004\0\0\u0008\u0008\0\0\0\0\0\0", new("header", "at most 100000000 bytes", "578712552184433488", "is this a safetensors file?")),

        // Its text.
        Bad("white space before the object", " {}", 0, new("header", "a JSON object", "a first byte of 0x20", "begins with {")),
        Bad("an array", "[]", 0, new("header", "a JSON object", "a first byte of 0x5B", "begins with {")),
        Bad("a string", "\"F32\"", 0, new("header", "a JSON object", "a first byte of 0x22", "begins with {")),
        Bad("null", "null", 0, new("header", "a JSON object", "a first byte of 0x6E", "begins with {")),
        Bad("byte order mark", "\uFEFF{}", 0, new("header", "a JSON object", "a first byte of 0xEF", "begins with {")),
        Bad("no JSON", "{dtype: F32}", 0, NotJson),
        Bad("cut in the middle", "{\"a\":{\"dtype\":\"F32\"", 0, NotJson),
        Bad("not closed", "{\"a\":" + Four, 16, NotJson),
        Bad("a word cut by a line break, which the parser quotes", "{\"a\":nu\n\u001b[2Jll}", 0, Complaint.Json("header", "'nu\\u000a\\u001b[2Jll}' is an invalid JSON literal")),
        Bad("a comment", "{/* */}", 0, NotJson),
        Bad("a trailing comma", "{\"a\":" + Four + ",}", 16, NotJson),
        Bad("single quotes", "{'a':1}", 0, NotJson),
        Bad("a line break in a name", "{\"a\n\":" + Four + "}", 16, NotJson),
        Bad("an escape that JSON does not have", "{\"\\x41\":" + Four + "}", 16, NotJson),
        Bad("half a surrogate pair in a name", "{\"\\ud800\":" + Four + "}", 16, NotJson),
        Bad("half a surrogate pair in a type", """{"a":{"dtype":"\udc00","shape":[4],"data_offsets":[0,16]}}""", 16, NotJson),
        Bad("half a surrogate pair in metadata", """{"__metadata__":{"a":"\ud800x"}}""", 0, NotJson),
        Bytes("a byte that is not UTF-8 in a name", [.. "{\""u8, 0xFF, .. "\":"u8, .. Encoding.ASCII.GetBytes(Four), .. "}"u8], 16, NotUtf8),
        Bytes("a byte that is not UTF-8 in a key that is not read", [.. """{"a":{"note":"""u8, (byte)'"', 0x80, (byte)'"', .. ""","dtype":"F32","shape":[4],"data_offsets":[0,16]}}"""u8], 16, NotUtf8),
        Bytes("an overlong slash", [.. "{\""u8, 0xC0, 0xAF, .. "\":"u8, .. Encoding.ASCII.GetBytes(Four), .. "}"u8], 16, NotUtf8),
        Bytes("a surrogate in UTF-8", [.. "{\""u8, 0xED, 0xA0, 0x80, .. "\":"u8, .. Encoding.ASCII.GetBytes(Four), .. "}"u8], 16, NotUtf8),
        Bytes("UTF-16", Encoding.Unicode.GetBytes("{}"), 0, NotJson),
        Bad("deep nesting in the place of a tensor", "{\"a\":" + new string('[', 100_000), 0, NotJson),
        Bad("deep nesting of objects", string.Concat(Enumerable.Repeat("{\"a\":", 100_000)), 0, NotJson),
        Bad("deep nesting in a key that is not read", "{\"a\":{\"x\":" + new string('[', 100_000) + new string(']', 100_000) + "}}", 0, NotJson),

        // Behind it.
        Bad("text behind the object", "{} x", 0, new("header", "nothing but spaces behind the JSON object", "0x78 at byte 3")),
        Bad("a second object", "{}{}", 0, new("header", "nothing but spaces behind the JSON object", "0x7B at byte 2")),
        Bad("zeros as padding", "{}\0\0\0\0\0\0", 0, new("header", "nothing but spaces behind the JSON object", "0x00 at byte 2")),
        Bad("line breaks as padding", "{}  \n\n", 0, new("header", "nothing but spaces behind the JSON object", "0x0A at byte 4")),
        Good("spaces as padding", "{\"a\":" + Four + "}" + new string(' ', 4096), 16),
        Good("white space within", "{\r\n\t\"a\" :\n" + Four + "\n}", 16),

        // Keys.
        Bad("a name twice", "{\"a\":" + Four + ",\"a\":" + Four + "}", 16, new("a", Once, Again)),
        Bad("a name twice, once escaped", "{\"a\":" + Four + ",\"\\u0061\":" + Four + "}", 16, new("a", Once, Again)),
        Bad("dtype twice", """{"a":{"dtype":"F32","dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", 16, new("a.dtype", Once, Again)),
        Bad("shape twice, once escaped", """{"a":{"dtype":"F32","shape":[4],"sh\u0061pe":[4],"data_offsets":[0,16]}}""", 16, new("a.shape", Once, Again)),
        Bad("data_offsets twice", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16],"data_offsets":[0,16]}}""", 16, new("a.data_offsets", Once, Again)),
        Bad("a key that is not read twice", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16],"x":1,"x":2}}""", 16, new("a.x", Once, Again)),
        Bad("no dtype", """{"a":{"shape":[4],"data_offsets":[0,16]}}""", 16, new("a.dtype", "the key", "nothing")),
        Bad("no shape", """{"a":{"dtype":"F32","data_offsets":[0,16]}}""", 16, new("a.shape", "the key", "nothing")),
        Bad("no offsets", """{"a":{"dtype":"F32","shape":[4]}}""", 16, new("a.data_offsets", "the key", "nothing")),
        Bad("keys in capitals", """{"a":{"DType":"F32","Shape":[4],"Data_Offsets":[0,16]}}""", 16, new("a.dtype", "the key", "nothing")),
        Bad("nothing of a tensor", """{"a":{}}""", 0, new("a.dtype", "the key", "nothing")),
        Bad("a tensor that is an array", """{"a":["F32",[4],[0,16]]}""", 16, new("a", "an object with dtype, shape and data_offsets", "an array")),
        Bad("a tensor that is null", """{"a":null}""", 0, new("a", "an object with dtype, shape and data_offsets", "null")),
        Bad("a tensor that is text", """{"a":"F32"}""", 0, new("a", "an object with dtype, shape and data_offsets", "a string")),
        Good("keys that the format does not have", """{"a":{"note":{"by":["hand",{}]},"dtype":"F32","shape":[4],"strides":null,"data_offsets":[0,16]}}""", 16),

        // Types.
        Bad("unknown dtype", """{"a":{"dtype":"F128","shape":[1],"data_offsets":[0,16]}}""", 16, new("a.dtype", "a type of the format, such as F32", "\"F128\"")),
        Bad("dtype in lower case", """{"a":{"dtype":"f32","shape":[4],"data_offsets":[0,16]}}""", 16, new("a.dtype", "a type of the format, such as F32", "\"f32\"")),
        Bad("empty dtype", """{"a":{"dtype":"","shape":[4],"data_offsets":[0,16]}}""", 16, new("a.dtype", "a type of the format, such as F32", "\"\"")),
        Bad("dtype that is a number", """{"a":{"dtype":32,"shape":[4],"data_offsets":[0,16]}}""", 16, new("a.dtype", "a string", "32")),
        Bad("dtype that is null", """{"a":{"dtype":null,"shape":[4],"data_offsets":[0,16]}}""", 16, new("a.dtype", "a string", "null")),
        Bad("a terminal's escape sequence as dtype", """{"a":{"dtype":"\u001b[2J","shape":[4],"data_offsets":[0,16]}}""", 16, new("a.dtype", "a type of the format, such as F32", "\"\\u001b[2J\"")),
        Bad("a megabyte of dtype", $$$"""{"a":{"dtype":"{{{new string('F', 1 << 20)}}}","shape":[4],"data_offsets":[0,16]}}""", 16, new("a.dtype", "a type of the format, such as F32", $"\"{new string('F', 100)}...\"")),

        // Shapes.
        Bad("shape that is a number", """{"a":{"dtype":"F32","shape":4,"data_offsets":[0,16]}}""", 16, new("a.shape", $"an array of {WholeNumbers}", "4")),
        Bad("shape that is null", """{"a":{"dtype":"F32","shape":null,"data_offsets":[0,16]}}""", 16, new("a.shape", $"an array of {WholeNumbers}", "null")),
        Bad("negative side", """{"a":{"dtype":"F32","shape":[-4],"data_offsets":[0,16]}}""", 16, new("a.shape", WholeNumbers, "-4")),
        Bad("two negative sides", """{"a":{"dtype":"F32","shape":[-2,-2],"data_offsets":[0,16]}}""", 16, new("a.shape", WholeNumbers, "-2")),
        Bad("fractional side", """{"a":{"dtype":"F32","shape":[4.5],"data_offsets":[0,16]}}""", 16, new("a.shape", WholeNumbers, "4.5")),
        Bad("whole side with a point", """{"a":{"dtype":"F32","shape":[4.0],"data_offsets":[0,16]}}""", 16, new("a.shape", WholeNumbers, "4.0")),
        Bad("side with an exponent", """{"a":{"dtype":"F32","shape":[4e0],"data_offsets":[0,16]}}""", 16, new("a.shape", WholeNumbers, "4e0")),
        Bad("side that is text", """{"a":{"dtype":"F32","shape":["4"],"data_offsets":[0,16]}}""", 16, new("a.shape", WholeNumbers, "a string")),
        Bad("side that is true", """{"a":{"dtype":"F32","shape":[true],"data_offsets":[0,16]}}""", 16, new("a.shape", WholeNumbers, "true")),
        Bad("side with a leading zero", """{"a":{"dtype":"F32","shape":[04],"data_offsets":[0,16]}}""", 16, NotJson),
        Bad("side of NaN", """{"a":{"dtype":"F32","shape":[NaN],"data_offsets":[0,16]}}""", 16, NotJson),
        Bad("nested shape", """{"a":{"dtype":"F32","shape":[[4]],"data_offsets":[0,16]}}""", 16, new("a.shape", WholeNumbers, "an array")),
        Bad("side of 2^63", """{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,16]}}""", 16, new("a.shape", WholeNumbers, "9223372036854775808")),
        Bad("side of 2^64 + 4, which wraps", """{"a":{"dtype":"F32","shape":[18446744073709551620],"data_offsets":[0,16]}}""", 16, new("a.shape", WholeNumbers, "18446744073709551620")),
        Bad("a megabyte of digits", $$$"""{"a":{"dtype":"F32","shape":[{{{new string('9', 1 << 20)}}}],"data_offsets":[0,16]}}""", 16, new("a.shape", WholeNumbers, $"{new string('9', 100)}...")),
        Bad("count that wraps to the right one", """{"a":{"dtype":"F32","shape":[4611686018427387905,4],"data_offsets":[0,16]}}""", 16, new("a.shape", "a size that fits 64 bits", "[4611686018427387905, 4]")),
        Bad("many large sides", """{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807,9223372036854775807],"data_offsets":[0,16]}}""", 16, new("a.shape", "a size that fits 64 bits", "[9223372036854775807, 9223372036854775807, 9223372036854775807]")),
        Bad("bytes beyond 64 bits", """{"a":{"dtype":"F64","shape":[9223372036854775807],"data_offsets":[0,16]}}""", 16, new("a.data_offsets", "73786976294838206456 bytes for F64 [9223372036854775807]", "16 bytes, [0, 16]")),
        Bad("a tensor of exabytes", """{"a":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}""", 16, new("a", "at most 16 bytes of data", "[0, 9223372036854775807]", "truncated")),
        Bad("thousands of sides that are too many", $$$"""{"a":{"dtype":"F32","shape":[{{{string.Join(',', Enumerable.Repeat(2, 10_000))}}}],"data_offsets":[0,16]}}""", 16, new("a.shape", "a size that fits 64 bits", "[2, 2, 2, 2, 2, 2, 2, 2, ... 10000 sides]")),
        Good("thousands of sides", $$$"""{"a":{"dtype":"F32","shape":[{{{string.Join(',', Enumerable.Repeat(1, 100_000))}}}],"data_offsets":[0,4]}}""", 4),
        Good("no side", """{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", 4),
        Good("a side of zero", """{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", 0),
        Good("a side of zero between large ones", """{"a":{"dtype":"F32","shape":[4611686018427387904,0,4611686018427387904],"data_offsets":[0,0]}}""", 0),

        // Offsets.
        Bad("begin after end", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[16,0]}}""", 16, new("a.data_offsets", "a begin that is not after the end", "[16, 0]")),
        Bad("no offset", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[]}}""", 16, new("a.data_offsets", "two numbers", "0")),
        Bad("one offset", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[16]}}""", 16, new("a.data_offsets", "two numbers", "1")),
        Bad("three offsets", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16,16]}}""", 16, new("a.data_offsets", "two numbers", "3")),
        Bad("negative offset", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[-16,0]}}""", 16, new("a.data_offsets", WholeNumbers, "-16")),
        Bad("fractional offset", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16.5]}}""", 16, new("a.data_offsets", WholeNumbers, "16.5")),
        Bad("offset with an exponent", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,1.6e1]}}""", 16, new("a.data_offsets", WholeNumbers, "1.6e1")),
        Bad("offset that is text", """{"a":{"dtype":"F32","shape":[4],"data_offsets":["0","16"]}}""", 16, new("a.data_offsets", WholeNumbers, "a string")),
        Bad("offset beyond 64 bits", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,18446744073709551632]}}""", 16, new("a.data_offsets", WholeNumbers, "18446744073709551632")),
        Bad("offsets that are an object", """{"a":{"dtype":"F32","shape":[4],"data_offsets":{"begin":0}}}""", 16, new("a.data_offsets", $"an array of {WholeNumbers}", "an object")),
        Bad("data shorter than the shape", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,12]}}""", 12, new("a.data_offsets", "16 bytes for F32 [4]", "12 bytes, [0, 12]")),
        Bad("data longer than the shape", """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,16]}}""", 16, new("a.data_offsets", "12 bytes for F32 [3]", "16 bytes, [0, 16]")),
        Bad("data of an empty tensor", """{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,4]}}""", 4, new("a.data_offsets", "0 bytes for F32 [0]", "4 bytes, [0, 4]")),
        Bad("half a byte", """{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}}""", 1, new("a.data_offsets", "1.5 bytes for F4 [3]", "1 bytes, [0, 1]")),
        Good("two halves of a byte", """{"a":{"dtype":"F4","shape":[2],"data_offsets":[0,1]}}""", 1),

        // Layout.
        Bad("end behind the file", "{\"a\":" + Four + "}", 12, new("a", "at most 12 bytes of data", "[0, 16]", "truncated")),
        Bad("both offsets behind the file", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[9223372036854775791,9223372036854775807]}}""", 16, new("a", "at most 16 bytes of data", "[9223372036854775791, 9223372036854775807]", "truncated")),
        Bad("an empty tensor behind the file", "{\"a\":" + Four + ""","b":{"dtype":"F32","shape":[0],"data_offsets":[17,17]}}""", 16, new("b", "at most 16 bytes of data", "[17, 17]", "truncated")),
        Bad("gap at the start", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[4,20]}}""", 20, new("a", "a begin of 0", "[4, 20]", "gap")),
        Bad("gap in the middle", "{\"a\":" + Four + ""","b":{"dtype":"F32","shape":[1],"data_offsets":[20,24]}}""", 24, new("b", "a begin of 16", "[20, 24]", "gap")),
        Bad("overlap", "{\"a\":" + Four + ""","b":{"dtype":"F32","shape":[2],"data_offsets":[12,20]}}""", 20, new("b", "a begin of 16", "[12, 20]", "overlaps")),
        Bad("the same data twice", "{\"a\":" + Four + ",\"b\":" + Four + "}", 16, new("b", "a begin of 16", "[0, 16]", "overlaps")),
        Bad("a tensor inside another", "{\"a\":" + Four + ""","b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 16, new("b", "a begin of 16", "[4, 8]", "overlaps")),
        Bad("an empty tensor inside another", "{\"a\":" + Four + ""","b":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""", 16, new("b", "a begin of 16", "[4, 4]", "overlaps")),
        Bad("bytes behind the last tensor", "{\"a\":" + Four + "}", 17, new(null, "16 bytes of data", "17", "belong to no tensor")),
        Bad("data without tensors", "{}", 8, new(null, "0 bytes of data", "8", "belong to no tensor")),
        Good("no tensor", "{}", 0),
        Good("tensors in another order than their data", """{"b":{"dtype":"F32","shape":[1],"data_offsets":[16,20]},"a":""" + Four + "}", 20),
        Good("data that is not aligned", """{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"F32","shape":[1],"data_offsets":[3,7]}} """, 7),
        Good("empty tensors at both ends", """{"x":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":""" + Four + ""","y":{"dtype":"F32","shape":[0,2],"data_offsets":[16,16]}}""", 16),
        Loads("NaN and infinity", () => [.. Content("{\"a\":" + Four + "}", 0), .. BitConverter.GetBytes(float.NaN), .. BitConverter.GetBytes(float.PositiveInfinity), .. BitConverter.GetBytes(float.NegativeInfinity), 0x01, 0, 0, 0x80]),

        // Names.
        Good("the empty name", "{\"\":" + Four + "}", 16),
        Good("a name that is a path", "{\"../../../etc/passwd\":" + Four + "}", 16),
        Good("a name with a NUL", "{\"C:\\\\a\\u0000b\":" + Four + "}", 16),
        Good("a name that differs by case", "{\"a\":" + Four + ""","A":{"dtype":"F32","shape":[0],"data_offsets":[16,16]}}""", 16),
        Bad("a name with a terminal's escape sequence", """{"\u001b[31mred\u202e":null}""", 0, new("\u001b[31mred\u202e", "an object with dtype, shape and data_offsets", "null", "\\u001b[31mred\\u202e: expected an object")),
        Bad("a megabyte of name", $$$"""{"{{{new string('n', 1 << 20)}}}":null}""", 0, new(new('n', 1 << 20), "an object with dtype, shape and data_offsets", "null", $": {new string('n', 100)}...: expected")),
        Loads("200,000 tensors", () => Content($"{{{string.Join(',', Enumerable.Range(0, 200_000).Select(Empty))}}}", 0)),
        Fails("200,000 tensors, the last one twice", () => Content($"{{{string.Join(',', Enumerable.Range(0, 200_000).Append(199_999).Select(Empty))}}}", 0), new("t199999", Once, Again)),

        // Metadata.
        Bad("metadata that is text", """{"__metadata__":"pt"}""", 0, new("__metadata__", "an object of strings", "a string")),
        Bad("metadata that is null", """{"__metadata__":null}""", 0, new("__metadata__", "an object of strings", "null")),
        Bad("metadata that is a tensor", "{\"__metadata__\":" + Four + "}", 16, new("__metadata__.shape", "a string", "an array")),
        Bad("metadata with a number", """{"__metadata__":{"step":1}}""", 0, new("__metadata__.step", "a string", "1")),
        Bad("metadata with an object", """{"__metadata__":{"a":{"b":"c"}}}""", 0, new("__metadata__.a", "a string", "an object")),
        Bad("metadata with null", """{"__metadata__":{"a":null}}""", 0, new("__metadata__.a", "a string", "null")),
        Bad("metadata key twice", """{"__metadata__":{"a":"b","a":"b"}}""", 0, new("__metadata__.a", Once, Again)),
        Bad("metadata twice", """{"__metadata__":{},"__metadata__":{}}""", 0, new("__metadata__", Once, Again)),
        Good("empty metadata", """{"__metadata__":{}}""", 0),
        Good("metadata behind the tensors, escaped", "{\"a\":" + Four + ",\"\\u005f_metadata__\":{\"format\":\"pt\"}}", 16),
        Loads("keys that are not read by the ten thousand", () => Content("{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]," + string.Join(',', Enumerable.Range(0, 10_000).Select(key => $"\"{key:x}\":0")) + "}}", 0)),
        Loads("four megabytes of metadata", () => Content($$$"""{"__metadata__":{"a":"{{{new string('x', 4 << 20)}}}"}}""", 0)),
        Loads("100,000 keys of metadata", () => Content("{\"__metadata__\":{" + string.Join(',', Enumerable.Range(0, 100_000).Select(key => $"\"{key:x}\":\"\"")) + "}}", 0)),
    ];

    /// <summary>A file with this header, and zeros as data.</summary>
    public static byte[] Content(string header, int dataBytes) => Content(Encoding.UTF8.GetBytes(header), dataBytes);

    private static byte[] Content(byte[] header, int dataBytes) => [.. Length((ulong)header.Length), .. header, .. new byte[dataBytes]];

    private static byte[] Length(ulong length) => BitConverter.GetBytes(BitConverter.IsLittleEndian ? length : BinaryPrimitives.ReverseEndianness(length));

    private static string Empty(int number) => string.Create(CultureInfo.InvariantCulture, $$"""
        "t{{number}}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}
        """);

    private static HostileFile Good(string name, string header, int dataBytes) => Loads(name, () => Content(header, dataBytes));

    private static HostileFile Bad(string name, string header, int dataBytes, Complaint complaint) => Fails(name, () => Content(header, dataBytes), complaint);

    private static HostileFile Bytes(string name, byte[] header, int dataBytes, Complaint complaint) => Fails(name, () => Content(header, dataBytes), complaint);
}
