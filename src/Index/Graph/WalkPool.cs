namespace Touchstone.Index.Graph;

/// <summary>A row and its score; the row's flags say whether a walk has gone on from it and whether it may be an answer.</summary>
internal struct PoolEntry(int row, float score, bool passes)
{
    public readonly int Row = row;
    public readonly float Score = score;
    public readonly bool Passes = passes;
    public bool Left;
}

/// <summary>
/// The best rows of a walk, best first. It is as long as it must be for <c>width</c> rows that pass the filter, so that rows that do not pass are
/// walked through like all others. Not safe for concurrent use.
/// </summary>
internal sealed class WalkPool
{
    private PoolEntry[] _entries = new PoolEntry[256];
    private int _count;
    private int _passing;
    private int _width;
    private int _next;

    public ReadOnlySpan<PoolEntry> Entries => _entries.AsSpan(0, _count);

    /// <summary>A row with this score or less is not kept.</summary>
    public float Bound => _passing == _width ? _entries[_count - 1].Score : float.NegativeInfinity;

    public void Clear(int width) => (_count, _passing, _width, _next) = (0, 0, width, 0);

    /// <summary>Keeps a row whose score is above <see cref="Bound"/>.</summary>
    public void Add(int row, float score, bool passes)
    {
        int low = 0, high = _count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_entries[middle].Score >= score) low = middle + 1;
            else high = middle;
        }
        if (_count == _entries.Length) Array.Resize(ref _entries, _count * 2);
        _entries.AsSpan(low, _count - low).CopyTo(_entries.AsSpan(low + 1));
        _entries[low] = new PoolEntry(row, score, passes);
        _count++;
        if (low < _next) _next = low;
        if (passes) _passing++;
        while (_passing > _width || (_passing == _width && !_entries[_count - 1].Passes))
        {
            if (_entries[--_count].Passes) _passing--;
        }
    }

    /// <summary>The best row that the walk has not gone on from; false when there is none left.</summary>
    public bool TryTakeNext(out int row)
    {
        while (_next < _count && _entries[_next].Left) _next++;
        row = _next < _count ? _entries[_next].Row : GraphShape.None;
        if (row == GraphShape.None) return false;
        _entries[_next++].Left = true;
        return true;
    }
}
