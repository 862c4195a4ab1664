namespace Intaglio;

/// <summary>Something that a user of Intaglio can mend: a file, a device, a corpus. The message says what and how.</summary>
public class IntaglioException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A checkpoint that is damaged, or that belongs to another model.</summary>
public sealed class CheckpointException(string file, string? key, string? expected, string? actual, string message, Exception? inner = null)
    : IntaglioException($"{file}: {message}", inner)
{
    /// <summary>The file.</summary>
    public string File { get; } = file;

    /// <summary>The tensor or configuration key, where one is to blame.</summary>
    public string? Key { get; } = key;

    /// <summary>What should have been there.</summary>
    public string? Expected { get; } = expected;

    /// <summary>What was there.</summary>
    public string? Actual { get; } = actual;
}

/// <summary>Training whose loss or gradient is no longer a finite number. The weights are those before the step, so that it can be made again.</summary>
public sealed class DivergedException(long step, string? launch, string? checkpoint, string message)
    : IntaglioException(message)
{
    /// <summary>The step that failed, from 1.</summary>
    public long Step { get; } = step;

    /// <summary>
    /// The first launch with a result that is not finite, as the model's emitted code has it: <c>Layer 3: Attention&lt;FourHeadsOf32, CausalMask,
    /// ScaledScore&gt; -&gt; Attended</c>; null where a parameter itself is not finite, or
    /// nothing but the sum of the gradient's squares.
    /// </summary>
    public string? Launch { get; } = launch;

    /// <summary>The run's last checkpoint; null where it has none.</summary>
    public string? Checkpoint { get; } = checkpoint;
}

/// <summary>A device that is missing, unusable or out of memory.</summary>
public sealed class DeviceException(string message, Exception? inner = null) : IntaglioException(message, inner);

/// <summary>Text or tokens that cannot be used.</summary>
public sealed class DataException(string? file, long? line, string message, Exception? inner = null)
    : IntaglioException(file is null ? message : line is null ? $"{file}: {message}" : $"{file}({line}): {message}", inner)
{
    /// <summary>The file, where there is one.</summary>
    public string? File { get; } = file;

    /// <summary>The line, from 1, where there is one.</summary>
    public long? Line { get; } = line;
}
