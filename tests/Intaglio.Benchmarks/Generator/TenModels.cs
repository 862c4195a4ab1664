namespace Intaglio.Benchmarks;

/// <summary>A source file that declares ten models of different kinds; <c>tests/cold-build</c> builds the same.</summary>
internal static class TenModels
{
    public static string Source { get; } = Read();

    private static string Read()
    {
        using var stream = typeof(TenModels).Assembly.GetManifestResourceStream("TenModels.cs")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
