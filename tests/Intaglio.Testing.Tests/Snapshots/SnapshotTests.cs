using DiffEngine;
using Xunit;

namespace Intaglio.Testing.Tests;

/// <summary>Snapshots keep Verify's conventions.</summary>
public sealed class SnapshotTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("intaglio-snapshots-").FullName;
    private readonly bool _wasDisabled = DiffRunner.Disabled;

    // Differences are what is wanted here: no tool shall open.
    public SnapshotTests() => DiffRunner.Disabled = true;

    private string SourceFile => Path.Combine(_folder, "Tests.cs");

    [Fact]
    public async Task New_text_fails_and_is_received_beside_the_test()
    {
        var failure = await Assert.ThrowsAsync<SnapshotException>(() => Snapshots.Verify("text\n", "txt", "Test", SourceFile));

        Assert.Contains("Tests.Test.received.txt", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Tests.Test.verified.txt", failure.Message, StringComparison.Ordinal);
        Assert.Equal("text\n", await File.ReadAllTextAsync(Path.Combine(_folder, "Tests.Test.received.txt")));
    }

    [Fact]
    public async Task Accepted_text_passes_and_takes_the_received_file_away()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "Tests.Test.verified.txt"), "text\r\n");
        await File.WriteAllTextAsync(Path.Combine(_folder, "Tests.Test.received.txt"), "other");
        await Snapshots.Verify("text\n", "txt", "Test", SourceFile);

        Assert.False(File.Exists(Path.Combine(_folder, "Tests.Test.received.txt")));
    }

    [Fact]
    public async Task Changed_text_names_the_first_line_that_differs()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "Tests.Test.verified.txt"), "one\ntwo\n");
        var failure = await Assert.ThrowsAsync<SnapshotException>(() => Snapshots.Verify("one\nthree\n", "txt", "Test", SourceFile));

        Assert.StartsWith("Line 2 was 'two' and is 'three'.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accepted_file_that_is_no_longer_emitted_fails()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "Tests.Test#Kept.g.verified.cs"), "kept");
        await File.WriteAllTextAsync(Path.Combine(_folder, "Tests.Test#Gone.g.verified.cs"), "gone");
        var failure = await Assert.ThrowsAsync<SnapshotException>(() => Snapshots.Verify([("Kept.g.cs", "kept")], "Test", SourceFile));

        Assert.Contains("Tests.Test#Gone.g.verified.cs is no longer emitted", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generated_code_is_accepted_file_by_file()
    {
        var failure = await Assert.ThrowsAsync<SnapshotException>(Verify);
        Assert.Equal(GeneratedCode.Of<Smallest>().Count, failure.Message.Split('\n').Length);

        foreach (var received in Directory.GetFiles(_folder, "*.received.cs"))
            File.Move(received, received.Replace(".received.", ".verified.", StringComparison.Ordinal));
        await Verify();

        var forward = Path.Combine(_folder, "Tests.Test#Intaglio.Testing.Tests.Smallest.Forward.g.verified.cs");
        var lines = await File.ReadAllLinesAsync(forward);
        await File.WriteAllLinesAsync(forward, [.. lines[..^1], "// Something else."]);
        failure = await Assert.ThrowsAsync<SnapshotException>(Verify);

        Assert.StartsWith($"Line {lines.Length} was '// Something else.' and is '}}'.", failure.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder, "*.received.cs"));

        Task Verify() => Snapshots.Verify<Smallest>("Test", SourceFile);
    }

    [Fact]
    public async Task Source_file_that_is_elsewhere_is_an_error_that_says_what_to_set()
    {
        var failure = await Assert.ThrowsAsync<SnapshotException>(() => Snapshots.Verify("text", "txt", "Test", "/_/tests/Tests.cs"));

        Assert.Contains("DeterministicSourcePaths", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        DiffRunner.Disabled = _wasDisabled;
        Directory.Delete(_folder, recursive: true);
    }
}
