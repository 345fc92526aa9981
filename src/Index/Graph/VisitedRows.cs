namespace Touchstone.Index.Graph;

/// <summary>
/// The rows that a walk has seen: a hash table that stays in the processor's nearest cache, where one mark a row would not. Grows as
/// needed. Not safe for concurrent use.
/// </summary>
internal sealed class VisitedRows
{
    // Holds row + 1, so that 0 is an empty place; at most half of the places are taken.
    private int[] _places = new int[2_048];
    private int _shift = 32 - 11;

    public int Count { get; private set; }

    public void Clear()
    {
        Array.Clear(_places);
        Count = 0;
    }

    /// <summary>True if the row was not seen before.</summary>
    public bool Add(int row)
    {
        if (!Place(row)) return false;
        if (++Count > _places.Length / 2) Grow();
        return true;
    }

    private bool Place(int row)
    {
        int[] places = _places;
        int key = row + 1, mask = places.Length - 1;
        for (int at = (int)((uint)key * 2_654_435_769 >> _shift) & mask; ; at = (at + 1) & mask)
        {
            int taken = places[at];
            if (taken == key) return false;
            if (taken != 0) continue;
            places[at] = key;
            return true;
        }
    }

    private void Grow()
    {
        int[] old = _places;
        _places = new int[old.Length * 2];
        _shift--;
        foreach (int key in old)
        {
            if (key != 0) Place(key - 1);
        }
    }
}
