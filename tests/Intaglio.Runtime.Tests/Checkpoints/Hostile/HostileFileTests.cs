using Intaglio.Checkpoints;
using Intaglio.Data;
using Intaglio.Tokenizers;
using Xunit;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>Every crafted file loads, or is an error that names file, key and expectation; and none is anything worse.</summary>
public sealed class HostileFileTests : IDisposable
{
    // Its bytes, and two for each as UTF-16.
    private const int AllocationPerTextByte = 4;

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Safetensors => [.. SafetensorsFiles.All.Select(file => file.Name)];

    public static TheoryData<string> Configurations => [.. ConfigurationFiles.All.Select(file => file.Name)];

    public static TheoryData<string> Indices => [.. IndexFiles.All.Select(file => file.Name)];

    public static TheoryData<string> Characters => [.. CharacterFiles.All.Select(file => file.Name)];

    public static TheoryData<string> Texts => [.. TextFiles.All.Select(file => file.Name)];

    public static TheoryData<string> Documentation => [.. DocumentationFiles.All.Select(file => file.Name)];

    [Theory]
    [MemberData(nameof(Safetensors))]
    public void Safetensors_file_loads_or_is_reported(string name)
    {
        var file = SafetensorsFiles.All.Single(file => file.Name == name);

        CheckFault(file, path =>
        {
            using var reader = SafetensorsReader.Open(path);
            foreach (var tensor in reader.Tensors.Where(tensor => TensorTypes.IsReadable(tensor.Type)))
                Assert.Equal(tensor.Count, reader.Read(tensor.Name).Length);
        });
    }

    [Theory]
    [MemberData(nameof(Safetensors))]
    public void Opening_a_safetensors_file_allocates_in_proportion_to_its_header(string name)
    {
        var path = Write(SafetensorsFiles.All.Single(file => file.Name == name));
        var headerBytes = Math.Min(new FileInfo(path).Length, SafetensorsHeader.MaximumBytes);

        var allocated = Allocated(() => SafetensorsReader.Open(path).Dispose());

        Assert.InRange(allocated, 0, (SafetensorsReader.AllocationPerHeaderByte * headerBytes) + SafetensorsReader.AllocationBesides);
    }

    [Theory]
    [MemberData(nameof(Configurations))]
    public void Configuration_file_is_accepted_or_reported(string name) =>
        CheckFault(ConfigurationFiles.All.Single(file => file.Name == name), path => ConfigurationFile.Check(path, WeightsOnly.Gpt2().Configuration));

    [Theory]
    [MemberData(nameof(Configurations))]
    public void Reading_a_configuration_allocates_in_proportion_to_it(string name)
    {
        var path = Write(ConfigurationFiles.All.Single(file => file.Name == name));
        var entries = WeightsOnly.Gpt2().Configuration;

        var allocated = Allocated(() => ConfigurationFile.Check(path, entries));

        Assert.InRange(allocated, 0, (ConfigurationFile.AllocationPerByte * new FileInfo(path).Length) + SafetensorsReader.AllocationBesides);
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void Index_loads_or_is_reported(string name) => CheckFault(IndexFiles.All.Single(file => file.Name == name), path => WeightsIndex.Read(path));

    [Theory]
    [MemberData(nameof(Indices))]
    public void Reading_an_index_allocates_in_proportion_to_it(string name)
    {
        var path = Write(IndexFiles.All.Single(file => file.Name == name));

        var allocated = Allocated(() => WeightsIndex.Read(path));

        Assert.InRange(allocated, 0, (WeightsIndex.AllocationPerByte * new FileInfo(path).Length) + SafetensorsReader.AllocationBesides);
    }

    [Theory]
    [MemberData(nameof(Characters))]
    public void Characters_load_or_are_reported(string name) => CheckFault(CharacterFiles.All.Single(file => file.Name == name), path => CharacterTokenizer.Load(path));

    [Theory]
    [MemberData(nameof(Texts))]
    public void Text_loads_or_is_reported(string name)
    {
        var file = TextFiles.All.Single(file => file.Name == name);

        CheckFault(file, path => TokenCorpus.ReadText(path));
        var path = Write(file);
        Assert.InRange(Allocated(() => TokenCorpus.ReadText(path)), 0, (AllocationPerTextByte * new FileInfo(path).Length) + SafetensorsReader.AllocationBesides);
    }

    [Theory]
    [MemberData(nameof(Documentation))]
    public void Documentation_loads_or_is_reported(string name) => CheckFault(DocumentationFiles.All.Single(file => file.Name == name), path => XmlDocumentation.Read(path));

    [Fact]
    public void Text_longer_than_a_string_is_reported_and_not_read()
    {
        var path = _directory["long.txt"];
        using (var file = File.Create(path))
            file.SetLength(1_000_000_001);

        Assert.Contains("it has 1000000001 bytes", Assert.Throws<DataException>(() => TokenCorpus.ReadText(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_two_files_have_one_name() =>
        Assert.All(
            new[] { SafetensorsFiles.All, ConfigurationFiles.All, IndexFiles.All, CharacterFiles.All, TextFiles.All, DocumentationFiles.All },
            files => Assert.Equal(files.Count, files.DistinctBy(file => file.Name).Count()));

    public void Dispose() => _directory.Dispose();

    private string Write(HostileFile file)
    {
        var path = _directory["hostile"];
        File.WriteAllBytes(path, file.Write());
        return path;
    }

    private void CheckFault(HostileFile file, Action<string> load)
    {
        var path = Write(file);

        var fault = Record.Exception(() => load(path));

        if (file.Complaint is not { } complaint)
        {
            Assert.Null(fault);
            return;
        }

        Assert.NotNull(fault);
        Assert.StartsWith(path, fault.Message, StringComparison.Ordinal);
        Assert.Contains(complaint.Message, fault.Message, StringComparison.Ordinal);
        Assert.InRange(fault.Message.Length, 0, path.Length + 1000);
        Assert.DoesNotContain(fault.Message, char.IsControl);
        switch (fault)
        {
            case CheckpointException checkpoint:
                Assert.Equal((path, complaint.Key, complaint.Expected), (checkpoint.File, checkpoint.Key, checkpoint.Expected));
                Assert.False(string.IsNullOrEmpty(checkpoint.Actual));
                Assert.Equal(complaint.Actual ?? checkpoint.Actual, checkpoint.Actual);
                break;
            case DataException data:
                Assert.Equal(path, data.File);
                break;
            default:
                Assert.Fail($"{fault}");
                break;
        }
    }

    // Of the second call: the first one compiles methods and fills pools.
    private static long Allocated(Action load)
    {
        _ = Record.Exception(load);
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = Record.Exception(load);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
