using System.Diagnostics.CodeAnalysis;

namespace Intaglio.Checkpoints;

/// <summary>A tensor and the file that has it.</summary>
internal sealed record StoredTensor(SafetensorsReader File, SafetensorsTensor Tensor)
{
    /// <summary>The name of the file.</summary>
    public string FileName => System.IO.Path.GetFileName(File.Path);
}

/// <summary>
/// A checkpoint's tensors: those of model.safetensors or, where that is not there, those of the files that model.safetensors.index.json names. Where there are
/// both the index is not looked at, as transformers does not.
/// </summary>
internal sealed class WeightFiles : IDisposable
{
    private readonly List<SafetensorsReader> _files = [];
    private readonly Dictionary<string, StoredTensor> _byName = new(StringComparer.Ordinal);

    private WeightFiles(string path) => Path = path;

    /// <summary>The file that stands for all: the only one, or the index.</summary>
    public string Path { get; }

    /// <summary>Whether the tensors are in the files of an index.</summary>
    public bool IsSharded { get; private init; }

    /// <summary>All tensors.</summary>
    public IEnumerable<StoredTensor> Tensors => _files.SelectMany(static file => file.Tensors.Select(tensor => new StoredTensor(file, tensor)));

    /// <summary>Opens a checkpoint's files and checks headers and index.</summary>
    /// <exception cref="CheckpointException">A file is missing or damaged, or the index does not describe the others.</exception>
    public static WeightFiles Open(string directory)
    {
        var single = CheckpointDirectory.Weights(directory);
        var isSharded = !File.Exists(single);
        var files = new WeightFiles(isSharded ? CheckpointDirectory.Index(directory) : single) { IsSharded = isSharded };
        try
        {
            if (isSharded)
                files.OpenShards(directory);
            else
                files.Add(single);
            return files;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Looks a tensor up.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out StoredTensor? tensor) => _byName.TryGetValue(name, out tensor);

    public void Dispose() => _files.ForEach(static file => file.Dispose());

    private void Add(string path)
    {
        var file = SafetensorsReader.Open(path);
        _files.Add(file);

        // A name that another file has, too, is found by comparison with the map.
        foreach (var tensor in file.Tensors)
            _byName.TryAdd(tensor.Name, new(file, tensor));
    }

    private void OpenShards(string directory)
    {
        var index = WeightsIndex.Read(Path);
        foreach (var name in index.Files)
        {
            var path = System.IO.Path.Combine(directory, name);
            if (!File.Exists(path))
                throw Fault(index.WeightMap.First(pair => pair.Value == name).Key, $"{Excerpt.Of(name)} beside the index", "nothing", $"the file is not there; all {index.Files.Count} files of the index are needed");
            Add(path);
        }

        CheckMap(index);
        var bytes = Tensors.Sum(stored => stored.Tensor.Bytes);
        if (index.TotalBytes is { } total && total != bytes)
            throw new CheckpointException(Path, "metadata.total_size", $"{bytes}", $"{total}", $"metadata.total_size: expected {bytes}, the size of all tensors in the {index.Files.Count} files, found {total}; index and files are not of one checkpoint");
    }

    private void CheckMap(WeightsIndex index)
    {
        var inFiles = 0;
        foreach (var stored in Tensors)
        {
            var (name, file) = (stored.Tensor.Name, Excerpt.Of(stored.FileName));
            if (!index.WeightMap.TryGetValue(name, out var mapped))
                throw Fault(name, file, "nothing", $"the tensor is in {file}, of which the map does not know");
            if (mapped != stored.FileName)
                throw Fault(name, file, Excerpt.Of(mapped), $"the tensor is in {file}, the map says {Excerpt.Of(mapped)}");
            inFiles++;
        }

        if (inFiles == index.WeightMap.Count)
            return;

        var (missing, where) = index.WeightMap.First(pair => !TryGet(pair.Key, out _));
        throw Fault(missing, $"the tensor in {Excerpt.Of(where)}", "nothing", $"the map says {Excerpt.Of(where)}, which has no such tensor");
    }

    private CheckpointException Fault(string tensor, string expected, string actual, string says)
    {
        var key = $"weight_map.{tensor}";
        return new(Path, key, expected, actual, $"{Excerpt.Of(key)}: expected {expected}, found {actual}: {says}");
    }
}
