using System.Collections.Immutable;
using Intaglio.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Parsing.Architectures;

/// <summary>Finds the file that <c>[Architecture]</c> names among those that a project gives to the compiler.</summary>
internal static class ArchitectureFile
{
    /// <summary>How many files a message lists.</summary>
    private const int MostListed = 5;

    /// <param name="path">What the attribute says.</param>
    /// <param name="source">The file that carries the attribute; empty where it is not in this compilation.</param>
    /// <param name="files">The additional files.</param>
    /// <param name="location">Where to report that there is none, or that there are several.</param>
    /// <param name="problems">Where to add it.</param>
    public static AdditionalText? Find(string path, string source, ImmutableArray<AdditionalText> files, Location? location, Problems problems)
    {
        var wanted = Normalize(path);
        var fromSource = Normalize(source.Length == 0 ? path : $"{source}/../{path}");
        if (files.FirstOrDefault(file => Normalize(file.Path) == fromSource) is { } exact)
            return exact;

        var ending = files.Where(file => Normalize(file.Path) is var other && (other == wanted || other.EndsWith("/" + wanted, StringComparison.Ordinal))).ToList();
        if (ending.Count == 1)
            return ending[0];

        if (ending.Count == 0)
            problems.Add(Descriptors.ArchitectureFileMissing, location, path, List(files));
        else
            problems.Add(Descriptors.ArchitectureFileAmbiguous, location, path, List(ending));

        return null;
    }

    /// <summary>The path with slashes, and without steps that lead nowhere.</summary>
    public static string Normalize(string path)
    {
        var steps = new List<string>();
        foreach (var step in path.Replace('\\', '/').Split('/'))
        {
            if (step == ".." && steps.Count > 0 && steps[steps.Count - 1] is not ("" or ".."))
                steps.RemoveAt(steps.Count - 1);
            else if (step != "." && (step.Length > 0 || steps.Count == 0))
                steps.Add(step);
        }

        return string.Join("/", steps);
    }

    private static string List(IReadOnlyList<AdditionalText> files) =>
        files.Count == 0 ? "none" : string.Join(", ", files.Take(MostListed).Select(file => file.Path)) + (files.Count > MostListed ? $" and {Words.Number(files.Count - MostListed)} more" : "");
}
