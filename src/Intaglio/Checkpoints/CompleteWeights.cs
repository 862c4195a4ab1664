namespace Intaglio.Checkpoints;

/// <summary>A model's weights on the disk, in one file or several with their index, with their names still to come. Disposed before that, they leave nothing.</summary>
internal sealed class CompleteWeights : IDisposable
{
    private readonly string _directory;
    private readonly Shard[] _shards;
    private readonly List<SafetensorsWriter> _files = [];
    private readonly AtomicFile? _index;

    public CompleteWeights(LanguageModel model, string directory, SaveOptions options)
    {
        var type = options.StorageFormat is { } format ? TensorTypes.Of(format) : model.StorageType;
        _ = TensorTypes.TryGetBits(type, out var bits);
        _directory = directory;
        _shards = Shard.Divide(model.Description.Parameters.Parameters(), bits / 8, options.MaxShardBytes);
        try
        {
            var weights = new WeightWriter(model, type);
            foreach (var shard in _shards)
                Write(shard, weights);
            if (IsSharded)
                _index = AtomicFile.Completed(CheckpointDirectory.Index(directory), Index(weights, bits / 8).ToJson());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private bool IsSharded => _shards.Length > 1;

    /// <summary>Puts the weights in the place of those that are there.</summary>
    public void Commit()
    {
        var index = CheckpointDirectory.Index(_directory);
        if (IsSharded && File.Exists(index) && Array.Exists(_shards, shard => File.Exists(PathOf(shard))))
            AtomicFile.Remove(index);

        foreach (var file in _files)
            file.Commit();
        _index?.Commit();
        if (IsSharded)
            AtomicFile.Remove(CheckpointDirectory.Weights(_directory));
    }

    /// <summary>Removes what is left of a checkpoint in other files.</summary>
    public void RemoveOthers()
    {
        if (!IsSharded)
            AtomicFile.Remove(CheckpointDirectory.Index(_directory));

        var names = _shards.Select(shard => shard.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.GetFiles(_directory).Where(path => Shard.IsName(Path.GetFileName(path)) && !names.Contains(Path.GetFileName(path))))
            File.Delete(path);
    }

    public void Dispose()
    {
        _files.ForEach(static file => file.Dispose());
        _index?.Dispose();
    }

    private string PathOf(Shard shard) => Path.Combine(_directory, shard.Name);

    private void Write(Shard shard, WeightWriter weights)
    {
        var file = new SafetensorsWriter(PathOf(shard), weights.Entries(shard.Parameters));
        _files.Add(file);
        weights.Write(shard.Parameters, file, PathOf(shard));
        file.Complete();
    }

    private WeightsIndex Index(WeightWriter weights, int bytesPerElement)
    {
        var map = _shards.SelectMany(shard => shard.Parameters.Select(parameter => (Name: weights.NameOf(parameter), File: shard.Name)));
        var bytes = _shards.Sum(shard => shard.Parameters.Sum(parameter => parameter.Entry.Count * bytesPerElement));
        return new(map.ToDictionary(pair => pair.Name, pair => pair.File, StringComparer.Ordinal), bytes);
    }
}
