using System.Text;
using static Intaglio.Runtime.Tests.Checkpoints.HostileFile;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>Files in the place of a text to train on.</summary>
internal static class TextFiles
{
    public static IReadOnlyList<HostileFile> All { get; } =
    [
        Fails("empty file", "", Complaint.Text("the file is empty")),
        Fails("a byte order mark alone", "\uFEFF", Complaint.Text("the file is empty")),
        Fails("UTF-16", () => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("text")], Complaint.Text("(1): not UTF-8 text")),
        Fails("Latin-1 in the third line", () => [.. "a\nb\nAndr"u8, 0xE9, .. " c\n"u8], Complaint.Text("(3): not UTF-8 text")),
        Fails("cut in a character", () => "one\ntwo €"u8[..^1].ToArray(), Complaint.Text("(2): not UTF-8 text")),
        Fails("an overlong slash", () => [0xC0, 0xAF], Complaint.Text("(1): not UTF-8 text")),
        Fails("a surrogate in UTF-8", () => [0xED, 0xA0, 0x80], Complaint.Text("(1): not UTF-8 text")),
        Fails("a character beyond Unicode", () => [0xF4, 0x90, 0x80, 0x80], Complaint.Text("(1): not UTF-8 text")),
        Loads("zeros", "\0\0\0"),
        Loads("line ends of all kinds", "a\r\nb\rc\nd\u2028e"),
        Loads("byte order mark", "\uFEFFa"),
        Loads("a line of ten megabytes", () => Encoding.UTF8.GetBytes(new string('x', 10_000_000))),
    ];
}
