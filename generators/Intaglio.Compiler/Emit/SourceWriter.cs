using System.Text;

namespace Intaglio.Compiler;

/// <summary>Writes indented C#, lines ending in <c>\n</c>.</summary>
internal sealed class SourceWriter
{
    /// <summary>Spaces for each depth.</summary>
    public const int Indentation = 4;

    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>Writes one line, or an empty one.</summary>
    public void Line(string line = "")
    {
        if (line.Length > 0)
            _text.Append(' ', Indentation * _depth).Append(line);

        _text.Append('\n');
    }

    /// <summary>Writes several lines, such as a raw string literal's.</summary>
    public void Lines(string lines)
    {
        foreach (var line in lines.Replace("\r", "").Split('\n'))
            Line(line);
    }

    /// <summary>A summary in one line.</summary>
    public void Summary(string text) => Line($"/// <summary>{text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;")}</summary>");

    /// <summary>A header, then a block in braces until the result is disposed of.</summary>
    public Block WriteBlock(string header)
    {
        Lines(header);
        Line("{");
        _depth++;
        return new(this, "}");
    }

    /// <summary>Deeper lines without braces.</summary>
    public Block Indent()
    {
        _depth++;
        return new(this, null);
    }

    /// <summary>Writes items with an empty line between two.</summary>
    public void Separated<T>(IEnumerable<T> items, Action<T> write)
    {
        var first = true;
        foreach (var item in items)
        {
            if (!first)
                Line();

            write(item);
            first = false;
        }
    }

    public override string ToString() => _text.ToString();

    /// <summary>An open block.</summary>
    internal readonly struct Block(SourceWriter writer, string? end) : IDisposable
    {
        public void Dispose()
        {
            writer._depth--;
            if (end is not null)
                writer.Line(end);
        }
    }
}
