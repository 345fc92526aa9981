namespace Touchstone.Index.Graph;

/// <summary>
/// Where the links of a graph lie in one array: level after level from the lowest, row after row, a fixed number of places each, of which
/// unused ones at the end hold <see cref="None"/>. Rows lie in random order, so that the first ones are a sample: level l holds
/// the first count ÷ linksˡ rows, and row 0, which is in each level, is where every walk begins. Immutable.
/// </summary>
internal sealed class GraphShape
{
    /// <summary>No row.</summary>
    public const int None = -1;

    private readonly int[] _counts;
    private readonly int[] _starts;

    /// <exception cref="ArgumentException">More links than one array holds.</exception>
    public GraphShape(int count, int links)
    {
        (Count, Links) = (count, links);
        List<int> counts = [count];
        while (counts[^1] / links >= links) counts.Add(counts[^1] / links);
        _counts = [.. counts];
        _starts = new int[counts.Count];
        long length = 0;
        for (int level = 0; level < _counts.Length; level++)
        {
            _starts[level] = (int)Math.Min(length, int.MaxValue);
            length += (long)_counts[level] * Places(level);
        }
        if (length > Array.MaxLength) throw new ArgumentException($"A graph of {count} rows with {links} links each is too large for one file; make several.", nameof(count));
        Length = (int)length;
    }

    public int Count { get; }

    public int Links { get; }

    /// <summary>Places for links in all.</summary>
    public int Length { get; }

    public int TopLevel => _counts.Length - 1;

    /// <summary>The highest level that holds the row.</summary>
    public int LevelOf(int row)
    {
        int level = 0;
        while (level < TopLevel && row < _counts[level + 1]) level++;
        return level;
    }

    /// <summary>Places for links that a row has in the level.</summary>
    public int Places(int level) => level == 0 ? 2 * Links : Links;

    /// <summary>Where the places of the row begin.</summary>
    /// <exception cref="DamagedGraphException">The level has no such row.</exception>
    public int Start(int level, int row)
    {
        if ((uint)row >= (uint)_counts[level]) throw new DamagedGraphException($"a link of level {level} leads to row {row} of {_counts[level]}");
        return _starts[level] + (row * Places(level));
    }
}

/// <summary>A link or a stretch of ids leads nowhere: the file is damaged.</summary>
internal sealed class DamagedGraphException(string message) : Exception(message);
