using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Intaglio.Checkpoints;
using Intaglio.Data;
using Intaglio.Tokenizers;
using Xunit;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>Things in a file's place that are no files: each reader says so, and none waits.</summary>
public sealed partial class HostilePlaceTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly (string Name, Action<string> Read)[] Readers =
    [
        ("safetensors", path => SafetensorsReader.Open(path).Dispose()),
        ("configuration", path => ConfigurationFile.Check(path, [])),
        ("index", path => WeightsIndex.Read(path)),
        ("characters", path => CharacterTokenizer.Load(path)),
        ("text", path => TokenCorpus.ReadText(path)),
        ("documentation", path => XmlDocumentation.Read(path)),
    ];

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Names => [.. Readers.Select(reader => reader.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_is_reported(string reader) => AssertReported(reader, _directory["none"], OperatingSystem.IsWindows() ? "" : "No such file");

    [Theory]
    [MemberData(nameof(Names))]
    public void Directory_is_reported(string reader) => AssertReported(reader, _directory.Path, "it is a directory");

    [Theory]
    [MemberData(nameof(Names))]
    public void File_as_a_directory_is_reported(string reader)
    {
        File.WriteAllText(_directory["file"], "{}");

        AssertReported(reader, Path.Combine(_directory["file"], "child"), OperatingSystem.IsWindows() ? "" : "Not a directory");
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Pipe_is_reported_and_not_waited_for(string reader)
    {
        SkipOnWindows();
        Assert.Equal(0, MakePipe(_directory["pipe"], mode: 0x1A4));

        AssertReported(reader, _directory["pipe"], "it is not a regular file");
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Loop_of_links_is_reported(string reader)
    {
        SkipOnWindows();
        File.CreateSymbolicLink(_directory["a"], _directory["b"]);
        File.CreateSymbolicLink(_directory["b"], _directory["a"]);

        AssertReported(reader, _directory["a"], "symbolic links");
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Name_that_is_too_long_is_reported(string reader)
    {
        SkipOnWindows();

        AssertReported(reader, _directory[new('n', 300)], "name too long");
    }

    [SkippableTheory]
    [SupportedOSPlatform("linux")]
    [MemberData(nameof(Names))]
    public void File_that_may_not_be_read_is_reported(string reader)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "another user's rights can be taken by a thread on Linux alone");
        File.WriteAllText(_directory["secret"], "{}");
        File.SetUnixFileMode(_directory["secret"], UnixFileMode.None);

        // Root may read everything: a thread of its own gives that up. It ends with the test.
        AssertReported(reader, _directory["secret"], "Permission denied", before: () => Environment.IsPrivilegedProcess ? SetFileUser(65534) : 0);
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Endless_device_is_reported(string reader)
    {
        SkipOnWindows();

        AssertReported(reader, "/dev/zero", "");
    }

    [Fact]
    public void Path_with_a_NUL_is_an_argument_error() =>
        Assert.All(Readers, reader => Assert.Throws<ArgumentException>(() => reader.Read("a\0b")));

    [SkippableFact]
    public void Checkpoint_of_pipes_is_reported_and_not_waited_for()
    {
        SkipOnWindows();
        Assert.Equal(0, MakePipe(_directory["model.safetensors"], mode: 0x1A4));
        Assert.Equal(0, MakePipe(_directory["config.json"], mode: 0x1A4));
        using var device = new HostDevice();

        var fault = Within(Patience, () => Record.Exception(() => WeightsOnly.Load(_directory.Path, device, WeightsOnly.Gpt2())));

        Assert.Equal(_directory["config.json"], Assert.IsType<CheckpointException>(fault).File);
        Assert.Equal(0, device.LiveBuffers);
    }

    public void Dispose() => _directory.Dispose();

    private static void AssertReported(string reader, string path, string message, Func<int>? before = null)
    {
        var read = Readers.Single(known => known.Name == reader).Read;

        var fault = Within(Patience, () =>
        {
            before?.Invoke();
            return Record.Exception(() => read(path));
        });

        Assert.IsAssignableFrom<IntaglioException>(fault);
        Assert.StartsWith(path, fault.Message, StringComparison.Ordinal);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        if (fault is CheckpointException checkpoint)
            Assert.Equal((path, null), (checkpoint.File, checkpoint.Key));
    }

    private static T Within<T>(TimeSpan patience, Func<T> compute)
    {
        T? result = default;
        var thread = new Thread(() => result = compute()) { IsBackground = true };
        thread.Start();
        Assert.True(thread.Join(patience), "it waits");
        return result!;
    }

    private static void SkipOnWindows() => Skip.If(OperatingSystem.IsWindows(), "Unix");

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileUser(uint user);
}
