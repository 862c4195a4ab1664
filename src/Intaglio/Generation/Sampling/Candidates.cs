namespace Intaglio.Generation;

/// <summary>A token that may be chosen.</summary>
/// <param name="Token">The token.</param>
/// <param name="Logit">Its logit, as the stages so far have left it.</param>
public readonly record struct Candidate(int Token, float Logit) : IComparable<Candidate>
{
    /// <summary>Orders by falling logit; of equal ones the lower token comes first, so that every choice is defined.</summary>
    public int CompareTo(Candidate other)
    {
        var byLogit = other.Logit.CompareTo(Logit);
        return byLogit != 0 ? byLogit : Token.CompareTo(other.Token);
    }
}

/// <summary>The tokens that are left to choose from, in a buffer that the session owns.</summary>
public ref struct Candidates(Span<Candidate> items)
{
    /// <summary>The candidates, in no particular order.</summary>
    public Span<Candidate> Items { get; private set; } = items;

    /// <summary>Drops all but the first <paramref name="count"/> of <see cref="Items"/>.</summary>
    public void Keep(int count) => Items = Items[..count];

    /// <summary>The largest logit.</summary>
    public readonly float LargestLogit()
    {
        var largest = float.NegativeInfinity;
        foreach (var candidate in Items)
            largest = Math.Max(largest, candidate.Logit);

        return largest;
    }

    /// <summary>Moves the <paramref name="count"/> likeliest candidates to the front, in no particular order (Hoare's quickselect).</summary>
    /// <param name="count">From 0 to the number of candidates.</param>
    public readonly void Select(int count)
    {
        var (low, high) = (0, Items.Length - 1);
        while (low < high && count > low && count <= high)
        {
            var (left, right) = Partition(low, high);

            // Everything up to `right` precedes everything from `left` on; what lies between equals the pivot and is in its place.
            if (count <= right)
                high = right;
            else if (count > left)
                low = left;
            else
                return;
        }
    }

    private readonly (int Left, int Right) Partition(int low, int high)
    {
        var pivot = Items[low + ((high - low) / 2)];
        var (left, right) = (low, high);
        while (left <= right)
        {
            while (Items[left].CompareTo(pivot) < 0)
                left++;
            while (Items[right].CompareTo(pivot) > 0)
                right--;
            if (left > right)
                break;

            (Items[left], Items[right]) = (Items[right], Items[left]);
            left++;
            right--;
        }

        return (left, right);
    }
}
