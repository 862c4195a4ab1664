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
    private string? _corpus;
    private TokenCorpus? _checkedCorpus;

    /// <summary>
    /// Saves the run into a directory: first <see cref="TrainingCheckpoint.FileName"/> with weights, moments and all else that a resume needs, then the model
    /// as <see cref="LanguageModel.Save"/> does. Each file appears whole or not at all.
    /// </summary>
    /// <param name="directory">Where; it is made if it does not exist.</param>
    /// <exception cref="CheckpointException">The directory cannot be written.</exception>
    public void SaveCheckpoint(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var file = Path.Combine(directory, TrainingCheckpoint.FileName);
        try
        {
            Directory.CreateDirectory(directory);
            WriteState(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(file, null, "a file that can be written", fault.Message, $"cannot be written: {fault.Message}", fault);
        }

        _model.Save(directory);
    }

    /// <summary>
    /// Goes on with the run that a directory holds: weights, moments, steps made and losses become those of the checkpoint. With the same options and
    /// corpus the rest of the run is, bit for bit, what it would have been without the interruption.
    /// </summary>
    /// <param name="directory">Where <see cref="SaveCheckpoint"/> saved.</param>
    /// <param name="corpus">What the run will go on with; where given, it is checked to be what the run began with, as <see cref="Fit"/> does later.</param>
    /// <exception cref="DataException">The corpus is another one; nothing has changed then.</exception>
    /// <exception cref="CheckpointException">
    /// There is no checkpoint, it is damaged, it belongs to another model, or it was trained with other options; nothing has changed then.
    /// </exception>
    public void Resume(string directory, TokenCorpus? corpus = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        WeightsClaim.Take(_model, this);
        using var reader = SafetensorsReader.Open(Path.Combine(directory, TrainingCheckpoint.FileName));
        var checkpoint = TrainingCheckpoint.Read(reader);
        RequireSameRun(checkpoint, reader.Path);
        foreach (var (prefix, _) in StateBuffers())
            RequireTensors(reader, prefix);

        var hash = corpus is null ? checkpoint.Corpus : RequireCorpus(corpus, checkpoint.Corpus, reader.Path);
        foreach (var (prefix, buffer) in StateBuffers())
            ReadTensors(reader, prefix, buffer);

        CompletedSteps = checkpoint.CompletedSteps;
        _corpus = hash;
        _checkedCorpus = corpus;
        History.Clear();
        for (var step = 0; step < checkpoint.TrainingLosses.Count; step++)
            History.AddTraining(new(step + 1, checkpoint.TrainingLosses[step]));
        foreach (var point in checkpoint.ValidationLosses)
            History.AddValidation(point);
    }

    private void WriteState(string file)
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
        var parameters = _model.Description.Parameters;
        SafetensorsEntry[] entries =
        [
            .. from state in StateBuffers()
               from parameter in parameters.Parameters()
               select new SafetensorsEntry(state.Prefix + parameter.Name, TensorTypes.F32, ShapeOf(parameter)),
        ];

        using var writer = new SafetensorsWriter(file, entries, new Dictionary<string, string> { [TrainingCheckpoint.MetadataKey] = checkpoint.ToJson() });
        var chunk = ArrayPool<float>.Shared.Rent(ChunkElements);
        foreach (var (_, buffer) in StateBuffers())
        {
            foreach (var (offset, count) in Chunks(parameters))
            {
                buffer.Read(chunk.AsSpan(0, count), offset * sizeof(float));
                writer.Write<float>(chunk.AsSpan(0, count));
            }
        }

        ArrayPool<float>.Shared.Return(chunk);
        writer.Commit();
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
        return options with
        {
            ContextLength = _time,
            MinimumLearningRate = (float)schedule.Minimum,
            WarmupSteps = schedule.WarmupSteps,
            DecaySteps = schedule.DecaySteps,
        };
    }

    private (string Prefix, DeviceBuffer Buffer)[] StateBuffers() =>
    [
        (TrainingCheckpoint.WeightsPrefix, _model.Weights),
        (TrainingCheckpoint.FirstMomentsPrefix, _firstMoments),
        (TrainingCheckpoint.SecondMomentsPrefix, _secondMoments),
    ];

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
