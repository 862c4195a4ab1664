using System.Text;
using System.Xml;
using Intaglio.Checkpoints;

namespace Intaglio.Data;

/// <summary>Reads the prose of XML documentation: what stands in summary, remarks, param and returns, as plain text.</summary>
internal static class XmlDocumentation
{
    private const int MemberDepth = 2;

    /// <summary>The texts of a file, in its order, white space collapsed, empty ones left out.</summary>
    /// <exception cref="DataException">The file cannot be read or is not XML.</exception>
    public static List<string> Read(string path)
    {
        try
        {
            using var file = new FileStream(RegularFile.Open(path, out _), FileAccess.Read);
            return Read(file, path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, null, $"cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>The texts of a stream.</summary>
    /// <param name="stream">The XML.</param>
    /// <param name="path">The file's name, for errors.</param>
    /// <exception cref="DataException">It is not XML.</exception>
    public static List<string> Read(Stream stream, string path)
    {
        try
        {
            return ReadMembers(stream);
        }
        catch (XmlException fault)
        {
            throw new DataException(path, fault.LineNumber, $"not valid XML: {Excerpt.Of(fault)}", fault);
        }
    }

    private static List<string> ReadMembers(Stream stream)
    {
        // As text, for what the declaration says of the encoding is then left out: XmlReader's change of encodings throws what it should not where the bytes
        // before it are of neither. Compilers write UTF-8.
        using var content = new StreamReader(stream);
        using var xml = XmlReader.Create(content, new() { IgnoreComments = true, IgnoreProcessingInstructions = true, DtdProcessing = DtdProcessing.Prohibit });
        var texts = new List<string>();
        var text = new StringBuilder();
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element && xml.Depth == MemberDepth + 1 && xml.Name is "summary" or "remarks" or "param" or "returns")
            {
                text.Clear();
                ReadText(xml, text);
                if (text.Length > 0)
                    texts.Add(text.ToString());
            }
        }

        return texts;
    }

    // From an element's start to its end.
    private static void ReadText(XmlReader xml, StringBuilder text)
    {
        if (xml.IsEmptyElement)
            return;

        var depth = xml.Depth;
        var isSpacePending = false;
        while (xml.Read() && xml.Depth > depth)
        {
            switch (xml.NodeType)
            {
                case XmlNodeType.Element when xml.IsEmptyElement && Reference(xml) is { } reference:
                    Append(text, reference, ref isSpacePending);
                    break;
                case XmlNodeType.Element or XmlNodeType.EndElement when SeparatesWords(xml.Name):
                    isSpacePending = true;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    Append(text, xml.Value, ref isSpacePending);
                    break;
            }
        }
    }

    private static bool SeparatesWords(string element) => element is "para" or "p" or "br" or "list" or "item" or "term" or "description" or "code" or "li" or "div";

    // <see cref="T:System.Collections.Generic.List`1"/> reads "List".
    private static string? Reference(XmlReader xml) =>
        xml.GetAttribute("cref") is { } cref ? ShortName(cref) : xml.GetAttribute("langword") ?? xml.GetAttribute("name");

    private static string ShortName(string cref)
    {
        var name = cref.AsSpan();
        var parameters = name.IndexOf('(');
        if (parameters >= 0)
            name = name[..parameters];

        var constructor = name.IndexOf(".#");
        if (constructor >= 0)
            name = name[..constructor];

        name = name[(name.LastIndexOfAny(".:") + 1)..];
        var arity = name.IndexOf('`');
        return (arity >= 0 ? name[..arity] : name).ToString();
    }

    private static void Append(StringBuilder text, string value, ref bool isSpacePending)
    {
        foreach (var character in value)
        {
            if (char.IsWhiteSpace(character))
            {
                isSpacePending = true;
                continue;
            }

            if (isSpacePending && text.Length > 0)
                text.Append(' ');
            isSpacePending = false;
            text.Append(character);
        }
    }
}
