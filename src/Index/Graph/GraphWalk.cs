using Touchstone.Index.Rows;

namespace Touchstone.Index.Graph;

/// <summary>
/// Walks through a graph towards a query (Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using
/// Hierarchical Navigable Small World graphs", 2016): greedily through the upper levels, then with the best so many rows in view. Holds the
/// memory of one walk and is used for one after the other. Deterministic for an unchanging graph. Not safe for concurrent use.
/// </summary>
internal sealed class GraphWalk(int dimension, int places)
{
    private readonly VisitedRows _visited = new();
    private readonly WalkPool _pool = new();
    private readonly int[] _fresh = new int[places];
    private readonly sbyte[] _residualRoom = new sbyte[ResidualView.RoomFor(dimension)];
    private (int Row, float Score)[] _rescored = [];

    /// <summary>Room for a query's values.</summary>
    public short[] QueryRoom { get; } = new short[dimension];

    /// <summary>What the last walk or scan found, best first; those that do not pass its filter are among them.</summary>
    public ReadOnlySpan<PoolEntry> Found => _pool.Entries;

    /// <summary>The row that a greedy walk from row 0 of the top level reaches, ending in <paramref name="level"/>.</summary>
    public int Descend(GraphView graph, FineQuery query, int level)
    {
        int best = 0;
        float bestScore = graph.Rows.Score(query, 0);
        for (int at = graph.Shape.TopLevel; at >= level; at--)
        {
            for (int from = GraphShape.None; from != best;)
            {
                from = best;
                foreach (int row in graph.Links(at, from))
                {
                    if (row == GraphShape.None) break;
                    graph.Check(row);
                    float score = graph.Rows.Score(query, row);
                    if (score > bestScore) (best, bestScore) = (row, score);
                }
            }
        }
        return best;
    }

    /// <summary>
    /// Finds the rows nearest to the query in one level, <paramref name="width"/> of them that pass the filter; see <see cref="Found"/>.
    /// </summary>
    /// <returns>False if it gave up, having seen more than <paramref name="mostVisited"/> rows.</returns>
    public bool Search(GraphView graph, FineQuery query, int level, int entry, int width, RowFilter filter = default, int mostVisited = int.MaxValue)
    {
        _visited.Clear();
        _pool.Clear(width);
        _visited.Add(entry);
        _pool.Add(entry, graph.Rows.Score(query, entry), filter.Passes(entry));
        while (_pool.TryTakeNext(out int from))
        {
            int count = 0;
            foreach (int row in graph.Links(level, from))
            {
                if (row == GraphShape.None) break;
                graph.Check(row);
                if (!_visited.Add(row)) continue;
                graph.Rows.Prefetch(row);
                _fresh[count++] = row;
            }
            if (_visited.Count > mostVisited) return false;
            foreach (int row in _fresh.AsSpan(0, count))
            {
                float score = graph.Rows.Score(query, row);
                if (score > _pool.Bound) _pool.Add(row, score, filter.Passes(row));
            }
        }
        return true;
    }

    /// <summary>Finds the <paramref name="width"/> nearest of the rows that pass the filter by comparing each; see <see cref="Found"/>.</summary>
    public void Scan(RowView rows, FineQuery query, int width, RowFilter filter)
    {
        _pool.Clear(width);
        for (int row = 0; row < rows.Count; row++)
        {
            float score = rows.Score(query, row);
            if (score > _pool.Bound && filter.Passes(row)) _pool.Add(row, score, passes: true);
        }
    }

    /// <summary>The best <paramref name="most"/> of those found that pass the filter, as they were compared; valid until the next call.</summary>
    public ReadOnlySpan<(int Row, float Score)> Ranked(int most)
    {
        if (_rescored.Length < most) _rescored = new (int, float)[most];
        int count = 0;
        foreach (PoolEntry found in Found)
        {
            if (count == most) break;
            if (found.Passes) _rescored[count++] = (found.Row, found.Score);
        }
        return _rescored.AsSpan(0, count);
    }

    /// <summary>The best <paramref name="most"/> of those found that pass the filter, compared in 12 bits, in the order of the 8; valid until the next call.</summary>
    public ReadOnlySpan<(int Row, float Score)> Rescored(RowView rows, ResidualView residuals, FineQuery query, int most)
    {
        if (_rescored.Length < most) _rescored = new (int, float)[most];
        int count = 0;
        foreach (PoolEntry found in Found)
        {
            if (count == most) break;
            if (!found.Passes) continue;
            residuals.Prefetch(found.Row);
            _rescored[count++].Row = found.Row;
        }
        Span<(int Row, float Score)> best = _rescored.AsSpan(0, count);
        foreach (ref (int Row, float Score) each in best) each.Score = rows.FineScore(query, each.Row, residuals, _residualRoom);
        return best;
    }
}
