using Microsoft.Build.Framework;

namespace Intaglio.Build;

/// <summary>
/// Writes a text beside the compiler's other intermediate files for each safetensors file that a project gives to analyzers, and puts it in the file's place: an analyzer may read no file
/// of its own accord, and what it is given it gets as decoded text, which of gigabytes of weights nobody wants. Files that have not changed since are left as they are.
/// </summary>
public sealed class IndexCheckpoints : ITask
{
    /// <inheritdoc/>
    public IBuildEngine? BuildEngine { get; set; }

    /// <inheritdoc/>
    public ITaskHost? HostObject { get; set; }

    /// <summary>The project's additional files.</summary>
    [Required]
    public ITaskItem[] Files { get; set; } = [];

    /// <summary>Where to write.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>Those of the files that are replaced.</summary>
    [Output]
    public ITaskItem[] Replaced { get; private set; } = [];

    /// <summary>The texts.</summary>
    [Output]
    public string[] Indexes { get; private set; } = [];

    /// <inheritdoc/>
    public bool Execute()
    {
        Replaced = [.. Files.Where(file => file.ItemSpec.EndsWith(CheckpointIndex.Weights, StringComparison.OrdinalIgnoreCase))];
        Indexes = [.. Files.SelectMany(file => CheckpointIndex.CheckpointsOf(file.GetMetadata("FullPath"))).Distinct(StringComparer.Ordinal).Select(Write)];
        return true;
    }

    private string Write(string checkpoint)
    {
        var index = Path.Combine(Folder, CheckpointIndex.NameOf(checkpoint));
        if (File.Exists(index) && File.ReadAllText(index).StartsWith(CheckpointIndex.StartOf(checkpoint), StringComparison.Ordinal))
            return index;

        // The editor's build and the command line's can run at once.
        Directory.CreateDirectory(Folder);
        var written = $"{index}.{Guid.NewGuid():N}";
        File.WriteAllText(written, CheckpointIndex.Of(checkpoint));
        File.Copy(written, index, overwrite: true);
        File.Delete(written);
        return index;
    }
}
