using System.Text;
using static Intaglio.Runtime.Tests.Checkpoints.HostileFile;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>Files in the place of the XML documentation that the default corpus is made of.</summary>
internal static class DocumentationFiles
{
    private const string Member = """<doc><members><member name="M:A.B(C)"><summary>Gives <see cref="T:A.List`1"/> or <see langword="null"/>.</summary><param name="x">A &lt;b&gt;.</param></member></members></doc>""";

    private static readonly Complaint NotXml = Complaint.Text("not valid XML");

    public static IReadOnlyList<HostileFile> All { get; } =
    [
        Fails("empty file", "", NotXml),
        Fails("text", "text", NotXml),
        Fails("cut in the middle", Member[..100], NotXml),
        Fails("ends in the wrong order", "<doc><members></doc></members>", NotXml),
        Fails("two roots", "<doc/><doc/>", NotXml),
        Fails("entities of entities", """<!DOCTYPE doc [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><doc><members><member><summary>&b;</summary></member></members></doc>""", NotXml),
        Fails("an entity that is a file", """<!DOCTYPE doc [<!ENTITY a SYSTEM "file:///etc/passwd">]><doc><members><member><summary>&a;</summary></member></members></doc>""", NotXml),
        Fails("an entity that is not there", "<doc><members><member><summary>&nbsp;</summary></member></members></doc>", NotXml),
        Fails("a character that XML does not have", "<doc>&#0;</doc>", NotXml),
        Fails("an attribute twice", """<doc a="1" a="2"/>""", NotXml),
        Loads("a declaration that is not UTF-8 and says that it is", () => [.. "<?xml version=\"1.0"u8, .. Enumerable.Repeat((byte)0xFE, 300), .. "\" encoding=\"utf-8\"?>"u8, .. Encoding.UTF8.GetBytes(Member)]),
        Loads("an encoding that it is not in", () => Encoding.UTF8.GetBytes($"""<?xml version="1.0" encoding="utf-16"?>{Member}""")),
        Loads("an encoding that does not exist", $"""<?xml version="1.0" encoding="none"?>{Member}"""),
        Loads("byte order mark", "\uFEFF" + Member),
        Loads("UTF-16", () => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Member)]),
        Loads("members", $"""<?xml version="1.0" encoding="utf-8"?>{Member}"""),
        Loads("lists and raw text", """<doc><members><member><remarks><para>One</para><![CDATA[<two>]]> &#x2028;<list><item>3</item></list></remarks><returns/></member></members></doc>"""),
        Loads("deep nesting", string.Concat(Enumerable.Repeat("<summary>", 20_000)) + string.Concat(Enumerable.Repeat("</summary>", 20_000))),
    ];
}
