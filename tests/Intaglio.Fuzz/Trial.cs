using Intaglio.Runtime.Tests.Checkpoints;

namespace Intaglio.Fuzz;

/// <summary>How an input went.</summary>
/// <param name="Fault">What is wrong; null where nothing is.</param>
/// <param name="IsLoaded">Whether it was taken for a good file.</param>
/// <param name="Allocated">What parsing allocated.</param>
internal sealed record Verdict(string? Fault, bool IsLoaded, long Allocated);

/// <summary>Tries an input.</summary>
internal static class Trial
{
    // All contradictions of a configuration together, each with an excerpt.
    private const int LongestMessage = 4000;

    public static Verdict Run(Input input, TemporaryDirectory directory) => input.IsFile ? RunFile(input, directory["input"]) : RunContent(input);

    private static Verdict RunFile(Input input, string path)
    {
        File.WriteAllBytes(path, input.Content);
        try
        {
            input.Format.ParseFile(path);
            return new(null, true, 0);
        }
        catch (Exception fault)
        {
            return new(Undocumented(fault, path), false, 0);
        }
    }

    private static Verdict RunContent(Input input)
    {
        var (format, content) = (input.Format, input.Content);
        var before = GC.GetAllocatedBytesForCurrentThread();
        long allocated;
        try
        {
            var parsed = format.Parse(content);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            format.Check(content, parsed);
        }
        catch (Exception fault)
        {
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            return new(Undocumented(fault, AllFormats.Path) ?? Excessive(input, allocated), false, allocated);
        }

        return new(Excessive(input, allocated), true, allocated);
    }

    private static string? Excessive(Input input, long allocated)
    {
        var most = input.Format.MaximumAllocation(input.Content.Length);
        return allocated <= most ? null : $"{allocated} bytes were allocated for {input.Content.Length}; at most {most} are promised";
    }

    // A documented error is of its type, begins with the file, and is fit to be shown.
    private static string? Undocumented(Exception fault, string path) => fault switch
    {
        not (CheckpointException or DataException) => $"{fault}",
        CheckpointException { Expected: null or "" } or CheckpointException { Actual: null or "" } => $"nothing is said of what was expected or found: {fault}",
        _ when !fault.Message.StartsWith(path, StringComparison.Ordinal) => $"the message does not begin with the file: {fault}",
        _ when fault.Message.Length > LongestMessage => $"the message has {fault.Message.Length} characters: {fault}",
        _ when fault.Message.Any(char.IsControl) => $"the message has control characters: {fault}",
        _ => null,
    };
}
