namespace Intaglio.Checkpoints;

/// <summary>Finds missing tensors under other prefixes: a checkpoint of a model that was wrapped in another has all names, each with a word in front.</summary>
internal sealed class OtherPrefixes
{
    // Words of a name that may be a prefix; more than any wrapper adds, and a hostile name may have a million.
    private const int MostWords = 4;

    private readonly HashSet<string> _expected = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Count, string Example)> _found = new(StringComparer.Ordinal);

    /// <summary>Notes a name that is missing, without a prefix.</summary>
    public void Expect(string name) => _expected.Add(name);

    /// <summary>Looks for a missing name in one that is there.</summary>
    public void Find(string name)
    {
        var names = _expected.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var (start, word) = (name.IndexOf('.') + 1, 0); start > 0 && word < MostWords; start = name.IndexOf('.', start) + 1, word++)
        {
            if (!names.Contains(name.AsSpan(start)))
                continue;

            var prefix = name[..start];
            var (count, example) = _found.GetValueOrDefault(prefix, (0, name));
            _found[prefix] = (count + 1, example);
        }
    }

    /// <summary>What was found, in words: the most frequent prefix alone.</summary>
    public IEnumerable<string> Found() => _found.OrderByDescending(pair => pair.Value.Count).Take(1).Select(pair =>
        $"{pair.Value.Count} of the missing tensors are there under the prefix {Excerpt.Of(pair.Key)}, such as {Excerpt.Of(pair.Value.Example)}: save the inner model, or take the prefix off");
}
