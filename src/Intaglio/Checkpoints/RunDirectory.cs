using System.Globalization;

namespace Intaglio.Checkpoints;

/// <summary>A checkpoint of a run.</summary>
/// <param name="Step">Steps that the run had made.</param>
/// <param name="Path">Its directory.</param>
internal readonly record struct SavedCheckpoint(long Step, string Path);

/// <summary>
/// The directory of a run, with one writer: <c>checkpoint-N</c> for each step N that was saved. Whatever has such a name is whole, since it got the name last
/// and loses it first; what is being written, replaced or deleted has names with a dot in front, and is cleared away when the directory is opened again.
/// </summary>
internal sealed class RunDirectory : IDisposable
{
    private const string Prefix = "checkpoint-";
    private const string Unfinished = ".unfinished-";
    private const string Replaced = ".replaced-";
    private const string Deleted = ".deleted-";
    private const string Damaged = "damaged-";
    private const string LockName = ".lock";

    // Held as long as the object lives; the system gives it back when a process ends, however it ends.
    private readonly FileStream _lock;

    private RunDirectory(string path, FileStream writersLock)
    {
        Path = path;
        _lock = writersLock;
    }

    /// <summary>Where it is, in full.</summary>
    public string Path { get; }

    /// <summary>Becomes the directory's writer, makes it if it does not exist, and clears away what a writer before left unfinished.</summary>
    /// <exception cref="CheckpointException">It cannot be written, or another process writes it.</exception>
    public static RunDirectory Open(string path)
    {
        var full = FullPath(path);
        try
        {
            Directory.CreateDirectory(full);
            var run = new RunDirectory(full, new(System.IO.Path.Combine(full, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            run.Clean();
            return run;
        }
        catch (Exception fault) when (FileFault.IsOfWriting(fault))
        {
            throw CannotWrite(full, fault);
        }
    }

    /// <summary>A directory's one name: in full, and without a separator at its end.</summary>
    public static string FullPath(string path) => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));

    /// <summary>The checkpoints of a directory, by step; none where it is no run's.</summary>
    public static SavedCheckpoint[] Checkpoints(string path) => !Directory.Exists(path) ? [] :
    [
        .. from directory in Directory.EnumerateDirectories(path, Prefix + "*")
           let step = StepOf(directory)
           where step is not null
           orderby step
           select new SavedCheckpoint(step.Value, directory),
    ];

    /// <summary>Whether a path is a checkpoint, whole or damaged, by its name or, where it was copied and renamed, by its manifest.</summary>
    public static bool IsCheckpoint(string path) => StepOf(path) is not null || CheckpointManifest.IsIn(path);

    /// <summary>Saves a checkpoint: all of it, or nothing.</summary>
    /// <param name="step">Steps that the run has made; a checkpoint of the same step is replaced.</param>
    /// <param name="write">Writes all files.</param>
    /// <returns>Its directory.</returns>
    /// <exception cref="CheckpointException">Something cannot be written.</exception>
    public string Save(long step, Action<CheckpointWriter> write)
    {
        var name = NameOf(step);
        var unfinished = In(Unfinished + name);
        try
        {
            Directory.CreateDirectory(unfinished);
            var writer = new CheckpointWriter(unfinished);
            write(writer);
            writer.Complete();
            Publish(name);
            return In(name);
        }
        catch (Exception fault)
        {
            TryDelete(unfinished);
            if (FileFault.IsOfWriting(fault))
                throw CannotWrite(In(name), fault);
            throw;
        }
    }

    /// <summary>
    /// Deletes checkpoints up to one that stands, but for the last <paramref name="keep"/> and that of <paramref name="best"/>. Later ones are not this
    /// run's to judge: they were there when it went on from an earlier one.
    /// </summary>
    /// <exception cref="CheckpointException">One cannot be deleted.</exception>
    public void Prune(long newest, int keep, long? best)
    {
        var deleted = Checkpoints(Path).Where(checkpoint => checkpoint.Step <= newest).SkipLast(keep).Where(checkpoint => checkpoint.Step != best);
        foreach (var checkpoint in deleted)
        {
            var trash = In(Deleted + NameOf(checkpoint.Step));
            Rename(checkpoint, trash);
            Change(trash, () => Directory.Delete(trash, recursive: true));
        }
    }

    /// <summary>The newest checkpoint that can be read.</summary>
    /// <param name="path">The run's directory.</param>
    /// <param name="skipDamaged">Whether to look further when one is damaged.</param>
    /// <param name="read">Reads a checkpoint, or throws.</param>
    /// <returns>The checkpoint, what was read, and what is wrong with those that are newer.</returns>
    /// <exception cref="CheckpointException">There is none, or the newest is damaged and not to be skipped.</exception>
    public static (SavedCheckpoint Checkpoint, T Content, IReadOnlyList<CheckpointException> Damaged) Newest<T>(string path, bool skipDamaged, Func<string, T> read)
    {
        var damaged = new List<CheckpointException>();
        foreach (var checkpoint in Checkpoints(path).Reverse())
        {
            try
            {
                return (checkpoint, read(checkpoint.Path), damaged);
            }
            catch (CheckpointException fault) when (skipDamaged)
            {
                damaged.Add(fault);
            }
        }

        throw damaged is [var first, ..]
            ? new CheckpointException(path, null, "a checkpoint that is whole", $"{damaged.Count} damaged", $"all {damaged.Count} checkpoints are damaged; the newest: {first.Message}", first)
            : NoCheckpoint(path);
    }

    /// <summary>Renames checkpoints after a step, so that they are kept for a look but no longer found.</summary>
    /// <exception cref="CheckpointException">One cannot be renamed.</exception>
    public void SetAside(long after)
    {
        foreach (var checkpoint in Checkpoints(Path).Where(checkpoint => checkpoint.Step > after))
            Rename(checkpoint, In(Damaged + NameOf(checkpoint.Step)));
    }

    public static CheckpointException NoCheckpoint(string path) => new(
        path, null, $"a directory {Prefix}N", "none", $"there is no checkpoint here; expected a run's directory with a {Prefix}N in it, or such a checkpoint itself");

    public void Dispose() => _lock.Dispose();

    private static long? StepOf(string path)
    {
        var name = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(path));
        return name.StartsWith(Prefix, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var step) && name == NameOf(step) ? step : null;
    }

    private static string NameOf(long step) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step}");

    private string In(string name) => System.IO.Path.Combine(Path, name);

    // Durable before anything else is done; what has the new name gives way.
    private void Rename(SavedCheckpoint checkpoint, string name) => Change(checkpoint.Path, () =>
    {
        if (Directory.Exists(name))
            Directory.Delete(name, recursive: true);
        Directory.Move(checkpoint.Path, name);
        AtomicFile.FlushDirectory(Path);
    });

    private static void Change(string path, Action change)
    {
        try
        {
            change();
        }
        catch (Exception fault) when (FileFault.IsOfWriting(fault))
        {
            throw CannotWrite(path, fault);
        }
    }

    private static CheckpointException CannotWrite(string path, Exception fault) => new(
        path, null, "a directory that can be written", fault.Message, $"cannot be written: {fault.Message}. Choose another directory, mend its permissions, or end the run that uses it", fault);

    private void Publish(string name)
    {
        var (final, replaced) = (In(name), In(Replaced + name));
        var replaces = Directory.Exists(final);
        if (replaces)
            Directory.Move(final, replaced);

        Directory.Move(In(Unfinished + name), final);
        AtomicFile.FlushDirectory(Path);
        if (replaces)
            Directory.Delete(replaced, recursive: true);
    }

    private void Clean()
    {
        foreach (var leftover in Directory.GetDirectories(Path, $".*{Prefix}*"))
        {
            // Cut off between the two renames of a replacement: the old one is the only one.
            var name = System.IO.Path.GetFileName(leftover);
            if (name.StartsWith(Replaced, StringComparison.Ordinal) && !Directory.Exists(In(name[Replaced.Length..])))
                Directory.Move(leftover, In(name[Replaced.Length..]));
            else
                Directory.Delete(leftover, recursive: true);
        }
    }

    // What cannot be deleted now is cleared away when the directory is opened again; the fault before it is the one to tell.
    private static void TryDelete(string directory)
    {
        try
        {
            if (Directory.Exists(directory))
                Directory.Delete(directory, recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
        }
    }
}
