namespace Touchstone.Index.Graph;

/// <summary>
/// The ids of each row, one after the other: equal vectors are one row with several ids, so that a walk does not fill with them.
/// Ends: of each row where its ids end and the next one's begin.
/// </summary>
internal readonly ref struct RowIds(ReadOnlySpan<int> ends, ReadOnlySpan<long> ids)
{
    private readonly ReadOnlySpan<int> _ends = ends;
    private readonly ReadOnlySpan<long> _ids = ids;

    /// <summary>The ids under which the row's vector was added.</summary>
    /// <exception cref="DamagedGraphException">The row's stretch of ids lies elsewhere.</exception>
    public ReadOnlySpan<long> Of(int row)
    {
        int start = row == 0 ? 0 : _ends[row - 1], end = _ends[row];
        if (start < 0 || end <= start || end > _ids.Length) throw new DamagedGraphException($"row {row} has the ids from {start} to {end} of {_ids.Length}");
        return _ids[start..end];
    }
}

/// <summary>Which rows may be answers: those of which an id passes; the default lets all.</summary>
internal readonly ref struct RowFilter(RowIds ids, Func<long, bool>? filter)
{
    private readonly RowIds _ids = ids;

    /// <exception cref="DamagedGraphException">The row's ids lie elsewhere.</exception>
    public bool Passes(int row)
    {
        if (filter is null) return true;
        foreach (long id in _ids.Of(row))
        {
            if (filter(id)) return true;
        }
        return false;
    }
}
