using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Intaglio.Checkpoints;
using Intaglio.Data;
using Intaglio.Numerics;

namespace Intaglio;

/// <content>Saving a run and going on with it.</content>
public sealed partial class Trainer<TModel>
{
    private const int ChunkElements = 1 << 20;
    private RunDirectory? _run;
    private string? _corpus;
    private TokenCorpus? _checkedCorpus;

    /// <summary>The checkpoint that was saved or resumed last, by its directory; null before the first.</summary>
    public string? LastCheckpoint { get; private set; }

    private string WhereToGoOn => LastCheckpoint is null ? "nothing of the run has been saved" : $"the run's last checkpoint, to resume from, is {LastCheckpoint}";

    /// <summary>
    /// Saves the run as a directory <c>checkpoint-N</c> in the run's directory, N being <see cref="CompletedSteps"/>: all files are written and forced to the
    /// disk under another name first, so that a directory of that name is always whole. Then deletes older checkpoints as
    /// <see cref="TrainerOptions.CheckpointsToKeep"/> and <see cref="TrainerOptions.KeepBestCheckpoint"/> say.
    /// </summary>
    /// <param name="directory">The run's directory; it is made if it does not exist. The trainer stays its only writer until it is disposed or saves elsewhere.</param>
    /// <returns>The checkpoint's directory.</returns>
    /// <exception cref="CheckpointException">The directory cannot be written, or another process writes it; checkpoints that were there are as they were.</exception>
    public string SaveCheckpoint(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var run = OpenRun(directory);
        LastCheckpoint = run.Save(CompletedSteps, WriteFiles);
        if (Options.CheckpointsToKeep > 0)
            run.Prune(CompletedSteps, Options.CheckpointsToKeep, Options.KeepBestCheckpoint ? TrainingCheckpoint.BestStep(RunDirectory.Checkpoints(run.Path), History.Validation) : null);

        return LastCheckpoint;
    }

    /// <summary>
    /// Goes on with a saved run: weights, moments, steps made and losses become those of the checkpoint. With the same options and corpus the rest of the run
    /// is, bit for bit, what it would have been without the interruption.
    /// </summary>
    /// <param name="directory">A run's directory, for its newest checkpoint, or one checkpoint's own.</param>
    /// <param name="corpus">What the run will go on with; where given, it is checked to be what the run began with, as <c>Fit</c> does later.</param>
    /// <param name="skipDamaged">
    /// Whether to go on from the newest checkpoint that is whole where newer ones are damaged; those are then renamed to <c>damaged-checkpoint-N</c>.
    /// </param>
    /// <returns>The checkpoint, and what was found wrong with newer ones.</returns>
    /// <exception cref="DataException">The corpus is another one; nothing has changed then.</exception>
    /// <exception cref="CheckpointException">
    /// There is no checkpoint, it is damaged, it belongs to another model, or it was trained with other options; nothing has changed then.
    /// </exception>
    public ResumedRun Resume(string directory, TokenCorpus? corpus = null, bool skipDamaged = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        WeightsClaim.Take(_model, this);
        if (RunDirectory.IsCheckpoint(directory))
        {
            CheckpointManifest.Verified(directory);
            ReadFiles(directory, corpus);
            return new(LastCheckpoint!, []);
        }

        if (!Directory.Exists(directory))
            throw RunDirectory.NoCheckpoint(directory);

        var run = OpenRun(directory);
        var (checkpoint, _, damaged) = RunDirectory.Newest(run.Path, skipDamaged, CheckpointManifest.Verified);
        ReadFiles(checkpoint.Path, corpus);
        run.SetAside(after: checkpoint.Step);
        return new(checkpoint.Path, damaged);
    }

    private RunDirectory OpenRun(string directory)
    {
        if (_run?.Path == RunDirectory.FullPath(directory))
            return _run;

        _run?.Dispose();
        _run = null;
        return _run = RunDirectory.Open(directory);
    }

    // A run that begins in the directory of another would mix its checkpoints with later ones of the other.
    private void RequireOwn(string directory)
    {
        var isOwn = LastCheckpoint is not null && Path.GetDirectoryName(LastCheckpoint) == directory;
        if (!isOwn && RunDirectory.Checkpoints(directory) is [.., var newest] && newest.Step > CompletedSteps)
        {
            throw new CheckpointException(
                directory, null, "a directory for a new run", newest.Path, $"it holds a run that is further than this one, {newest.Path}; resume that one, or choose another directory");
        }
    }

    private void WriteFiles(CheckpointWriter files)
    {
        var checkpoint = new TrainingCheckpoint
        {
            Model = _model.Description.Name,
            CompletedSteps = CompletedSteps,
            Options = Resolved(Options),
            Corpus = _corpus,
            TrainingLosses = [.. History.Training.Select(point => point.Loss)],
            ValidationLosses = History.Validation,
        };
        files.Write(CheckpointDirectory.ConfigurationName, stream => stream.Write(ConfigurationFile.Content(_model.Description.Configuration)));
        files.Write(CheckpointDirectory.WeightsName, stream => CheckpointSaver.WriteWeights(_model, stream));
        files.Write(TrainingCheckpoint.OptimizerFileName, WriteMoments);
        files.Write(TrainingCheckpoint.FileName, stream => stream.Write(checkpoint.ToJson()));
    }

    private void WriteMoments(Stream stream)
    {
        var parameters = _model.Description.Parameters;
        SafetensorsEntry[] entries =
        [
            .. from moments in Moments()
               from parameter in parameters.Parameters()
               select new SafetensorsEntry(moments.Prefix + parameter.Name, TensorTypes.F32, ShapeOf(parameter)),
        ];

        using var writer = new SafetensorsWriter(stream, entries);
        var chunk = ArrayPool<float>.Shared.Rent(ChunkElements);
        foreach (var (_, buffer) in Moments())
        {
            foreach (var (offset, count) in Chunks(parameters))
            {
                buffer.Read(chunk.AsSpan(0, count), offset * sizeof(float));
                writer.Write<float>(chunk.AsSpan(0, count));
            }
        }

        ArrayPool<float>.Shared.Return(chunk);
        writer.Complete();
    }

    // The files have the hashes that the manifest says. Everything is checked before anything is changed.
    private void ReadFiles(string directory, TokenCorpus? corpus)
    {
        var checkpoint = TrainingCheckpoint.Read(directory);
        var state = Path.Combine(directory, TrainingCheckpoint.FileName);
        RequireSameRun(checkpoint, state);
        using var moments = SafetensorsReader.Open(Path.Combine(directory, TrainingCheckpoint.OptimizerFileName));
        foreach (var (prefix, _) in Moments())
            RequireTensors(moments, prefix);

        var hash = corpus is null ? checkpoint.Corpus : RequireCorpus(corpus, checkpoint.Corpus, state);
        CheckpointLoader.LoadFiles(_model, directory);
        foreach (var (prefix, buffer) in Moments())
            ReadTensors(moments, prefix, buffer);

        LastCheckpoint = RunDirectory.FullPath(directory);
        CompletedSteps = checkpoint.CompletedSteps;
        _corpus = hash;
        _checkedCorpus = corpus;
        History.Clear();
        for (var step = 0; step < checkpoint.TrainingLosses.Count; step++)
            History.AddTraining(new(step + 1, checkpoint.TrainingLosses[step]));
        foreach (var point in checkpoint.ValidationLosses)
            History.AddValidation(point);
    }

    private void RequireTensors(SafetensorsReader reader, string prefix)
    {
        foreach (var parameter in _model.Description.Parameters.Parameters())
        {
            var name = prefix + parameter.Name;
            var expected = ShapeOf(parameter);
            if (!reader.TryGet(name, out var tensor))
                throw new CheckpointException(reader.Path, name, "a tensor", "nothing", $"there is no tensor {name}");

            if (tensor.Type != TensorTypes.F32 || !tensor.Shape.SequenceEqual(expected))
            {
                var actual = $"{tensor.Type} [{string.Join(", ", tensor.Shape)}]";
                var wanted = $"{TensorTypes.F32} [{string.Join(", ", expected)}]";
                throw new CheckpointException(reader.Path, name, wanted, actual, $"{name} is {actual}, {_model.Description.Name} has {wanted}");
            }
        }
    }

    private void ReadTensors(SafetensorsReader reader, string prefix, DeviceBuffer buffer)
    {
        var chunk = ArrayPool<float>.Shared.Rent(ChunkElements);
        foreach (var parameter in _model.Description.Parameters.Parameters())
        {
            _ = reader.TryGet(prefix + parameter.Name, out var tensor);
            for (var start = 0L; start < parameter.Entry.Count; start += ChunkElements)
            {
                var values = chunk.AsSpan(0, (int)Math.Min(ChunkElements, parameter.Entry.Count - start));
                reader.Read(tensor!, values, start);
                buffer.Write<float>(values, (parameter.Offset + start) * sizeof(float));
            }
        }

        ArrayPool<float>.Shared.Return(chunk);
    }

    private void RequireSameRun(TrainingCheckpoint checkpoint, string file)
    {
        if (checkpoint.Model != _model.Description.Name)
            throw new CheckpointException(file, "model", _model.Description.Name, checkpoint.Model, $"it is a run of {checkpoint.Model}, not of {_model.Description.Name}");

        var (saved, now) = (checkpoint.Options, Resolved(Options));
        RequireSame(file, nameof(Options.BatchSize), saved.BatchSize, now.BatchSize);
        RequireSame(file, nameof(Options.ContextLength), saved.ContextLength, now.ContextLength);
        RequireSame(file, nameof(Options.SourceLength), saved.SourceLength, now.SourceLength);
        RequireSame(file, nameof(Options.GradientAccumulation), saved.GradientAccumulation, now.GradientAccumulation);
        RequireSame(file, nameof(Options.LearningRate), saved.LearningRate, now.LearningRate);
        RequireSame(file, nameof(Options.MinimumLearningRate), saved.MinimumLearningRate, now.MinimumLearningRate);
        RequireSame(file, nameof(Options.WarmupSteps), saved.WarmupSteps, now.WarmupSteps);
        RequireSame(file, nameof(Options.DecaySteps), saved.DecaySteps, now.DecaySteps);
        RequireSame(file, nameof(Options.WeightDecay), saved.WeightDecay, now.WeightDecay);
        RequireSame(file, nameof(Options.Beta1), saved.Beta1, now.Beta1);
        RequireSame(file, nameof(Options.Beta2), saved.Beta2, now.Beta2);
        RequireSame(file, nameof(Options.Epsilon), saved.Epsilon, now.Epsilon);
        RequireSame(file, nameof(Options.ClipNorm), saved.ClipNorm, now.ClipNorm);
        RequireSame(file, nameof(Options.Seed), saved.Seed, now.Seed);
    }

    private static void RequireSame<T>(string file, string option, T saved, T now)
    {
        if (EqualityComparer<T>.Default.Equals(saved, now))
            return;

        var (was, wanted) = (string.Create(CultureInfo.InvariantCulture, $"{saved}"), string.Create(CultureInfo.InvariantCulture, $"{now}"));
        throw new CheckpointException(file, option, was, wanted, $"the run was trained with {option} {was}, not {wanted}; resume it with {option} = {was}, or begin a new run");
    }

    // A resumed run takes its batches by their numbers, so another text would silently be another run.
    private static string RequireCorpus(TokenCorpus corpus, string? expected, string? file)
    {
        var hash = HashOf(corpus);
        return expected is null || expected == hash
            ? hash
            : throw new DataException(file, null, "the corpus is not the one that this run began with; give it the same text and split, or begin a new run");
    }

    private static string HashOf(TokenCorpus corpus)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(corpus.Training));
        hash.AppendData(BitConverter.GetBytes(corpus.Training.Length));
        hash.AppendData(MemoryMarshal.AsBytes(corpus.HeldOut));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private TrainerOptions Resolved(TrainerOptions options)
    {
        var schedule = options.Schedule;

        // Not where it is saved: a run is the same wherever its directory lies.
        return options with
        {
            CheckpointDirectory = null,
            ContextLength = _shape.Time,
            SourceLength = _shape.SourceTime,
            MinimumLearningRate = (float)schedule.Minimum,
            WarmupSteps = schedule.WarmupSteps,
            DecaySteps = schedule.DecaySteps,
        };
    }

    private (string Prefix, DeviceBuffer Buffer)[] Moments() => [("first_moments.", _firstMoments), ("second_moments.", _secondMoments)];

    private static IEnumerable<(long Offset, int Count)> Chunks(ParameterTable table)
    {
        foreach (var parameter in table.Parameters())
        {
            for (var start = 0L; start < parameter.Entry.Count; start += ChunkElements)
                yield return (parameter.Offset + start, (int)Math.Min(ChunkElements, parameter.Entry.Count - start));
        }
    }

    private static long[] ShapeOf(Parameter parameter) => [.. parameter.Entry.Shape.Select(side => (long)side)];
}
