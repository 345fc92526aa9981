namespace Touchstone.Index.Keypoints;

/// <summary>The keypoints in one cell; empty ones take no memory. Not safe for concurrent changes.</summary>
internal struct PostingList
{
    private Posting[]? _items;

    public int Count { get; private set; }

    public readonly ReadOnlySpan<Posting> Items => _items.AsSpan(0, Count);

    public void Add(Posting posting)
    {
        if (_items is null) _items = new Posting[4];
        else if (Count == _items.Length) Array.Resize(ref _items, Count * 2);
        _items[Count++] = posting;
    }

    /// <summary>Gives every row its new number and drops those whose number is below 0.</summary>
    public void Renumber(ReadOnlySpan<int> moved)
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
            if (moved[_items![i].Row] is >= 0 and int row) _items[kept++] = _items[i] with { Row = row };
        Count = kept;
    }
}
