namespace Touchstone.Recognition.Gallery;

/// <summary>Reference pictures proposed for a closer look, each once, in the order in which they were proposed. Not safe for concurrent use.</summary>
internal sealed class ProposalList(int limit)
{
    private readonly List<long> ids = [];
    private readonly HashSet<long> seen = [];

    public IReadOnlyList<long> Ids => ids;

    public void Add(IEnumerable<long> proposals)
    {
        foreach (long id in proposals) TryAdd(id);
    }

    /// <summary>The first of each list, then the second of each, and so on; a list that ends leaves its turns to the others.</summary>
    public void AddInTurns(params IEnumerable<long>[] lists)
    {
        List<IEnumerator<long>> open = [.. lists.Select(list => list.GetEnumerator())];
        while (open.Count > 0 && ids.Count < limit) open.RemoveAll(list => !AddNext(list));
        foreach (IEnumerator<long> list in open) list.Dispose();
    }

    /// <summary>Adds the next that is new; false at the end of the list.</summary>
    private bool AddNext(IEnumerator<long> list)
    {
        while (list.MoveNext())
            if (TryAdd(list.Current)) return true;
        list.Dispose();
        return false;
    }

    private bool TryAdd(long id)
    {
        if (ids.Count == limit || !seen.Add(id)) return false;
        ids.Add(id);
        return true;
    }
}
