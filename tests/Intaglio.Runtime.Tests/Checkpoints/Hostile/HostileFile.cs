using System.Text;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>A crafted file, and what must become of it.</summary>
/// <param name="Name">What is odd about it.</param>
/// <param name="Write">Its content.</param>
/// <param name="Complaint">What is said of it; null where it loads.</param>
internal sealed record HostileFile(string Name, Func<byte[]> Write, Complaint? Complaint)
{
    public static HostileFile Loads(string name, Func<byte[]> write) => new(name, write, null);

    public static HostileFile Loads(string name, string text) => new(name, () => Encoding.UTF8.GetBytes(text), null);

    public static HostileFile Fails(string name, Func<byte[]> write, Complaint complaint) => new(name, write, complaint);

    public static HostileFile Fails(string name, string text, Complaint complaint) => new(name, () => Encoding.UTF8.GetBytes(text), complaint);
}

/// <summary>What an error has to say.</summary>
/// <param name="Key">The key that is to blame, null where the file as a whole is.</param>
/// <param name="Expected">What should have been there.</param>
/// <param name="Actual">What was there; null where the words are those of the JSON parser.</param>
/// <param name="Says">What the message has besides the file; null where it is "key: expected this, found that".</param>
internal sealed record Complaint(string? Key, string? Expected, string? Actual, string? Says = null)
{
    public static Complaint Json(string? key, string says = "not valid JSON") => new(key, "valid JSON", null, says);

    public static Complaint Text(string says) => new(null, null, null, says);

    /// <summary>What must stand in the message.</summary>
    public string Message => Says ?? $"{Key}: expected {Expected}, found {Actual}";
}
