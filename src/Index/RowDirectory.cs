namespace Touchstone.Index;

/// <summary>
/// Which id each row belongs to, and which rows each id has. Rows are dense: a removed row is filled by the last one.
/// Not safe for concurrent changes: the index around it locks.
/// </summary>
internal sealed class RowDirectory
{
    private readonly Dictionary<long, List<int>> _rowsOf = [];
    private long[] _ids = new long[256];

    public int Count { get; private set; }

    /// <summary>The id of each row.</summary>
    public ReadOnlySpan<long> Ids => _ids.AsSpan(0, Count);

    /// <summary>Gives the next row to the id.</summary>
    public void Append(long id)
    {
        if (Count == _ids.Length) Array.Resize(ref _ids, Count * 2);
        _ids[Count] = id;
        if (_rowsOf.TryGetValue(id, out List<int>? rows)) rows.Add(Count);
        else _rowsOf.Add(id, [Count]);
        Count++;
    }

    /// <summary>Removes all rows of the id, telling which row to copy where; false if it has none.</summary>
    public bool Remove(long id, Action<int, int> move)
    {
        if (!_rowsOf.Remove(id, out List<int>? rows)) return false;
        rows.Sort();
        for (int i = rows.Count - 1; i >= 0; i--) // from the back, so that the last row is never one of those still to go
        {
            int gap = rows[i], last = --Count;
            if (gap == last) continue;
            move(last, gap);
            long moved = _ids[gap] = _ids[last];
            List<int> others = _rowsOf[moved];
            others[others.IndexOf(last)] = gap;
        }
        return true;
    }
}
