namespace Touchstone.Index.Graph;

/// <summary>
/// Sees to it that a walk over the lowest level from row 0 can reach every row: choosing links leaves out some rows that lie behind
/// others.
/// </summary>
internal readonly ref struct Reachability(GraphView graph, Span<int> links, GraphWalk walk)
{
    private readonly GraphView _graph = graph;
    private readonly Span<int> _links = links;

    public void Ensure()
    {
        bool[] reached = new bool[_graph.Shape.Count];
        Stack<int> open = [];
        Reach(0, reached, open);
        for (int row = 1; row < reached.Length; row++)
        {
            if (reached[row]) continue;
            Attach(row, reached);
            Reach(row, reached, open);
        }
    }

    private void Reach(int first, bool[] reached, Stack<int> open)
    {
        reached[first] = true;
        open.Push(first);
        while (open.TryPop(out int row))
        {
            foreach (int next in _graph.Links(0, row))
            {
                if (next == GraphShape.None) break;
                if (reached[next]) continue;
                reached[next] = true;
                open.Push(next);
            }
        }
    }

    /// <summary>
    /// Links a reached row to this one. If that takes the place of another link, this row, which nothing reached so far depends on, links there
    /// instead.
    /// </summary>
    private void Attach(int row, bool[] reached)
    {
        int from = Reached(row, reached);
        Span<int> places = _links.Slice(_graph.Shape.Start(0, from), _graph.Shape.Places(0));
        int free = places.IndexOf(GraphShape.None);
        if (free < 0)
        {
            Span<int> own = _links.Slice(_graph.Shape.Start(0, row), _graph.Shape.Places(0));
            int place = own.IndexOf(GraphShape.None);
            own[place < 0 ? ^1 : place] = places[^1];
        }
        places[free < 0 ? ^1 : free] = row;
    }

    /// <summary>A reached row near this one.</summary>
    private int Reached(int row, bool[] reached)
    {
        foreach (int next in _graph.Links(0, row))
        {
            if (next == GraphShape.None) break;
            if (reached[next]) return next;
        }
        // From row 0 a walk over the lowest level meets reached rows only.
        walk.Search(_graph, _graph.Rows.Query(row, walk.QueryRoom), level: 0, entry: 0, width: 8);
        return walk.Found[0].Row;
    }
}
