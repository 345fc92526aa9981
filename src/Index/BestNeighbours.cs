namespace Touchstone.Index;

/// <summary>
/// Keeps the k best of the neighbours offered: a heap with the worst on top, so that most offers cost one comparison.
/// Ties go to the smaller id. Only an id that would be kept is asked whether it passes the filter. Not safe for concurrent use.
/// </summary>
internal sealed class BestNeighbours(int k, Func<long, bool>? filter = null)
{
    private readonly Neighbour[] _heap = new Neighbour[k];
    private int _count;

    public void Offer(long id, float score)
    {
        if (_count == _heap.Length)
        {
            Neighbour worst = _heap[0];
            if (score < worst.Score || (score == worst.Score && id >= worst.Id)) return;
            if (filter is null || filter(id)) Sink(new Neighbour(id, score));
            return;
        }
        if (filter is null || filter(id)) Rise(new Neighbour(id, score));
    }

    /// <summary>The neighbours kept, best first.</summary>
    public Neighbour[] Sorted()
    {
        Neighbour[] sorted = _heap[.._count];
        Array.Sort(sorted, static (x, y) => x.Score == y.Score ? x.Id.CompareTo(y.Id) : y.Score.CompareTo(x.Score));
        return sorted;
    }

    private static bool IsWorse(Neighbour x, Neighbour y) => x.Score < y.Score || (x.Score == y.Score && x.Id > y.Id);

    private void Rise(Neighbour added)
    {
        int at = _count++;
        while (at > 0 && IsWorse(added, _heap[(at - 1) / 2]))
        {
            _heap[at] = _heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        _heap[at] = added;
    }

    private void Sink(Neighbour added)
    {
        int at = 0;
        while (true)
        {
            int child = (2 * at) + 1;
            if (child >= _count) break;
            if (child + 1 < _count && IsWorse(_heap[child + 1], _heap[child])) child++;
            if (!IsWorse(_heap[child], added)) break;
            _heap[at] = _heap[child];
            at = child;
        }
        _heap[at] = added;
    }
}
