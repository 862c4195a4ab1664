using System.Diagnostics;
using System.Text;
using Intaglio.Data;
using Intaglio.Runtime.Tests.Checkpoints;
using Intaglio.Tokenizers;
using Xunit;
using Xunit.Abstractions;

namespace Intaglio.Runtime.Tests.Data;

public sealed class DefaultCorpusTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Elements_become_plain_text()
    {
        const string Xml = """
            <?xml version="1.0"?>
            <doc>
              <assembly><name>Example</name></assembly>
              <members>
                <member name="M:A.B">
                  <summary>
                    Gets the <see cref="T:System.String" /> at
                    <paramref name="index" />, or <see langword="null" /> &amp; more.
                  </summary>
                  <param name="index">A <see cref="T:System.Collections.Generic.List`1"/> of <typeparamref name="T"/>.</param>
                  <returns><c>true</c> if <see cref="M:System.String.IndexOf(System.Char,System.Int32)" /><br/>finds it; see <see cref="F:System.Int32.MaxValue">the largest</see>.</returns>
                  <remarks><para>One.</para><para>Two.</para><!-- no --><code><![CDATA[x < y]]></code></remarks>
                  <exception cref="T:System.Exception">Not read.</exception>
                </member>
                <member name="M:A.#ctor">
                  <summary>Makes a <see cref="M:System.Text.StringBuilder.#ctor(System.Int32)"/>.</summary>
                  <param name="x" />
                  <returns>  </returns>
                </member>
                <member name="P:A.C"><value>Not read.</value><inheritdoc/></member>
              </members>
            </doc>
            """;

        Assert.Equal(
            [
                "Gets the String at index, or null & more.",
                "A List of T.",
                "true if IndexOf finds it; see the largest.",
                "One. Two. x < y",
                "Makes a StringBuilder.",
            ],
            XmlDocumentation.Read(new MemoryStream(Encoding.UTF8.GetBytes(Xml)), "members.xml"));
    }

    [Fact]
    public void Damaged_documentation_is_named_with_its_line()
    {
        File.WriteAllText(_directory["a.xml"], "<doc>\n<members></doc>");

        var fault = Assert.Throws<DataException>(() => DefaultCorpus.ReadFiles([_directory["a.xml"]]));

        Assert.Equal((_directory["a.xml"], 2L), (fault.File, fault.Line));
    }

    [Fact]
    public void Order_depends_on_the_entries_alone_and_none_occurs_twice()
    {
        string[] entries = [.. Enumerable.Range(0, 100).Select(i => $"entry {i}")];

        var text = DefaultCorpus.Compose(entries, long.MaxValue);

        Assert.Equal(text, DefaultCorpus.Compose([.. entries.Reverse(), .. entries], long.MaxValue));
        Assert.Equal(entries.Order(StringComparer.Ordinal), text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        Assert.NotEqual(entries.Order(StringComparer.Ordinal), text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Size_is_bounded_at_a_whole_line()
    {
        string[] entries = ["aaaa", "éé", "cccc"];

        Assert.Equal(10, Encoding.UTF8.GetByteCount(DefaultCorpus.Compose(entries, 10)));
        Assert.Equal(15, Encoding.UTF8.GetByteCount(DefaultCorpus.Compose(entries, 15)));
        Assert.Equal(10, Encoding.UTF8.GetByteCount(DefaultCorpus.Compose(entries, 14)));
        Assert.Equal("", DefaultCorpus.Compose(entries, 4));
    }

    [Fact]
    public void Newest_version_of_each_pack_is_read()
    {
        foreach (var file in new[] { "A.Ref/9.0.9/ref/net9.0/a.xml", "A.Ref/10.0.0/ref/net10.0/a.xml", "A.Ref/10.0.0/ref/net10.0/a.dll", "B.Ref/8.0.1/ref/net8.0/b.xml", "C.Host/1.0.0/ref/x/c.xml", "D.Ref/1.0.0/other/d.xml" })
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_directory["packs/" + file])!);
            File.WriteAllText(_directory["packs/" + file], "");
        }

        Assert.Equal([_directory["packs/A.Ref/10.0.0/ref/net10.0/a.xml"], _directory["packs/B.Ref/8.0.1/ref/net8.0/b.xml"]], ReferencePacks.DocumentationFiles(_directory.Path));
        Assert.Empty(ReferencePacks.DocumentationFiles(_directory["none"]));
    }

    [SkippableFact]
    public void Documentation_of_the_sdk_is_a_corpus()
    {
        Skip.IfNot(ReferencePacks.DotnetRoots().Any(root => ReferencePacks.DocumentationFiles(root).Count > 0), "no reference packs are installed");
        var watch = Stopwatch.StartNew();

        var text = DefaultCorpus.ReadText();
        output.WriteLine($"{watch.ElapsedMilliseconds} ms for {Encoding.UTF8.GetByteCount(text):N0} bytes");

        var lines = text.Split('\n');
        Assert.Equal("", lines[^1]);
        Assert.All(lines[..^1], line => Assert.Equal(line.Trim(), line));
        Assert.Equal(lines.Length, lines.Distinct(StringComparer.Ordinal).Count());
        Assert.InRange(text.Length, 1_000_000, 100_000_000);
        Assert.DoesNotContain("<see ", text, StringComparison.Ordinal);
        Assert.True(lines.Count(line => line.Contains("the ", StringComparison.Ordinal)) > lines.Length / 3);

        // Random order: no tenth has much more or less text in it than another.
        double[] tenths = [.. lines.Chunk((lines.Length + 9) / 10).Select(chunk => chunk.Average(line => line.Length))];
        Assert.InRange(tenths.Max() / tenths.Min(), 1, 1.1);

        var small = DefaultCorpus.ReadText(100_000);
        Assert.StartsWith(small, text, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(small), 95_000, 100_000);

        watch.Restart();
        var corpus = TokenCorpus.FromText(text, new ByteTokenizer());
        var loss = NGramModel.HeldOutLoss(corpus);
        output.WriteLine($"{watch.ElapsedMilliseconds} ms for the order-3 model: {loss:F4} nats a byte over {corpus.HeldOut.Length:N0} bytes");

        // English has about 2 bits a byte for an order-3 model; ln 256 is 5.5 nats.
        Assert.InRange(loss, 0.8, 2);
    }

    public void Dispose() => _directory.Dispose();
}
