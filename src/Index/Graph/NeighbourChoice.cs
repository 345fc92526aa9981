using Touchstone.Index.Rows;

namespace Touchstone.Index.Graph;

/// <summary>
/// Chooses which of the rows near a row it links to: the nearest first, each only if it is nearer to the row than to all chosen before, so
/// that links lead into all directions (the heuristic of Malkov and Yashunin, algorithm 4). Not safe for concurrent use.
/// </summary>
internal sealed class NeighbourChoice(int most)
{
    private readonly List<(float Score, int Row)> _offered = [];
    private readonly int[] _chosen = new int[most];

    public void Clear() => _offered.Clear();

    public void Offer(int row, float score) => _offered.Add((score, row));

    /// <summary>At most <paramref name="limit"/> of the rows offered, the nearest first; valid until the next choice.</summary>
    public ReadOnlySpan<int> Choose(RowView rows, int limit)
    {
        _offered.Sort(static (x, y) => x.Score == y.Score ? x.Row.CompareTo(y.Row) : y.Score.CompareTo(x.Score));
        int count = 0;
        foreach ((float score, int row) in _offered)
        {
            if (count == limit) break;
            bool diverse = true;
            for (int i = 0; i < count && diverse; i++) diverse = rows.Score(row, _chosen[i]) < score;
            if (diverse) _chosen[count++] = row;
        }
        return _chosen.AsSpan(0, count);
    }
}
