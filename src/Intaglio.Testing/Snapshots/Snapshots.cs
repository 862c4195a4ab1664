using System.Runtime.CompilerServices;
using System.Text;
using DiffEngine;

namespace Intaglio.Testing;

/// <summary>
/// Compares texts with those that were accepted before, by the conventions of <see href="https://github.com/VerifyTests/Verify">Verify</see>:
/// <c>Class.Test.verified.ext</c> lies beside the test's file, what was received instead as <c>Class.Test.received.ext</c> beside it, and on a developer's
/// machine a diff tool opens with both. To accept what was received, rename it. On build servers no tool opens.
/// </summary>
public static class Snapshots
{
    /// <summary>Verifies the code that was generated for a model, file by file: <c>Class.Test#App.Story.Forward.g.verified.cs</c>.</summary>
    /// <remarks>
    /// It shows that neither an edit of the declaration nor a new version of Intaglio changes what runs unseen. It cannot show that what runs is right.
    /// </remarks>
    /// <typeparam name="TModel">The model's class.</typeparam>
    /// <param name="test">Filled in by the compiler.</param>
    /// <param name="sourceFile">Filled in by the compiler.</param>
    /// <exception cref="SnapshotException">
    /// Files differ, none has been accepted yet, or an accepted file is no longer generated; or the model's assembly has no portable PDB beside it.
    /// </exception>
    public static async Task Verify<TModel>([CallerMemberName] string test = "", [CallerFilePath] string sourceFile = "")
        where TModel : LanguageModel => await Verify(GeneratedCode.Of<TModel>(), test, sourceFile);

    /// <summary>Verifies one text.</summary>
    /// <param name="received">The text, its lines ended by line feeds.</param>
    /// <param name="extension">The files' extension, without a dot.</param>
    /// <param name="test">Filled in by the compiler.</param>
    /// <param name="sourceFile">Filled in by the compiler.</param>
    /// <exception cref="SnapshotException">The texts differ, or none has been accepted yet.</exception>
    public static async Task Verify(string received, string extension = "txt", [CallerMemberName] string test = "", [CallerFilePath] string sourceFile = "")
    {
        if (await Compare(Stem(sourceFile, test), received, extension) is { } difference)
            throw new SnapshotException(difference);
    }

    /// <summary>Verifies a text that is accepted in a file of its own, such as a page of the documentation.</summary>
    /// <param name="received">The text.</param>
    /// <param name="verifiedFile">Where the accepted one is; what is received instead is written beside it, as <c>page.received.md</c>.</param>
    /// <exception cref="SnapshotException">The texts differ, or the file is not there.</exception>
    public static async Task VerifyFile(string received, string verifiedFile)
    {
        if (await CompareFiles(verifiedFile, Path.ChangeExtension(verifiedFile, $"received{Path.GetExtension(verifiedFile)}"), received) is { } difference)
            throw new SnapshotException(difference);
    }

    /// <summary>Verifies every file that a generator emitted, as <c>Class.Test#App.Story.Forward.g.verified.cs</c>, and that none is missing.</summary>
    /// <param name="received">Hint names and texts.</param>
    /// <param name="test">Filled in by the compiler.</param>
    /// <param name="sourceFile">Filled in by the compiler.</param>
    /// <exception cref="SnapshotException">Texts differ, none has been accepted yet, or an accepted file is no longer emitted.</exception>
    public static async Task Verify(IEnumerable<(string HintName, string Text)> received, [CallerMemberName] string test = "", [CallerFilePath] string sourceFile = "")
    {
        ArgumentNullException.ThrowIfNull(received);
        var stem = Stem(sourceFile, test);
        var differences = new List<string>();
        var names = new HashSet<string>();
        foreach (var (hintName, text) in received)
        {
            var name = $"{stem}#{Path.GetFileNameWithoutExtension(hintName)}";
            names.Add(Path.GetFileName(name));
            if (await Compare(name, text, "cs") is { } difference)
                differences.Add(difference);
        }

        var accepted = Directory.EnumerateFiles(Path.GetDirectoryName(stem)!, $"{Path.GetFileName(stem)}#*.verified.cs");
        differences.AddRange(accepted
            .Where(file => !names.Contains(Path.GetFileName(file).Replace(".verified.cs", "", StringComparison.Ordinal)))
            .Select(file => $"{file} is no longer emitted; delete it if that is right."));
        if (differences.Count > 0)
            throw new SnapshotException(string.Join("\n", differences));
    }

    /// <returns>The path of a test's snapshots, up to their extensions.</returns>
    private static string Stem(string sourceFile, string test)
    {
        var folder = Path.GetDirectoryName(sourceFile);
        if (!Directory.Exists(folder))
        {
            throw new SnapshotException(
                $"{sourceFile} was compiled elsewhere, or its path was mapped: snapshots lie beside it. Run tests where they were built, with DeterministicSourcePaths set to false in the test project.");
        }

        return Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(sourceFile)}.{test}");
    }

    /// <returns>What differs, or null.</returns>
    private static Task<string?> Compare(string stem, string received, string extension) =>
        CompareFiles($"{stem}.verified.{extension}", $"{stem}.received.{extension}", received);

    private static async Task<string?> CompareFiles(string verifiedFile, string receivedFile, string received)
    {
        // A checkout may have changed the ends of lines; nothing else is forgiven.
        var verified = File.Exists(verifiedFile) ? (await File.ReadAllTextAsync(verifiedFile)).ReplaceLineEndings("\n") : null;
        if (verified == received)
        {
            File.Delete(receivedFile);
            return null;
        }

        await File.WriteAllTextAsync(receivedFile, received, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        await DiffRunner.LaunchForTextAsync(receivedFile, verifiedFile);
        return verified is null
            ? $"Nothing is accepted yet for {receivedFile}; if it is right, rename it to {verifiedFile}."
            : $"{FirstDifference(verified, received)} Received: {receivedFile}. Verified: {verifiedFile}. If the change is right, replace the second by the first.";
    }

    private static string FirstDifference(string verified, string received)
    {
        var (before, after) = (verified.Split('\n'), received.Split('\n'));
        var line = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"Line {line + 1} was '{before.ElementAtOrDefault(line)}' and is '{after.ElementAtOrDefault(line)}'.";
    }
}

/// <summary>A text is not the accepted one. The message names the files, and the first line that differs.</summary>
/// <param name="message">What differs.</param>
public sealed class SnapshotException(string message) : IntaglioException(message);
