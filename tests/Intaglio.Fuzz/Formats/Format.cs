namespace Intaglio.Fuzz;

/// <summary>A kind of file that the library reads.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Good">Files that load, with which most mutations begin.</param>
/// <param name="Odd">Files that do not.</param>
/// <param name="Parse">Reads a content; what it gives goes to <paramref name="Check"/>.</param>
/// <param name="ParseFile">Reads a file.</param>
internal sealed record Format(string Name, IReadOnlyList<byte[]> Good, IReadOnlyList<byte[]> Odd, Func<byte[], object> Parse, Action<string> ParseFile)
{
    /// <summary>Files that mutations begin with.</summary>
    public IEnumerable<byte[]> Seeds => Good.Concat(Odd);

    /// <summary>Asks of what was read whatever holds of a good file.</summary>
    /// <exception cref="InvalidDataException">It does not hold.</exception>
    public Action<byte[], object> Check { get; init; } = static (_, _) => { };

    /// <summary>How many bytes parsing may allocate for each byte of the content.</summary>
    public required int AllocationPerByte { get; init; }

    /// <summary>How many bytes parsing may allocate for any content, the error included.</summary>
    public required int AllocationBesides { get; init; }

    /// <summary>Takes the text out of a content, and what is around it.</summary>
    public Func<byte[], (byte[] Text, byte[] Around)> Split { get; init; } = static content => (content, []);

    /// <summary>Makes a content of a text and what is around it.</summary>
    public Func<byte[], byte[], byte[]> Join { get; init; } = static (text, _) => text;

    /// <summary>The most that parsing may allocate.</summary>
    public long MaximumAllocation(int bytes) => ((long)AllocationPerByte * bytes) + AllocationBesides;
}
